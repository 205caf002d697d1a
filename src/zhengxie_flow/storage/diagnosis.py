"""Diagnosis of a case's chain: its first break, and its cause.  Pure: works on links from any store.

A row that was altered no longer fits its own hash.  A row that only got another number still fits it under its old
number, which tells a removal or a swap from a change.  Walking back from the head's hash gives the events that the
engine itself wrote, which tells an inserted row.  A forger who recomputes every later hash *and* the head leaves no
trace inside the chain; checkpoints over all heads exist for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from zhengxie_flow.errors import StorageError
from zhengxie_flow.model.event import canonical, read_record
from zhengxie_flow.model.personal import NOT_CARRIED
from zhengxie_flow.ports import ABSENT, ERASED, NOTES, ORPHAN, Finding, PersonalDatum
from zhengxie_flow.storage.chain import hash_matches
from zhengxie_flow.storage.digests import GENESIS, algorithm_of, hasher
from zhengxie_flow.storage.personal import marks, matches
from zhengxie_flow.storage.texts import as_text

_REACH: Final = 200
"""Reach of the search for an event's original number, so that a long case is diagnosed quickly."""

PersonalLookup = Callable[[str, Sequence[int]], Mapping[int, Sequence[PersonalDatum]]]


@dataclass(frozen=True, slots=True)
class Link:
    """Stored event as evidence.

    Attributes:
        sequence: Its number.
        previous_hash: The hash of the event before, as the row has it.
        hash: Its own hash, as the row has it.
        fields: Its record; None where the row cannot be read.
    """

    sequence: int
    previous_hash: str
    hash: str
    fields: dict[str, Any] | None

    def sound(self) -> bool:
        """Return whether the row is exactly what was hashed."""
        return self.fields is not None and hash_matches(self.fields, self.hash)

    def computed(self) -> str | None:
        """Return the hash the row must have now; None where it cannot be computed."""
        name = algorithm_of(self.hash)
        if self.fields is None or name is None:
            return None
        return hasher(name)(canonical(self.fields))


@dataclass(frozen=True, slots=True)
class HeadMark:
    """The head of a case, as far as it bears on the chain."""

    version: int
    hash: str
    definition: str


@dataclass(frozen=True, slots=True)
class StoredChain:
    """The chain of one case as it is stored.

    Attributes:
        case: The id of the case.
        links: Its stored events in order of sequence.
        head: Its head; None where it is missing.
    """

    case: str
    links: Sequence[Link]
    head: HeadMark | None

    @property
    def exists(self) -> bool:
        """True where there is such a case; else only other tables speak of it."""
        return bool(self.links) or self.head is not None


def examine(
    chain: StoredChain,
    *,
    definitions: Mapping[str, str | None],
    personal: PersonalLookup,
    earlier: Callable[[str, Sequence[Link]], Finding | None],
) -> Iterator[Finding]:
    """Find the first break of one case, and every erased personal value.

    Args:
        chain: The chain of the case.
        definitions: The present hash of each stored definition, by its id.
        personal: The stored personal values of some events of a case.
        earlier: Finds where a whole chain differs from an earlier checkpoint.

    Yields:
        The first break where there is one, then a finding ``erased`` per erased value.
    """
    case, links = chain.case, chain.links
    broken = (
        first_break(case, links, chain.head)
        or _first_definition(chain, definitions)
        or earlier(case, links)
        or _first_unfit(case, links)
    )
    about_data = list(_personal(case, links, personal))
    if broken is None:
        broken = next((finding for finding in about_data if finding.kind not in NOTES), None)
    if broken is not None:
        yield broken
    yield from (finding for finding in about_data if finding.kind in NOTES)


def first_break(case: str, links: Sequence[Link], head: HeadMark | None) -> Finding | None:
    """Find the first place where the links stop being the chain that the head ends.

    Args:
        case: The id of the case.
        links: Its stored events in order of sequence.
        head: Its head; None where it is missing.

    Returns:
        The finding; None for a whole chain.
    """
    previous = GENESIS
    for number, link in enumerate(links, start=1):
        if link.sequence != number or link.previous_hash != previous or not link.sound():
            return _diagnose(case, links, number - 1, head)
        previous = link.hash
    return _compare_with_head(case, links, head)


def _diagnose(case: str, links: Sequence[Link], at: int, head: HeadMark | None) -> Finding:
    link, number = links[at], at + 1
    inserted = _inserted_link(links, head)
    if inserted is not None and inserted.sequence <= link.sequence:
        return _inserted(case, inserted)
    if not link.sound():
        return _diagnose_unsound(case, links, at, inserted)
    if link.sequence != number:
        return Finding(case=case, sequence=number, kind="removed", expected=link.previous_hash, found=None)
    # The row is whole and in its place, yet names another predecessor: that one was rewritten together with
    # its hash.
    before = links[at - 1] if at else link
    actual = before.hash if at else GENESIS
    return Finding(case=case, sequence=before.sequence, kind="changed", expected=link.previous_hash, found=actual)


def _diagnose_unsound(case: str, links: Sequence[Link], at: int, inserted: Link | None) -> Finding:
    link, number = links[at], at + 1
    if _original_number(link) is None:
        return Finding(case=case, sequence=link.sequence, kind="changed", expected=link.hash, found=link.computed())
    if inserted is not None:
        return _inserted(case, inserted)
    swapped = any(_original_number(other) == number for other in links[at:])
    kind, sequence = ("reordered", link.sequence) if swapped else ("removed", number)
    return Finding(case=case, sequence=sequence, kind=kind, expected=link.previous_hash, found=link.hash)


def _inserted(case: str, inserted: Link) -> Finding:
    return Finding(case=case, sequence=inserted.sequence, kind="inserted", expected=None, found=inserted.hash)


def _inserted_link(links: Sequence[Link], head: HeadMark | None) -> Link | None:
    """The first row that is not on the way back from the head, where that way is whole."""
    written = _written(links, head)
    if written is None:
        return None
    return next((link for link in links if link.hash not in written or link.sequence < 1), None)


def _original_number(link: Link) -> int | None:
    """The number under which the row fits its hash."""
    if link.fields is None:
        return None
    for distance in range(_REACH + 1):
        for number in {link.sequence - distance, link.sequence + distance}:
            if number >= 1 and hash_matches({**link.fields, "sequence": number}, link.hash):
                return number
    return None


def _written(links: Sequence[Link], head: HeadMark | None) -> frozenset[str] | None:
    """The hashes on the way back from the head to the beginning; None when that way is cut."""
    if head is None:
        return None
    by_hash = {link.hash: link for link in links}
    way: set[str] = set()
    digest = head.hash
    while digest != GENESIS:
        link = by_hash.get(digest)
        if link is None or digest in way:
            return None
        way.add(digest)
        digest = link.previous_hash
    return frozenset(way)


def _compare_with_head(case: str, links: Sequence[Link], head: HeadMark | None) -> Finding | None:
    last = links[-1] if links else None
    if head is None:
        return Finding(case=case, sequence=None, kind="head", expected=last.hash if last else None, found=None)
    count = len(links)
    if count < head.version:
        return Finding(case=case, sequence=count + 1, kind="removed", expected=head.hash, found=None)
    if count > head.version >= 1 and links[head.version - 1].hash == head.hash:
        extra = links[head.version]
        return Finding(case=case, sequence=extra.sequence, kind="inserted", expected=None, found=extra.hash)
    if last is None or last.hash != head.hash or count != head.version:
        return Finding(case=case, sequence=None, kind="head", expected=last.hash if last else None, found=head.hash)
    return None


def _first_definition(chain: StoredChain, definitions: Mapping[str, str | None]) -> Finding | None:
    """A definition that the case refers to and that is gone, or no longer hashes to its id."""
    case, head = chain.case, chain.head
    for link in chain.links:
        named = (link.fields or {}).get("definition")
        if named and definitions.get(named) != named:
            return Finding(
                case=case,
                sequence=link.sequence,
                kind="definition",
                expected=named,
                found=definitions.get(named),
            )
    if head is not None and head.definition and definitions.get(head.definition) != head.definition:
        actual = definitions.get(head.definition)
        return Finding(case=case, sequence=None, kind="definition", expected=head.definition, found=actual)
    return None


def _first_unfit(case: str, links: Sequence[Link]) -> Finding | None:
    """An event that is as it was hashed, and yet none that this package could have written."""
    for link in links:
        try:
            read_record(link.fields or {}, link.hash)
        except StorageError as error:
            return Finding(case=case, sequence=link.sequence, kind="body", expected=None, found=error.code)
        except Exception as error:  # noqa: BLE001  # whatever a forger thought of: verification goes on
            return Finding(case=case, sequence=link.sequence, kind="body", expected=None, found=str(error))
    return None


def _personal(case: str, links: Sequence[Link], lookup: PersonalLookup) -> Iterator[Finding]:
    marked = {link.sequence: dict(marks(link.fields["body"])) for link in links if link.fields is not None}
    stored = lookup(case, [sequence for sequence, places in marked.items() if places])
    for sequence, places in marked.items():
        data = {datum.field: datum for datum in stored.get(sequence, ())}
        for field, digest in places.items():
            kind = _personal_kind(data.get(field), digest)
            if kind is not None:
                actual = as_text(data[field].digest) if field in data else None
                yield Finding(case=case, sequence=sequence, kind=kind, expected=digest, found=actual)
    for sequence, rows in stored.items():
        for datum in rows:
            if datum.field not in marked.get(sequence, ()):
                number = sequence if type(sequence) is int else None
                yield Finding(case=case, sequence=number, kind=ORPHAN, expected=None, found=as_text(datum.field))


def _personal_kind(datum: PersonalDatum | None, digest: str) -> str | None:
    if datum is None:
        return "removed"
    if datum.digest != digest or not matches(datum):
        return "changed"
    if datum.value is not None:
        return None
    return ABSENT if datum.ground == NOT_CARRIED else ERASED

"""Keys by which the entries of an import are recognised when the file is imported again.

An entry is recognised by its content and by its place among equal ones in the case.  Keys are part of an event for
good, and a short value such as a name can be guessed from a hash of it; so the key of an entry that holds personal
values is made of its other content, and a fingerprint of all of it is stored apart and erased with the values.  Once
that is erased, the other content is enough: importing the file again does not bring back an erased value.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zhengxie_flow.model.event import IMPORTED, Event, canonical
from zhengxie_flow.model.personal import withheld
from zhengxie_flow.model.scenario import CaseFile, ScriptEvent

PREFIX = IMPORTED
_TITLES = {"events", "zh", "en", "language"}
"""The keys of an opening that are no part of its content."""

_DIGESTED = (
    ("case", "process", "opened", "by", "under", "as", "given"),  # 0.3
    ("case", "process", "opened", "by", "given"),  # 0.1, 0.2
)
"""The keys of an opening that earlier versions digested, set or not; the newest first."""

_GIVEN = ("facts", "items", "state")
"""The keys of ``given`` that they digested with it, set or not."""

_VALUES = ("with", "determine")
"""The keys of an entry that hold values by the name of a field or fact."""


@dataclass(frozen=True, slots=True)
class ImportKey:
    """Key of an entry.

    Attributes:
        key: The idempotency key of its event.
        line: The fingerprint of all its content; None where it holds no personal values.
    """

    key: str
    line: str | None = None


@dataclass(slots=True)
class Lines:
    """Entries of one case: recognition of those stored already, keys for the others.

    Attributes:
        stored: The events of the case in the journal.
        personal: The names under which the process keeps personal values.
        matched: The keys of the entries recognised so far.
    """

    stored: Sequence[Event]
    personal: frozenset[str]
    matched: set[str] = field(default_factory=set)
    _seen: Counter[str] = field(default_factory=Counter)
    _by_key: dict[str, int] = field(init=False)
    _by_line: dict[str, str] = field(init=False)
    _erased: list[str] = field(init=False)
    _used: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        imported = [event for event in self.stored if event.key.startswith(PREFIX)]
        self._by_key = {_line_key(event): event.sequence for event in imported}
        lines = [(event.body.line, _line_key(event)) for event in imported if event.body.line is not None]
        self._by_line = {line: key for line, key in lines if isinstance(line, str)}
        kept = set(self._by_line.values())
        self._erased = [key for key in dict.fromkeys(key for _, key in lines) if key not in kept]
        self._used.update(_key_without_number(key) for key in dict.fromkeys(key for _, key in lines))

    def resolve(self, script_event: ScriptEvent) -> tuple[ImportKey, int | None]:
        """Resolve the next entry of the file.

        Args:
            script_event: The entry.

        Returns:
            Its key, and the number of the last event it led to; None where it is new.
        """
        content = script_event.model_dump(by_alias=True, exclude_defaults=True, exclude={"id"})
        digest = _digest(content)
        self._seen[digest] += 1
        import_key = ImportKey(f"{PREFIX}{digest}:{self._seen[digest]}")
        public = _digest(_public(content, self.personal))
        if import_key.key not in self._by_key and public != digest:
            import_key = self._apart(f"{PREFIX}{public}:p", f"{digest}:{self._seen[digest]}")
        sequence = self._by_key.get(import_key.key)
        if sequence is not None:
            self.matched.add(import_key.key)
        return import_key, sequence

    def _apart(self, stem: str, line: str) -> ImportKey:
        """Key of an entry with personal values: of an equal one, else of an erased one like it, else new."""
        if line in self._by_line:
            return ImportKey(self._by_line[line], line)
        for key in self._erased:
            if key.startswith(stem):
                self._erased.remove(key)
                return ImportKey(key, line)
        self._used[stem] += 1
        return ImportKey(f"{stem}{self._used[stem]}", line)


def opening_key(opening: CaseFile, personal: frozenset[str]) -> ImportKey:
    """Compute the key of an opening from its content, without titles (which may be reworded) and unset keys.

    Args:
        opening: The opening.
        personal: The names under which the process keeps personal values.

    Returns:
        The key.
    """
    return _content_key(opening.model_dump(by_alias=True, exclude_defaults=True, exclude=_TITLES), personal)


def opened_by(event: Event, opening: CaseFile, personal: frozenset[str]) -> bool:
    """Return whether a case has this opening, by whichever released version it was imported.

    Args:
        event: The first event of the case.
        opening: The opening of the file.
        personal: The names under which the process keeps personal values.

    Returns:
        True where they are the same.
    """
    return any(_opened_with(event, content, personal) for content in _contents(opening))


def _contents(opening: CaseFile) -> Iterator[dict[str, Any]]:
    """The content that the key of an opening is made of, and the one of each earlier version."""
    content = opening.model_dump(by_alias=True, exclude_defaults=True, exclude=_TITLES)
    yield content
    complete = opening.model_dump(by_alias=True, exclude=_TITLES)
    for keys in _DIGESTED:
        if content.keys() <= set(keys) and content.get("given", {}).keys() <= set(_GIVEN):
            yield {**{key: complete[key] for key in keys}, "given": {key: complete["given"][key] for key in _GIVEN}}


def _opened_with(event: Event, content: dict[str, Any], personal: frozenset[str]) -> bool:
    import_key, whole = _content_key(content, personal), _content_key(content, frozenset())
    if event.key == whole.key:
        return True
    line = event.body.line
    return event.key == import_key.key and (withheld(line) or line == import_key.line)


def _content_key(content: dict[str, Any], personal: frozenset[str]) -> ImportKey:
    setup = content.get("given", {})
    public = {name: value for name, value in content.items() if name != "given"}
    if "given" in content:
        public["given"] = {**setup, **_public_setup(setup, personal)}
    digest, apart = _digest(content), _digest(public)
    return ImportKey(f"{PREFIX}{digest}") if digest == apart else ImportKey(f"{PREFIX}{apart}", digest)


def _public_setup(setup: Mapping[str, Any], personal: frozenset[str]) -> dict[str, Any]:
    public: dict[str, Any] = {}
    if "facts" in setup:
        public["facts"] = _without(setup["facts"], personal)
    if "items" in setup:
        public["items"] = {
            kind: {ident: _without(fields, personal) for ident, fields in entries.items()}
            for kind, entries in setup["items"].items()
        }
    return public


def _key_without_number(key: str) -> str:
    """The key of an entry with personal values, without its number."""
    return key[: key.rindex(":") + 2]


def _line_key(event: Event) -> str:
    """The key of the entry an event came from; the acts for several items of one entry share it."""
    return event.key.partition(".")[0]


def _public(content: Mapping[str, Any], personal: frozenset[str]) -> dict[str, Any]:
    return {
        name: _without(value, personal) if name in _VALUES and isinstance(value, dict) else value
        for name, value in content.items()
    }


def _without(values: Mapping[str, Any], personal: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in personal}


def _digest(content: object) -> str:
    return hashlib.sha256(canonical(_plain(content))).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """The value with decimals as text: the canonical form has no numbers but integers."""
    match value:
        case Decimal():
            return str(value)
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    return value

"""Evidence of an event: texts that refer to documents, some of which name a file by its hash.

An event keeps a list of texts.  One of the form ``NAME sha256:HEX size=BYTES`` refers to a file that is kept beside the
journal; ``NAME sha256:HEX``, as versions before 0.7 wrote, to one that stayed where it was; any other is a reference in
words.  The name is for people, and stands in the event for ever; the hash says which file it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from zhengxie_flow.model.body import ErasedBody
from zhengxie_flow.model.event import Event

EVIDENCE: Final = "evidence"
"""The name under which the files of an event are erased."""

_FORM: Final = re.compile(
    r"(?P<name>.+) (?P<hash>sha256:[0-9a-f]{64})(?: size=(?P<size>0|[1-9][0-9]{0,18}))?\Z", re.DOTALL
)
_NAME_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class EvidenceReference:
    """Reference to a document.

    Attributes:
        name: The name of the file, or the reference in words.
        hash: The hash of the file's content; None where no file is named.
        size: Its bytes; None for a file that is not kept beside the journal.
    """

    name: str
    hash: str | None = None
    size: int | None = None

    @property
    def kept(self) -> bool:
        """True for a file that is kept beside the journal."""
        return self.size is not None

    def text(self) -> str:
        """Return the text that an event keeps.

        Example:
            >>> EvidenceReference("letter.pdf", "sha256:" + "0" * 64, 7).text()[:20]
            'letter.pdf sha256:00'
        """
        content = self.name if self.hash is None else f"{self.name} {self.hash}"
        return content if self.size is None else f"{content} size={self.size}"


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """Entry of the evidence of an event: which event, its place there, and whether its file was erased."""

    event: int
    position: int
    reference: EvidenceReference
    erased: bool


def read_reference(text: str) -> EvidenceReference:
    """Read the text of a reference.

    Args:
        text: The text, as an event keeps it.

    Returns:
        The reference; a text of another form is a name alone.

    Example:
        >>> read_reference("minutes, page 3")
        EvidenceReference(name='minutes, page 3', hash=None, size=None)
    """
    match = _FORM.match(text)
    if match is None:
        return EvidenceReference(text)
    size = match["size"]
    return EvidenceReference(match["name"], match["hash"], None if size is None else int(size))


def place_of(position: int) -> str:
    """Return the JSON pointer of a place in the evidence of an event."""
    return f"/{EVIDENCE}/{position}"


def entries(events: Iterable[Event]) -> Iterator[EvidenceEntry]:
    """Yield the evidence of the events of a case, in order.

    Args:
        events: All events of the case.
    """
    listed = tuple(events)
    erased = {
        (place.event, place.field)
        for event in listed
        if isinstance(event.body, ErasedBody)
        for place in event.body.places
    }
    for event in listed:
        for position, text in enumerate(event.evidence):
            gone = (event.sequence, place_of(position)) in erased
            yield EvidenceEntry(event.sequence, position, read_reference(text), gone)


def same_documents(evidence: Iterable[str]) -> tuple[str, ...]:
    """Return evidence in the form in which it is compared: a file is the same whether or not it is kept."""
    references = map(read_reference, evidence)
    return tuple(EvidenceReference(reference.name, reference.hash).text() for reference in references)


def safe_name(name: str) -> str:
    r"""Return the name of a file as it is kept: without folders, and without characters that are no text.

    Args:
        name: The name, or a path.

    Returns:
        The last part of it, with ``_`` for control characters, line breaks, marks that turn the direction of writing
        and bytes that are no text; ``file`` where nothing is left.

    Example:
        >>> safe_name("../会议\u202egpj.exe"), safe_name("/")
        ('会议_gpj.exe', 'file')
    """
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    composed = unicodedata.normalize("NFC", last)
    shown = "".join("_" if unicodedata.category(char) in _NO_TEXT else char for char in composed).strip()
    if len(shown) > _NAME_LENGTH:  # the ending says what kind of file it is
        shown = f"{shown[: _NAME_LENGTH - 21]}…{shown[-20:]}"
    return shown or "file"


_NO_TEXT: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

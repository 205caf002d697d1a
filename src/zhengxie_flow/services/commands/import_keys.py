"""By which key the lines of an import are known again.

A line is known by its content and by its place among equal ones in the case.  Keys stand in the event for ever, and a
short value such as a name can be guessed from a hash of it; so a line that holds personal values is known by its other
content, and by a fingerprint of all of it that is kept apart and erased as they are.  Once that is erased, the other
content is enough: importing the file again does not bring back what was erased.
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
"""What of an opening is not part of its content."""

_DIGESTED = (
    ("case", "process", "opened", "by", "under", "as", "given"),  # 0.3
    ("case", "process", "opened", "by", "given"),  # 0.1, 0.2
)
"""The keys of an opening that earlier versions digested, set or not; the newest first."""

_GIVEN = ("facts", "items", "state")
"""The keys of what is given that they digested with it, set or not."""

_VALUES = ("with", "determine")
"""The keys of a happening that hold values by the name of a field or fact."""


@dataclass(frozen=True, slots=True)
class ImportKey:
    """The key of a line, and where it holds personal values the fingerprint of all its content."""

    key: str
    line: str | None = None


@dataclass(slots=True)
class Lines:
    """The lines of one case that are in the journal already, and the marks of those that are not.

    ``personal`` are the names under which the process knows personal values, ``found`` the keys of the lines met.
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
        self._by_line = {line: key for line, key in lines if not withheld(line)}
        kept = set(self._by_line.values())
        self._erased = [key for key in dict.fromkeys(key for _, key in lines) if key not in kept]
        self._used.update(_key_without_number(key) for key in dict.fromkeys(key for _, key in lines))

    def resolve(self, script_event: ScriptEvent) -> tuple[ImportKey, int | None]:
        """The mark of the next line of the file, and the last event it made if it is in the journal already."""
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
        """A line with personal values: known by all of it, else by an erased one that was like it, else new."""
        if line in self._by_line:
            return ImportKey(self._by_line[line], line)
        for key in self._erased:
            if key.startswith(stem):
                self._erased.remove(key)
                return ImportKey(key, line)
        self._used[stem] += 1
        return ImportKey(f"{stem}{self._used[stem]}", line)


def opening_key(opening: CaseFile, personal: frozenset[str]) -> ImportKey:
    """The mark of an opening: its content without the titles, which may be reworded, and without keys left unset."""
    return _content_key(opening.model_dump(by_alias=True, exclude_defaults=True, exclude=_TITLES), personal)


def opened_by(event: Event, opening: CaseFile, personal: frozenset[str]) -> bool:
    """Whether a case stands under this opening, by whichever released version it was imported."""
    return any(_opened_with(event, content, personal) for content in _contents(opening))


def _contents(opening: CaseFile) -> Iterator[dict[str, Any]]:
    """The content that an opening is known by, and the one each earlier version knew it by."""
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
    """The key of a line with personal values, without its number."""
    return key[: key.rindex(":") + 2]


def _line_key(event: Event) -> str:
    """The key of the line an event came from; the acts for several items of one happening share it."""
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
    """Decimals as text: the canonical form knows no other number than a whole one."""
    match value:
        case Decimal():
            return str(value)
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    return value

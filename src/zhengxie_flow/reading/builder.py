"""Parser events into a tree of `Node`, collecting problems on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.reading.characters import forbidden_in, place_of
from zhengxie_flow.reading.fullwidth import in_key, in_value
from zhengxie_flow.reading.input_bounds import Limits
from zhengxie_flow.reading.nodes import Node, Plain, Position
from zhengxie_flow.reading.scalars import LEGACY_BOOLEANS, NumberTooLong, resolve

__all__ = ["Builder", "Stop"]


class Stop(Exception):
    """Signal to stop reading: a bound is reached, or a second document begins."""


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    is_map: bool
    line: int
    column: int
    is_key: bool  # a mapping or list used as a key: already refused, read only to find its end
    keys: dict[str, Position] = field(default_factory=dict)
    fields: dict[str, Node] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    key: str | None = None  # None with awaits_key False: the key was refused, its value is dropped
    key_place: Position = (0, 0)
    awaits_key: bool = True


class Builder:
    """Takes one event after the other; ``root`` and ``problems`` hold the outcome."""

    def __init__(self, text: str, file: str | None, limits: Limits) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.events = 0  # work done, for tests of the bounds
        self._text = text
        self._file = file
        self._limits = limits
        self._stack: list[_Open] = []
        self._nodes = 0
        self._documents = 0
        self._last_end = 0
        self._handlers = {
            "ScalarEvent": self._scalar,
            "MappingStartEvent": self._open,
            "SequenceStartEvent": self._open,
            "MappingEndEvent": self._close,
            "SequenceEndEvent": self._close,
            "AliasEvent": self._alias,
            "DocumentStartEvent": self._document,
        }

    def feed(self, event: Any) -> None:
        """Take the next event; raises Stop when the rest shall not be read."""
        self.events += 1
        handler = self._handlers.get(type(event).__name__)
        if handler is not None:
            handler(event)
        self._last_end = event.end_mark.index

    def finish(self, top: str) -> None:
        """Look at the whole once it is complete: is there a document, and is it a mapping where one is
        needed?
        """
        if self.root is None or (self.root.kind == "scalar" and self.root.value is None):
            if not self.problems:
                self._problem("ZX1030", 1, 1)
        elif top == "map" and self.root.kind != "map" and not self.problems:
            self._problem("ZX1031", *self.root.position, kind=self.root.kind)

    # -- structure

    def _document(self, event: Any) -> None:
        line, column = _start(event)
        self._documents += 1
        if self._documents > 1:
            self._problem("ZX1028", line, column)
            raise Stop
        if event.version or event.tags:
            index = 0 if self._text.startswith("%") else self._text.find("\n%") + 1
            self._problem("ZX1029", *place_of(self._text, index))

    def _open(self, event: Any) -> None:
        line, column = _start(event)
        self._count(line, column)
        if len(self._stack) >= self._limits.max_depth:
            self._problem("ZX1032", line, column, limit=self._limits.max_depth)
            raise Stop
        self._refuse_properties(event)
        is_key = bool(self._stack) and self._stack[-1].is_map and self._stack[-1].awaits_key
        if is_key:
            self._problem("ZX1027", line, column)
        is_map = type(event).__name__ == "MappingStartEvent"
        self._stack.append(_Open(is_map, line, column, is_key))

    def _close(self, _event: Any) -> None:
        done = self._stack.pop()
        if done.is_key:
            self._set_key(None, (done.line, done.column))
            return
        value: Plain
        if done.is_map:
            value = {key: child.value for key, child in done.fields.items()}
            node = Node("map", done.line, done.column, value, False, done.keys, done.fields)
        else:
            value = [child.value for child in done.items]
            node = Node("list", done.line, done.column, value, items=tuple(done.items))
        self._put(node)

    def _put(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        parent = self._stack[-1]
        if not parent.is_map:
            parent.items.append(node)
            return
        if parent.key is not None:
            parent.fields[parent.key] = node
        parent.key, parent.awaits_key = None, True

    def _set_key(self, key: str | None, place: Position) -> None:
        parent = self._stack[-1]
        parent.key, parent.key_place, parent.awaits_key = key, place, False

    # -- scalars and keys

    def _scalar(self, event: Any) -> None:
        line, column = _start(event)
        self._count(line, column)
        self._refuse_properties(event)
        text: str = event.value
        plain = event.style is None or event.style == ""
        if len(text) > self._limits.max_scalar:
            self._problem("ZX1034", line, column, size=len(text), limit=self._limits.max_scalar)
            text, plain = "", False
        elif event.style == '"' and (forbidden := forbidden_in(text)):  # written as an escape: \\u200b, \\0
            self._problem(forbidden[0], line, column, **forbidden[1])
            text = ""
        parent = self._stack[-1] if self._stack else None
        if parent is not None and parent.is_map and parent.awaits_key:
            self._key(text, plain, event)
            return
        if parent is not None and parent.is_map and plain and not text:
            line, column = parent.key_place  # nothing stands nowhere: show its key
        self._put(Node("scalar", line, column, self._value(text, plain, event, parent), not plain))

    def _value(self, text: str, plain: bool, event: Any, parent: _Open | None) -> Plain:
        if not plain:
            return text
        line, column = _start(event)
        if not text.isascii():
            # A mapping was due when the text begins on a line below its key, or is the whole document.
            due = parent is None or (parent.is_map and parent.key_place[0] < line)
            if wide := in_value(text, mapping_due=due):
                self._wide(wide, event)
        try:
            return resolve(text)
        except NumberTooLong:
            self._problem("ZX1035", line, column, given=text[:40])
            return text

    def _key(self, text: str, plain: bool, event: Any) -> None:
        line, column = _start(event)
        parent = self._stack[-1]
        if plain and not self._plain_key(text, event):
            self._set_key(None, (line, column))
            return
        if text in parent.keys:
            first_line, first_column = parent.keys[text]
            self._problem("ZX1024", line, column, key=text, first_line=first_line, first_column=first_column)
            self._set_key(None, (line, column))
            return
        parent.keys[text] = (line, column)
        self._set_key(text, (line, column))

    def _plain_key(self, text: str, event: Any) -> bool:
        """Accept an unquoted key, or note its problem and refuse it."""
        line, column = _start(event)
        if text == "<<":
            self._problem("ZX1023", line, column)
            return False
        if text in LEGACY_BOOLEANS:
            self._problem("ZX1026", line, column, key=text)
            return False
        if not text.isascii() and (wide := in_key(text)):
            self._wide(wide, event)
            return False
        try:
            usable = isinstance(resolve(text), str)
        except NumberTooLong:
            usable = False
        if not usable:
            self._problem("ZX1025", line, column, key=text)
        return usable

    # -- what is refused wherever it stands

    def _alias(self, event: Any) -> None:
        line, column = _start(event)
        self._count(line, column)
        self._problem("ZX1021", line, column, name=event.anchor)
        if self._stack and self._stack[-1].is_map and self._stack[-1].awaits_key:
            self._set_key(None, (line, column))
        else:
            self._put(Node("scalar", line, column, None))

    def _refuse_properties(self, event: Any) -> None:
        if event.anchor:
            self._problem("ZX1020", *self._property_place("&" + event.anchor), name=event.anchor)
        if tag := event.tag:
            self._problem("ZX1022", *self._property_place("!"), tag=str(tag))

    def _property_place(self, sign: str) -> Position:
        # The parsers disagree on whether an event starts at its properties or behind them; the text does not.
        return place_of(self._text, max(self._text.find(sign, self._last_end), 0))

    def _wide(self, wide: tuple[str, str, dict[str, Any]], event: Any) -> None:
        code, character, params = wide
        index = max(self._text.find(character, event.start_mark.index), 0)
        self._problem(code, *place_of(self._text, index), **params)

    def _count(self, line: int, column: int) -> None:
        self._nodes += 1
        if self._nodes > self._limits.max_nodes:
            self._problem("ZX1033", line, column, limit=self._limits.max_nodes)
            raise Stop

    def _problem(self, code: str, line: int, column: int, **params: Any) -> None:
        self.problems.append(Problem(code, Where(self._file, line, column), params))
        if len(self.problems) >= self._limits.max_problems:
            self.problems.append(Problem("ZX1036", Where(self._file, line, column), {"count": len(self.problems)}))
            raise Stop


def _start(event: Any) -> Position:
    return event.start_mark.line + 1, event.start_mark.column + 1

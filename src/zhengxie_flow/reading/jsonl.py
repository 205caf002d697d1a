"""JSON lines: one object a line, read one by one, so that a large import is never in memory as a whole."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from zhengxie_flow.errors import InvalidInput, Problem, Where
from zhengxie_flow.reading.characters import forbidden_in
from zhengxie_flow.reading.decoding import decode, open_input
from zhengxie_flow.reading.scalars import NumberTooLong, resolve

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_LINE", "read_json_lines"]

MAX_BYTES = 1_000_000_000
MAX_LINE = 1_000_000
MAX_DEPTH = 64
_MAX_PROBLEMS = 100

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?')


class _Fault(ValueError):
    """A fault met inside one line; the line number is added by the reader of the file."""

    def __init__(self, code: str, column: int = 1, **params: Any) -> None:
        super().__init__(code)
        self.code, self.column, self.params = code, column, params


def read_json_lines(
    path: str | Path, *, name: str | None = None, max_bytes: int = MAX_BYTES
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Read a file of JSON lines, one object a line; empty lines are passed over.

    After the first faulty line no object is given any more, but the rest of the file is still checked.

    Args:
        path: the file.
        name: label of the file in errors; by default the path as given.
        max_bytes: bound on its size.

    Yields:
        The line number, from 1, and the object; numbers with a point are Decimal.

    Raises:
        NotFound: ZX1001, no such file.
        InvalidInput: at the end, with every faulty line (at most 100): ZX1002 to ZX1009 file, encoding, characters;
            ZX1070 not JSON, ZX1071 not an object, ZX1072 duplicate key, ZX1073 NaN or Infinity, ZX1032 too deep, ZX1035
            number too long, ZX1074 line too long.
    """
    label = name or str(path)
    problems: list[Problem] = []
    with open_input(path, max_bytes=max_bytes, name=label) as stream:
        for number, line in _lines(stream, label):
            try:
                value = _parse(line, label, number)
            except _Fault as fault:
                problems.append(Problem(fault.code, Where(label, number, fault.column), fault.params))
            except InvalidInput as error:  # encoding or characters
                problems.extend(error.problems)
                if error.code == "ZX1006":  # UTF-16: no further line makes sense
                    break
            else:
                if value is not None and not problems:
                    yield number, value
            if len(problems) >= _MAX_PROBLEMS:
                problems.append(Problem("ZX1036", Where(label, number, 1), {"count": len(problems)}))
                break
    if problems:
        raise InvalidInput(problems=tuple(problems))


def _lines(stream: BinaryIO, label: str) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        while line := stream.readline(MAX_LINE + 1):
            number += 1
            yield number, line
            if len(line) > MAX_LINE:
                return  # refused by its length; where it ends is nobody's business
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput("ZX1003", where=Where(label, number + 1), reason=reason) from error


def _parse(line: bytes, label: str, number: int) -> dict[str, Any] | None:
    """One line as an object; None for an empty line.  Raises _Fault and InvalidInput."""
    if len(line) > MAX_LINE:
        raise _Fault("ZX1074", limit=MAX_LINE)
    text = decode(line, label, first_line=number)
    if not text.strip():
        return None
    _refuse_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise _Fault("ZX1070", error.colno, detail=error.msg) from error
    if not isinstance(value, dict):
        raise _Fault("ZX1071")
    if "\\u" in text:  # the raw text is clean, so only an escape can have brought such a character in
        _refuse_characters(value)
    return value


def _refuse_depth(text: str) -> None:
    """Count brackets before the parser recurses into them."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for character in _STRING.sub("", text):
        if character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise _Fault("ZX1032", limit=MAX_DEPTH)
        elif character in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = Counter(key for key, _ in pairs)
        raise _Fault("ZX1072", key=next(key for key in value if names[key] > 1)[:100])
    return value


def _decimal(text: str) -> Decimal:
    try:
        value = resolve(text)
    except NumberTooLong:
        value = text
    if not isinstance(value, Decimal):  # an exponent: 1e9 is no amount anybody writes by hand
        raise _Fault("ZX1035", given=text[:40])
    return value


def _integer(text: str) -> int:
    try:
        value = resolve(text)
    except NumberTooLong:
        value = None
    if not isinstance(value, int):
        raise _Fault("ZX1035", given=text[:40])
    return value


def _constant(text: str) -> Any:
    raise _Fault("ZX1073", given=text)


def _refuse_characters(value: Any) -> None:
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            waiting += [*current.keys(), *current.values()]
        elif isinstance(current, list):
            waiting += current
        elif isinstance(current, str) and (forbidden := forbidden_in(current)):
            raise _Fault(forbidden[0], **forbidden[1])

"""Explanation of YAML syntax errors in terms of what was written."""

from __future__ import annotations

import re

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.reading.fullwidth import in_source
from zhengxie_flow.reading.yaml_parser import MarkedYAMLError

__all__ = ["explain"]

_ID = re.compile(r"[A-Za-z0-9_.\-]+")
_CONTENT = re.compile(r"""("(?:[^"\\]|\\.)*(?:"|\\?$)|'(?:[^']|'')*')|(?:^|(?<=\s))#.*$""")


def explain(error: MarkedYAMLError, text: str, file: str | None) -> Problem:
    """A syntax error as a problem: what a person did wrong (tab, wide colon, open quote ...) before what
    the parser saw.
    """
    lines = text.split("\n")
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if line and line >= len(lines) - 1 and not lines[-1]:  # the end of the stream: show the last line there is
        line, column = len(lines) - 2, len(lines[-2])
    return (
        _tab(lines, line, column, file)
        or _wide(error, lines, line, file)
        or _by_message(error, lines, line, column, file)
    )  # fmt: skip


def _tab(lines: list[str], line: int, column: int, file: str | None) -> Problem | None:
    source = lines[line] if line < len(lines) else ""
    margin = source[: len(source) - len(source.lstrip(" \t"))]
    if "\t" in margin and column <= len(margin):
        return Problem("ZX1011", Where(file, line + 1, margin.index("\t") + 1))
    if source[column : column + 1] == "\t":  # between words or at the end of a line
        return Problem("ZX1011", Where(file, line + 1, column + 1))
    return None


def _wide(error: MarkedYAMLError, lines: list[str], line: int, file: str | None) -> Problem | None:
    """A wide character outside quotes and comments that may have led the parser astray: on the line of the
    error, in the brackets around it, or on the line above, where an unfinished line flows into this one.
    """
    suspects = [line]
    if "flow" in (error.context or "") and error.context_mark:
        suspects += range(error.context_mark.line, line)
    elif (previous := _above(lines, line)) is not None:
        suspects.append(previous)
    for number in suspects:
        if number >= len(lines) or lines[number].isascii():
            continue
        # Quoted texts and comments are blanked, one for one, so that columns stay.
        source = _CONTENT.sub(lambda match: "\x01" * len(match.group()), lines[number])
        if match := in_source(source):
            index, (code, _character, params) = match
            return Problem(code, Where(file, number + 1, index + 1), dict(params))
    return None


def _open_bracket(lines: list[str], line: int, column: int) -> tuple[int, int] | None:
    """The innermost bracket that is still open at a place; quoted texts and comments are no brackets."""
    still: list[tuple[int, int]] = []
    for number, source in enumerate(lines[: line + 1]):
        plain = _CONTENT.sub(lambda match: " " * len(match.group()), source)
        for index, sign in enumerate(plain[:column] if number == line else plain):
            if sign in "[{":
                still.append((number, index))
            elif sign in "]}" and still:
                still.pop()
    return still[-1] if still else None


def _above(lines: list[str], line: int) -> int | None:
    """The nearest line above that is not empty."""
    return next((number for number in range(line - 1, -1, -1) if lines[number].strip()), None)


def _by_message(error: MarkedYAMLError, lines: list[str], line: int, column: int, file: str | None) -> Problem:
    context, problem = error.context or "", error.problem or ""
    here = Where(file, line + 1, column + 1)
    opened = error.context_mark
    source = lines[line] if line < len(lines) else ""
    character = source[column] if column < len(source) else ""
    if "quoted scalar" in context and "end of stream" in problem and opened:
        return Problem("ZX1014", Where(file, opened.line + 1, opened.column + 1))
    if "escape" in problem or "hexadecimal" in problem:
        return Problem("ZX1019", here)
    if "flow" in context and opened:
        bracket = _open_bracket(lines, line, column) or (opened.line, opened.column)
        if character == ":" and bracket[0] == line:  # closed as it should be, but for a text with a colon in it
            return Problem("ZX1016", here)
        params = {"bracket": _character(lines, *bracket), "line": bracket[0] + 1, "column": bracket[1] + 1}
        return Problem("ZX1015", here, params)
    if "mapping values" in problem:
        return _colon(lines, line, column, file)
    if (
        "cannot start any token" in problem
        or "an alias" in context
        or "an anchor" in context
        or "node content" in problem
    ):
        sign = (
            _character(lines, opened.line, opened.column)
            if opened and ("alias" in context or "anchor" in context)
            else character
        )
        return Problem("ZX1018", here, {"character": sign}) if sign else Problem("ZX1010", here, {"detail": problem})
    if "simple key" in context and opened:
        return Problem("ZX1037", Where(file, opened.line + 1, opened.column + 1))
    if "block" in context and "scalar" not in context:
        code = "ZX1017" if not source[:column].strip(" -?") else "ZX1038"
        return Problem(code, here)
    return Problem("ZX1010", here, {"detail": " ".join(part for part in (context, problem) if part)})


def _colon(lines: list[str], line: int, column: int, file: str | None) -> Problem:
    """A ``: `` inside unquoted text; or the key after a line that has no colon of its own and so flowed
    into it.
    """
    previous = _above(lines, line)
    if previous is not None and _ID.fullmatch(lines[line][:column].strip()):
        before = lines[previous].lstrip()
        if ":" not in before and not before.startswith("#"):
            return Problem("ZX1037", Where(file, previous + 1, len(lines[previous]) - len(before) + 1))
    return Problem("ZX1016", Where(file, line + 1, column + 1))


def _character(lines: list[str], line: int, column: int) -> str:
    return lines[line][column : column + 1] if line < len(lines) else ""

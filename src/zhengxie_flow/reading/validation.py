"""From the validator's errors to problems with a code of ours, a place in the file, and words a person
knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.i18n.naming import language_names
from zhengxie_flow.reading.allowed_keys import allowed_keys
from zhengxie_flow.reading.fullwidth import in_value
from zhengxie_flow.reading.id_labels import IdLabels, labels_in_file
from zhengxie_flow.reading.input_bounds import DEFINITION
from zhengxie_flow.reading.labels import ids_by_label
from zhengxie_flow.reading.nodes import Node, Position
from zhengxie_flow.reading.positions import Step, follow, in_order
from zhengxie_flow.reading.union_errors import ValueProblem, likely_problems
from zhengxie_flow.spelling import hint, normal

__all__ = ["problems_from"]

_LOOKED_AT = 10 * DEFINITION.max_problems
"""Errors of the validator that are looked at: several may come from one mistake."""

_LONGEST = 200
"""Characters of what was written that are looked at and shown."""

_CODE = re.compile(r"ZX\d{4}\Z")
_NO_ID = "ZX1110"
_QUOTED = re.compile(r"'([^']*)'")

_BY_TYPE = {
    "int_type": "ZX1044", "int_parsing": "ZX1044", "int_from_float": "ZX1044", "int_parsing_size": "ZX1044",
    "bool_type": "ZX1045", "bool_parsing": "ZX1045",
    "list_type": "ZX1046", "tuple_type": "ZX1046", "set_type": "ZX1046", "frozen_set_type": "ZX1046",
    "iterable_type": "ZX1046",
    "dict_type": "ZX1047", "model_type": "ZX1047", "model_attributes_type": "ZX1047",
    "mapping_type": "ZX1047",
    "date_type": "ZX1048", "date_parsing": "ZX1048", "date_from_datetime_parsing": "ZX1048",
    "date_from_datetime_inexact": "ZX1048",
    "literal_error": "ZX1049", "enum": "ZX1049",
    "string_pattern_mismatch": "ZX1050",
    "greater_than": "ZX1051", "greater_than_equal": "ZX1051",
    "less_than": "ZX1051", "less_than_equal": "ZX1051",
    "string_too_short": "ZX1052", "too_short": "ZX1052",
    "string_too_long": "ZX1053", "too_long": "ZX1053",
    "decimal_type": "ZX1055", "decimal_parsing": "ZX1055",
    "datetime_type": "ZX1056", "datetime_parsing": "ZX1056", "datetime_from_date_parsing": "ZX1056",
    "timezone_aware": "ZX1056",
    "union_tag_invalid": "ZX1057", "union_tag_not_found": "ZX1057",
}  # fmt: skip
_BOUNDS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}


def problems_from(error: ValidationError, node: Node, file: str | None, model: Any) -> tuple[Problem, ...]:
    """Translate validation errors into problems with codes and places, each mistake once.

    A ``PydanticCustomError`` whose type is one of our codes keeps it; its context becomes the parameters, except
    ``at``, a path below the value in question to point at.

    Args:
        error: the error of the validator.
        node: the document, whose ``value`` was validated.
        file: label of the file.
        model: the model class or annotation it was validated against, which knows the allowed keys.

    Returns:
        The problems, sorted by place; of very many only the first, and one that says how many there are more.
    """
    details = [detail for detail in error.errors(include_url=False) if not _short_by_faults(detail)]
    faults = likely_problems([_fault(detail, node) for detail in details[:_LOOKED_AT]])
    listed = faults[: DEFINITION.max_problems]
    reading = _FaultyFile(node, file, model)
    problems = in_order(_without_echo([reading.labelled(reading.problem(fault), fault) for fault in listed]))
    more = len(faults) - len(listed) + max(0, len(details) - _LOOKED_AT)
    if not more:
        return problems
    return (*problems, Problem("ZX6080", Where(node.file or file, node.line, node.column), {"count": more}))


@dataclass(slots=True)
class _FaultyFile:
    """A document that does not fit its model, with the indexes of its labels, each made once and only if it is needed.

    Attributes:
        node: The document.
        file: Its label.
        model: What it was validated against.
    """

    node: Node
    file: str | None
    model: Any
    _labels: IdLabels | None = None
    _ids: Mapping[str, Sequence[str]] | None = None

    def labelled(self, problem: Problem, fault: ValueProblem) -> Problem:
        """The problem with the labels of the ids in it; what the validator finds itself is about no ids."""
        if not _CODE.match(fault.type):
            return problem
        if self._labels is None:
            self._labels = IdLabels.of(labels_in_file(self.node.value))
        return replace(problem, params=self._labels.params(problem.params, around=fault.loc))

    def id_of(self, label: str) -> str:
        """The id of a label, where the file has exactly one entry with it; else ``-``."""
        if self._ids is None:
            self._ids = ids_by_label(self.node.value)
        ids = set(self._ids.get(normal(label), ()))
        return ids.pop() if len(ids) == 1 else "-"

    def problem(self, fault: ValueProblem) -> Problem:
        """The problem of one error of the validator."""
        node = fault.reached.node
        file = node.file or self.file
        bare = node.value if node.kind == "scalar" and not node.quoted and isinstance(node.value, str) else ""
        if wide := in_value(bare, mapping_due=True):
            code, character, params = wide
            return Problem(code, Where(file, node.line, node.column + max(bare.find(character), 0)), params)
        if _CODE.match(fault.type):
            line, column = _place(fault)
            labelled = {"suggestion": self.id_of(str(fault.context["id"]))} if fault.type == _NO_ID else {}
            said = {
                name: shorten(value, _LONGEST) if isinstance(value, str) else value
                for name, value in fault.context.items()
            }
            return Problem(fault.type, Where(file, line, column), {**said, **labelled})
        if fault.variants:
            return _none_fits(fault, file)
        if fault.type == "extra_forbidden":
            return _unknown_key(fault, file, self.model)
        if fault.type == "missing":
            line, column = _owner(fault)
            return Problem("ZX1041", Where(file, line, column), {"key": str(fault.loc[-1])})
        code, params = self._described(fault)
        line, column = _place(fault)
        return Problem(code, Where(file, line, column), params)

    def _described(self, fault: ValueProblem) -> tuple[str, dict[str, Any]]:
        """Code and parameters of an error that is about one value."""
        snippet, value = _snippet(fault), fault.reached.node.value
        if value is None and fault.reached.node.kind == "scalar":
            return "ZX1054", {"key": str(fault.loc[-1]) if fault.loc else ""}
        if fault.type == "string_type":
            return ("ZX1042" if isinstance(value, dict | list) else "ZX1043"), {"given": snippet}
        code = _BY_TYPE.get(fault.type)
        if code is None:
            return "ZX1059", {"given": snippet, "detail": fault.message}
        if code == "ZX1049":
            return code, _choices(snippet, _listed(str(fault.context.get("expected", ""))))
        context = fault.context
        extra: dict[str, Any] = {}
        if code == "ZX1050":
            extra = {"pattern": context.get("pattern", ""), "suggestion": self.id_of(snippet)}
        elif code == "ZX1051":
            extra["bound"] = " ".join(f"{sign} {context[name]}" for name, sign in _BOUNDS.items() if name in context)
        elif code in ("ZX1052", "ZX1053"):
            extra["limit"] = context.get("min_length", context.get("max_length", ""))
        return code, {"given": snippet, **extra}


def _fault(detail: Any, node: Node) -> ValueProblem:
    context = dict(detail.get("ctx") or {})
    loc: tuple[Step, ...] = tuple(detail["loc"])
    inner = context.pop("at", ())
    loc += tuple(inner) if isinstance(inner, list | tuple) else (inner,)
    # The missing key is not in the file, and "[key]" is the validator's mark for "the key itself".
    path = loc[:-1] if detail["type"] == "missing" or loc[-1:] == ("[key]",) else loc
    return ValueProblem(detail["type"], loc, context, detail["msg"], detail.get("input"), follow(node, path))


def _place(fault: ValueProblem) -> Position:
    reached = fault.reached
    at_key = fault.loc[-1:] == ("[key]",) or (reached.node.kind != "scalar" and _CODE.match(fault.type))
    # A mapping or list at fault as a whole is best shown by its key: its own position is its first entry's.
    return reached.key if at_key and reached.key else reached.node.position


def _owner(fault: ValueProblem) -> Position:
    """The key of the mapping that lacks a key."""
    reached = fault.reached
    while reached.node.kind != "map" and reached.around is not None:
        reached = reached.around
    return reached.key or reached.node.position


def _unknown_key(fault: ValueProblem, file: str | None, model: Any) -> Problem:
    key = shorten(str(fault.loc[-1]), _LONGEST)
    allowed = allowed_keys(model, fault.loc[:-1])
    line, column = fault.reached.key or fault.reached.node.position
    params = {"key": key, "suggestion": hint(key, allowed, language_names()), "allowed": ", ".join(allowed)}
    return Problem("ZX1040", Where(file, line, column), params)


def _none_fits(fault: ValueProblem, file: str | None) -> Problem:
    """Return the problem of a value that has none of several possible forms."""
    where = Where(file, *_place(fault))
    types = {variant.type for variant in fault.variants}
    value = fault.reached.node.value
    if value is None:
        return Problem("ZX1054", where, {"key": str(next(_steps_taken(fault), ""))})
    literals = [
        word for variant in fault.variants for word in _QUOTED.findall(str(variant.context.get("expected", "")))
    ]
    if literals and not isinstance(value, dict | list):
        words = literals + (["true", "false"] if types & {"bool_type", "bool_parsing"} else [])
        return Problem("ZX1049", where, _choices(_snippet(fault), words))
    if "string_type" in types and not isinstance(value, dict | list | str):
        return Problem("ZX1043", where, {"given": _snippet(fault)})
    codes = {_BY_TYPE.get(kind, "ZX1057") for kind in types}
    return Problem(codes.pop() if len(codes) == 1 else "ZX1057", where, {"given": _snippet(fault)})


def _steps_taken(fault: ValueProblem) -> Iterator[Step]:
    return (step for led, step in reversed(fault.tokens) if led)


def _listed(expected: str) -> list[str]:
    """The values of a literal as the validator lists them: words in quotes, else numbers."""
    return _QUOTED.findall(expected) or [word.strip() for word in expected.replace(" or ", ",").split(",")]


def _choices(written: str, allowed: list[str]) -> dict[str, Any]:
    return {"given": written, "suggestion": hint(written, allowed, language_names()), "allowed": ", ".join(allowed)}


def _snippet(fault: ValueProblem) -> str:
    """The value as written, shortened."""
    value = fault.loc[-2] if fault.loc[-1:] == ("[key]",) and len(fault.loc) > 1 else fault.reached.node.value
    return shorten(value)


def shorten(value: Any, limit: int = 60) -> str:
    """A value as one would write it in YAML, cut to a line."""
    match value:
        case None:
            text = "null"
        case bool():
            text = "true" if value else "false"
        case dict():
            text = "{" + ", ".join(f"{key}: …" for key in value) + "}"
        case list():
            text = "[" + ", ".join(shorten(entry, 20) for entry in value[:5]) + (", …" if len(value) > 5 else "") + "]"
        case _:
            text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _short_by_faults(detail: Any) -> bool:
    """True for a list that is too short only because entries of it, which have faults of their own, do not count."""
    return detail["type"] == "too_short" and bool(len(detail["input"]) >= detail["ctx"]["min_length"])


def _without_echo(problems: list[Problem]) -> list[Problem]:
    """Drop "missing key" where the same mapping has a misspelling of that key: one mistake, one report."""
    misspelt = {problem.params["suggestion"] for problem in problems if problem.code == "ZX1040"}
    return [problem for problem in problems if problem.code != "ZX1041" or problem.params["key"] not in misspelt]

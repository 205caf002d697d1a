"""One mistake, one report: of the complaints of all variants of a union, keep those of the variant that was
meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhengxie_flow.reading.positions import Reached, Step

__all__ = ["ValueProblem", "likely_problems"]

_KIND_ERRORS = frozenset(
    [
        "string_type",
        "int_type",
        "bool_type",
        "decimal_type",
        "float_type",
        "date_type",
        "datetime_type",
        "list_type",
        "tuple_type",
        "set_type",
        "frozen_set_type",
        "dict_type",
        "model_type",
        "model_attributes_type",
        "is_instance_of",
        "none_required",
        "bool_parsing",
        "int_parsing",
        "decimal_parsing",
        "date_from_datetime_parsing",
    ]
)
_SHAPE_ERRORS = frozenset({"extra_forbidden", "missing"})


@dataclass(frozen=True, slots=True)
class ValueProblem:
    """One error of the validator with the node it is about; ``variants`` are the faults of other variants
    it stands for.
    """

    type: str
    loc: tuple[Step, ...]
    context: dict[str, Any]
    message: str
    input: Any
    reached: Reached
    variants: tuple[ValueProblem, ...] = ()

    @property
    def tokens(self) -> tuple[tuple[bool, Step], ...]:
        """The path with, for each step, whether it leads somewhere in the file or names a variant."""
        return tuple(zip(self.reached.led, self.loc, strict=False))


def likely_problems(faults: Sequence[ValueProblem], depth: int = 0) -> list[ValueProblem]:
    """Reduce faults that share the first ``depth`` steps of their paths."""
    kept: list[ValueProblem] = []
    steps: defaultdict[tuple[bool, Step], list[ValueProblem]] = defaultdict(list)
    for fault in faults:
        if len(fault.tokens) <= depth:
            kept.append(fault)
        else:
            steps[fault.tokens[depth]].append(fault)
    variants: list[list[ValueProblem]] = []
    for (led, step), group in steps.items():
        reduced = likely_problems(group, depth + 1)
        if led or isinstance(step, int):
            kept.extend(reduced)
        else:
            variants.append(reduced)
    return kept + _choose(variants, depth)


def _choose(variants: list[list[ValueProblem]], depth: int) -> list[ValueProblem]:
    if len(variants) <= 1:
        return variants[0] if variants else []
    # A variant that wanted another kind of value altogether (a list for a text) was not meant.
    possible = [faults for faults in variants if not any(_is_outright(fault, depth) for fault in faults)]
    if possible:
        return min(possible, key=lambda faults: (sum(fault.type in _SHAPE_ERRORS for fault in faults), len(faults)))
    every = tuple(fault for faults in variants for fault in faults)
    first = every[0]
    return [ValueProblem(first.type, first.loc, first.context, first.message, first.input, first.reached, every)]


def _is_outright(fault: ValueProblem, depth: int) -> bool:
    """True if the fault concerns the very value of the union: its kind is wrong, or it is none of the literals."""
    deeper = any(led for led, _ in fault.tokens[depth:])
    return not deeper and (fault.type in _KIND_ERRORS or fault.type in ("literal_error", "enum"))

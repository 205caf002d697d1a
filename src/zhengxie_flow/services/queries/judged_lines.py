"""Verdicts in the form in which those of two programs are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from zhengxie_flow.engine import audit
from zhengxie_flow.model.verdict import Judgement
from zhengxie_flow.ports import JudgedLine
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.derived_cases import derived_case


@dataclass(frozen=True, slots=True)
class JudgedOtherwise:
    """Line on which a case file and this installation differ; None where one of them has no such line."""

    case: str
    obligation: str
    item: str | None
    round: int
    filed: JudgedLine | None
    here: JudgedLine | None


def judged_lines(context: Context, case: str, as_of: date) -> tuple[JudgedLine, ...]:
    """Judge a case as of a day.

    Args:
        context: The ports.
        case: The id of the case.
        as_of: The civil day.

    Returns:
        Its lines.
    """
    return tuple(map(_line, audit(derived_case(context, context.read(case), as_of)).verdicts))


def differing(case: str, filed: Iterable[JudgedLine], here: Iterable[JudgedLine]) -> Iterator[JudgedOtherwise]:
    """Find the lines on which two audits of a case differ.

    Args:
        case: The id of the case.
        filed: The lines of the file.
        here: Those of this installation.

    Yields:
        The differences, in the order of the file.
    """
    before, after = _by_key(filed), _by_key(here)
    for obligation, item, number in {**before, **after}:
        key = (obligation, item, number)
        for line, other in zip_longest(before.get(key, ()), after.get(key, ())):
            if line != other:
                yield JudgedOtherwise(case, obligation, item, number, line, other)


def _by_key(lines: Iterable[JudgedLine]) -> Mapping[tuple[str, str | None, int], list[JudgedLine]]:
    by_key: dict[tuple[str, str | None, int], list[JudgedLine]] = defaultdict(list)
    for line in lines:
        by_key[line.obligation, line.item, line.round].append(line)
    return by_key


def _line(line: Judgement) -> JudgedLine:
    return JudgedLine(
        obligation=line.obligation,
        item=line.item,
        round=line.round,
        clause=line.clause,
        edition=line.edition,
        verdict=str(line.verdict),
        detail=line.detail,
        due=line.due,
        latest=line.latest,
        earliest=line.earliest,
        date_status=line.date_status,
    )

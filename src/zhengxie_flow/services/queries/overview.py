"""Overview of a case as it stands today: available actions, deadlines, subcases and exemptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from zhengxie_flow.engine import CompiledProcess, deadlines
from zhengxie_flow.engine.judging.deadlines import Deadline
from zhengxie_flow.model.case import Case
from zhengxie_flow.services.commands.subcases import SubcaseStanding, subcase_standings
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.available_actions import Possible, possible
from zhengxie_flow.services.queries.exemptions import ExemptionUse, of_case
from zhengxie_flow.services.queries.subcase_lapse import with_lapsed_subcases


@dataclass(frozen=True, slots=True)
class Overview:
    """Overview of a case.

    Attributes:
        compiled: The definition that governs it.
        case: The case.
        today: The civil day in the zone of its process.
        possible: Every action with the reasons against it.
        deadlines: The open time limits.
        subcases: Every kind of subcase with its status.
        exemptions: The exemptions with their status.
    """

    compiled: CompiledProcess
    case: Case
    today: date
    possible: tuple[Possible, ...]
    deadlines: tuple[Deadline, ...]
    subcases: tuple[SubcaseStanding, ...]
    exemptions: tuple[ExemptionUse, ...]


def overview(context: Context, case: str) -> Overview:
    """Read a case as it stands today with everything around it.

    Args:
        context: The ports.
        case: The id of the case.

    Returns:
        The overview.

    Raises:
        NotFound: There is no such case.
    """
    governed = context.read(case)
    compiled, recorded = governed
    today = context.today(compiled)
    current = with_lapsed_subcases(context, governed, today)
    rows = deadlines(compiled, current, partial(context.calendar, compiled), today)
    return Overview(
        compiled=compiled,
        case=recorded,
        today=today,
        possible=tuple(possible(context, compiled, current)),
        deadlines=tuple(row for row in rows if row.open),
        subcases=tuple(subcase_standings(context, compiled, current)),
        exemptions=of_case(context, compiled, recorded, today),
    )

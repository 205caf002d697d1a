"""Overview of a case as it stands today: available actions, deadlines, subcases and exemptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhengxie_flow.engine import CompiledProcess, DerivedCase, open_work
from zhengxie_flow.engine.judging.deadlines import Deadline
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.event import Event
from zhengxie_flow.services.commands.subcases import SubcaseStanding, subcase_standings
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.available_actions import Possible, possible
from zhengxie_flow.services.queries.derived_cases import derived_case
from zhengxie_flow.services.queries.exemptions import ExemptionUse, of_case


@dataclass(frozen=True, slots=True)
class Overview:
    """Overview of a case.

    Attributes:
        derived: The case as it stands today.
        recorded: The case as the journal has it.
        possible: Every action with the reasons against it.
        deadlines: The open time limits.
        subcases: Every kind of subcase with its status.
        exemptions: The exemptions with their status.
    """

    derived: DerivedCase
    recorded: Case
    possible: tuple[Possible, ...]
    deadlines: tuple[Deadline, ...]
    subcases: tuple[SubcaseStanding, ...]
    exemptions: tuple[ExemptionUse, ...]

    @property
    def compiled(self) -> CompiledProcess:
        """The definition that governs the case."""
        return self.derived.compiled

    @property
    def case(self) -> Case:
        """The case as it stands today."""
        return self.derived.case

    @property
    def today(self) -> date:
        """The civil day in the zone of its process."""
        return self.derived.as_of

    @property
    def unwritten(self) -> tuple[Event, ...]:
        """What time has brought to the case and its subcases and the journal does not say yet, in order."""
        return tuple(event for event in self.case.events if event.sequence > self.derived.version)


def overview(context: Context, case: str, role: str | None = None, actor: str | None = None) -> Overview:
    """Read a case as it stands today with everything around it.

    Args:
        context: The ports.
        case: The id of the case.
        role: The role that would act; None for any that may.
        actor: The person that would act; None for nobody in particular.

    Returns:
        The overview.

    Raises:
        NotFound: There is no such case.
        UsageError: ZX1201, the role is unknown.
    """
    recorded = context.read(case)
    derived = derived_case(context, recorded, context.today(recorded.compiled))
    return Overview(
        derived=derived,
        recorded=recorded.case,
        possible=tuple(possible(context, derived, role, actor)),
        deadlines=tuple(row for row in open_work(derived) if row.open),
        subcases=tuple(subcase_standings(derived)),
        exemptions=of_case(derived),
    )

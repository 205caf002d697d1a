"""Engine methods for screens: forms of acts, labels, sentences, and what is said of processes rather than of cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from zhengxie_flow.bootstrap.engine_parts import EngineParts
from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.engine.events.decide import known_action
from zhengxie_flow.model.verdict import Audit
from zhengxie_flow.presentation.documents.act_forms import ActForm, act_forms
from zhengxie_flow.presentation.documents.exemptions import ExemptionYears
from zhengxie_flow.presentation.documents.processes import ProcessLabels, ProcessList, process_labels, process_list
from zhengxie_flow.presentation.documents.registers import Registers, registers_of
from zhengxie_flow.presentation.documents.scenarios import LawCoverage
from zhengxie_flow.presentation.documents.schedules import ScheduleDocument, planned_schedule, schedule_document
from zhengxie_flow.presentation.labels import Labels
from zhengxie_flow.presentation.sentences import with_sentences
from zhengxie_flow.services import arguments
from zhengxie_flow.services.queries.available_actions import possible
from zhengxie_flow.services.queries.derived_cases import read_derived
from zhengxie_flow.services.queries.exemptions import by_year

HASHED = "sha256:"
"""How the hash of a definition begins, by which its stored form is named."""


class Screens(EngineParts):
    """Parts of a screen beside cases (see `zhengxie_flow.bootstrap.engine.Engine`)."""

    @arguments.typed
    def forms(
        self, case: str, *, role: str | None = None, actor: str | None = None, action: str | None = None
    ) -> tuple[ActForm, ...]:
        """Read the forms of the acts of a case that its state allows now: fields, requirements, reasons against them.

        Args:
            case: The id of the case.
            role: The role that would act; None for any that may do an action.
            actor: The person that would act; None for nobody in particular.
            action: Only the form of this action, whatever the state; None for all.

        Returns:
            One form for each action, in the order of the process.

        Raises:
            NotFound: ZX4002, there is no such case; ZX1201, no such action.
            UsageError: ZX1201, the role is unknown.
        """
        derived = read_derived(self.context, case)
        if action is not None:
            known_action(derived.compiled, action)
        every = possible(self.context, derived, role, actor)
        selection = (entry for entry in every if (entry.allowed if action is None else entry.action == action))
        return tuple(act_forms(derived.view, selection))

    @arguments.typed
    def labels(self, process: str) -> ProcessLabels:
        """Read the labels of all ids of a process, in both languages, with the clauses they rest on.

        Args:
            process: The id of a process of the project; or the hash of a definition (`Head.definition`), under which a
                case was opened.

        Returns:
            The labels by family.

        Raises:
            NotFound: The project has no such process, or the journal no such definition.
            InvalidDefinition: The files have faults.
        """
        return process_labels(self._process(process))

    def _process(self, process: str) -> CompiledProcess:
        definitions = self.context.definitions
        return definitions.by_hash(process) if process.startswith(HASHED) else definitions.by_id(process)

    def processes(self) -> ProcessList:
        """List the processes of the project.

        Returns:
            The processes by id, with their labels and laws.

        Raises:
            InvalidDefinition: The files have faults.
        """
        return process_list(self.context.definitions.by_id(ident) for ident in self.files.ids())

    @arguments.typed
    def sentences(self, audit: Audit, lang: Literal["zh", "en"] = "zh") -> Audit:
        """Add the sentence of every line to an audit: what the verdict is, why, and by which clause.

        Args:
            audit: The audit.
            lang: ``zh`` or ``en``.

        Returns:
            The audit, each of its verdicts with its ``sentence``.

        Raises:
            NotFound: A case of the audit is not in the journal.
        """
        return with_sentences(audit, lambda case: self._labels_of(case, lang))

    def _labels_of(self, case: str, lang: str) -> Labels:
        return Labels(self.context.read(case).compiled, lang)

    @arguments.typed
    def schedule(
        self, process: str, plans: Mapping[str, date] | None = None, *, today: date | None = None
    ) -> ScheduleDocument:
        """Work out every lawful day of a process from the days that are planned, before there is a case.

        Args:
            process: The id of the process.
            plans: The planned days by action.
            today: The day before which nothing can be done any more; None to leave that open.

        Returns:
            The first and last lawful day of each act, and the conflicts.

        Raises:
            NotFound: The project has no such process, or the process no such action.
            UsageError: ZX2003, a plan or ``today`` is no civil day.
        """
        compiled = self.context.definitions.by_id(process)
        days = {name: _day(day) for name, day in (plans or {}).items()}
        calendar = self.context.calendar(compiled, self.context.civil_day())
        return schedule_document(process, planned_schedule(compiled, calendar, days, arguments.day(today)))

    @arguments.typed
    def exemptions(self, year: int | None = None) -> ExemptionYears:
        """Count the use of powers to exempt in all cases, by civil year.

        Args:
            year: The year; None for every one in which a case was opened or a grant made.

        Returns:
            The grants of each year with grounds and verdicts, and their rate against the cases.
        """
        return ExemptionYears(by_year(self.context, year))

    @arguments.typed
    def register(self, process: str | None = None) -> Registers:
        """Read the registers of unclear clauses: the reading taken, who signed it, and the alternatives.

        Args:
            process: Only the register of this process; None for all of the project.

        Returns:
            The registers by file.

        Raises:
            NotFound: The project has no such process.
            InvalidDefinition: The files have faults.
        """
        return registers_of(self.files, process)

    def coverage(self) -> LawCoverage:
        """Play every scenario of the project, and tell how the clauses of its laws are implemented and tried.

        Returns:
            Every clause with the parts that implement it and the scenarios that exercise each.

        Raises:
            InvalidDefinition: A process or a scenario cannot be read.
        """
        from zhengxie_flow.bootstrap.law_coverage import coverage_of  # which scenarios alone need

        return coverage_of(self.files, self.context.calendars)


def _day(value: date) -> date:
    """A planned day.  Raises `UsageError` ZX2003 for anything else."""
    day = arguments.day(value)
    return day if day is not None else date.max

"""Audit of cases, as of a civil day and by what was known at an instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from zhengxie_flow import engine
from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.engine.editions.interpretations import check_readings, reread
from zhengxie_flow.errors import NotFound
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.citation import Interpretation
from zhengxie_flow.model.difference import differences
from zhengxie_flow.model.verdict import AlternativeAudit, Audit, CaseAudit, SubcaseAudit
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.derived_cases import derived_case

Chosen = tuple[date, CompiledProcess, Case]
"""A case to be judged: the day it is judged as of, its definition, and the case."""


def audit(
    context: Context,
    cases: Sequence[str] | None = None,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
    readings: Mapping[str, str] | None = None,
) -> Audit:
    """Judge every duty of some cases.

    Args:
        context: The ports.
        cases: The ids of the cases; None for all that were known.
        as_of: The civil day; None for today in the zone of each process.
        known_at: The instant up to which events count as recorded; None for all.
        readings: Alternatives by the number of their register entry: the same cases are judged by them as well.

    Returns:
        The audit.

    Raises:
        NotFound: A case, or an entry or alternative of the register, is unknown.
        UsageError: ZX4062, an alternative sets nothing.
    """
    instant = known_at or context.now()
    auditor = Auditor(context, known_at)
    selected: list[Chosen] = []
    judged: list[tuple[date, CaseAudit]] = []
    with context.definitions.steady():
        for day_, compiled, case in chosen_cases(context, cases, as_of=as_of, known_at=known_at):
            judged.append((day_, auditor.judge(compiled, case, day_)))
            selected += [(day_, compiled, case)] if readings else []
    # Cases of several zones may be on different civil days at one instant; the latest of them is the day of the whole.
    day = as_of or max((day for day, _ in judged), default=instant.date())
    results = tuple(result for _, result in judged)
    return Audit(
        day, instant, results, _by_readings(context, selected, results, readings, known_at) if readings else None
    )


def with_controls(audited: CaseAudit) -> CaseAudit:
    """Add a line for every internal control of a case, kept or broken, after the lines of law.

    Args:
        audited: The audit of the case.

    Returns:
        The audit with all of them, and so for its subcases.
    """
    of_law = (line for line in audited.verdicts if not line.control)
    subcases = tuple(replace(subcase, audit=with_controls(subcase.audit)) for subcase in audited.subcases)
    return replace(audited, verdicts=(*of_law, *audited.controls), subcases=subcases)


def _by_readings(
    context: Context,
    chosen: Sequence[Chosen],
    before: Sequence[CaseAudit],
    readings: Mapping[str, str],
    known_at: datetime | None,
) -> AlternativeAudit:
    """The same cases by alternative readings of the law, with the verdicts that change."""
    if chosen:
        check_readings(
            readings, [register for _, compiled, _ in chosen for register in registers_of(context, compiled)]
        )
    alternatives: dict[str, CompiledProcess] = {}

    def law(compiled: CompiledProcess) -> CompiledProcess:
        if compiled.hash not in alternatives:
            alternatives[compiled.hash] = reread(compiled, readings, registers_of(context, compiled))
        return alternatives[compiled.hash]

    auditor = Auditor(context, known_at, law)
    after = tuple(auditor.judge(compiled, case, day) for day, compiled, case in chosen)
    changes = tuple(change for old, new in zip(before, after, strict=True) for change in differences(old, new))
    return AlternativeAudit(dict(readings), after, changes)


def registers_of(context: Context, compiled: CompiledProcess) -> list[Mapping[str, Interpretation]]:
    """The register as it is now, then the one the case was started under."""
    registers: list[Mapping[str, Interpretation]] = [compiled.definition.interpretations]
    try:
        registers.insert(0, context.definitions.by_id(compiled.id).definition.interpretations)
    except NotFound:  # the project no longer has the process
        return registers
    return registers


def chosen_cases(
    context: Context, cases: Sequence[str] | None, *, as_of: date | None, known_at: datetime | None
) -> Iterator[Chosen]:
    """Yield the cases to be judged; of all cases those that had begun on the day.

    Args:
        context: The ports.
        cases: The ids of the cases; None for all that were known.
        as_of: The civil day; None for today in the zone of each process.
        known_at: The instant up to which events count as recorded; None for all.

    Raises:
        NotFound: A case that was named does not exist.
    """
    if cases is None:
        every = (chosen_case(context, head.case, as_of, known_at) for head in tuple(context.journal.heads()))
        yield from (chosen for chosen in every if chosen is not None)
        return
    for name in cases:
        compiled, case = context.read(name, known_at)
        yield as_of or _today(context, compiled, known_at), compiled, case


def chosen_case(context: Context, name: str, as_of: date | None, known_at: datetime | None) -> Chosen | None:
    """Return a case to be judged; None where it was not known by then, or had not begun on the day.

    Args:
        context: The ports.
        name: The id of the case.
        as_of: The civil day; None for today in the zone of its process.
        known_at: The instant up to which events count as recorded; None for all.
    """
    read = context.find(name, known_at)
    if read is None:
        return None
    compiled, case = read
    day = as_of or _today(context, compiled, known_at)
    begun = day >= min([case.opened, *(act.day for act in case.timeline[:1])])
    return (day, compiled, case) if begun else None


def _today(context: Context, compiled: CompiledProcess, known_at: datetime | None) -> date:
    return (known_at or context.now()).astimezone(compiled.zone).date()


@dataclass(frozen=True, slots=True)
class Auditor:
    """Judges cases with their subcases, each under its definition or the alternative that ``law`` makes of it.

    ``judged`` caches each audit by case and day, so that a case of a year's catalogue is judged once.
    """

    context: Context
    known_at: datetime | None
    law: Callable[[CompiledProcess], CompiledProcess] = lambda compiled: compiled
    judged: dict[tuple[str, date], CaseAudit] = field(default_factory=dict)

    def judge(self, compiled: CompiledProcess, case: Case, day: date, ancestors: tuple[str, ...] = ()) -> CaseAudit:
        """Judge a case with its subcases; cyclic parents are skipped.

        Args:
            compiled: The definition the case started under.
            case: The case.
            day: The civil day it is judged as of.
            ancestors: The ids of the cases above it in this audit.

        Returns:
            The audit of the case.
        """
        compiled = self.law(compiled)
        derived = derived_case(self.context, GovernedCase(compiled, case), day, self.known_at)
        result = engine.audit(derived)
        subcases: list[SubcaseAudit] = []
        for name in compiled.process.subcases:
            for summary in derived.view.subcases(name):
                if summary.case in (*ancestors, case.id):
                    continue
                judged = self.judged.get((summary.case, day))
                if judged is None or {*ancestors, case.id} & set(_cases(judged)):
                    subcase = self.context.find_subcase(case.id, summary.case, self.known_at)
                    judged = None if subcase is None else self.judge(*subcase, day, (*ancestors, case.id))
                if judged is not None:
                    subcases.append(SubcaseAudit(name, summary.linked, judged))
        audited = replace(result, parents=case.parents, subcases=tuple(subcases))
        if not ancestors:
            self.judged[case.id, day] = audited
        return audited


def _cases(audited: CaseAudit) -> Iterator[str]:
    """The ids of a case and of all its descendants."""
    yield audited.case
    for subcase in audited.subcases:
        yield from _cases(subcase.audit)

"""Exemptions of a case, and the use of the power to exempt year by year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from zhengxie_flow.conditions import Scope, evaluate_optional
from zhengxie_flow.conditions.truth import Trace
from zhengxie_flow.engine import DerivedCase
from zhengxie_flow.engine.audit_line import clause_of
from zhengxie_flow.engine.exemptions.grants import Grant, grants, reached_duties
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.document import FLAT, one_of
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.model.working import GrantEnd
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.queries.derived_cases import read_derived

_COUNT = (Verdict.PASS, Verdict.INCOMPLETE)
"""Verdicts on a grant under which its matter counts as exempted; one granted too late, or not validly, does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionUse:
    """One exercise of a power to exempt (``event`` None: by operation of law) and how it stands on a day.

    ``grounds`` are the rules it rests on, ``until`` the last day it lifts; ``used`` says that the act it was given for
    followed in time.  ``lifts`` are the duties it lifts wholly, ``shortens`` those whose limit it makes shorter.
    """

    exemption: str
    event: int | None = None
    date: dt.date | None = None
    by: str | None = None
    actor: str | None = None
    clause: str | None
    verdict: Verdict = Verdict.PASS
    detail: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    until: dt.date | None = None
    ended: Annotated[str, one_of("expired", "revoked")] | None = None
    used: bool = False
    interpretations: tuple[str, ...]
    stands: bool
    lifts: tuple[str, ...] = ()
    shortens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class YearlyGrant:
    """A grant, and the case it was made in."""

    case: str
    use: ExemptionUse = field(metadata=FLAT)

    @property
    def place(self) -> tuple[dt.date, str, int]:
        """Sort key among the grants of all cases: day, case and event."""
        return self.use.date or dt.date.min, self.case, self.use.event or 0


@dataclass(frozen=True, slots=True)
class Year:
    """The exemptions of one civil year: grants made in it, and the matters opened in it that were exempted.

    ``exempted`` counts matters, whenever they were exempted; ``matters`` are cases of processes that have a power to
    exempt.
    """

    KEYS: ClassVar = ("year", "matters", "exempted", "rate", "by_exemption", "by_ground", "by_verdict", "grants")

    year: int
    grants: tuple[YearlyGrant, ...]
    matters: int
    exempted: int

    @property
    def rate(self) -> float | None:
        """Rate of exempted matters; None where there were no matters."""
        return round(self.exempted / self.matters, 4) if self.matters else None

    @property
    def by_exemption(self) -> dict[str, int]:
        """Number of grants by exemption."""
        return _counts(grant.use.exemption for grant in self.grants)

    @property
    def by_ground(self) -> dict[str, int]:
        """Number of grants by ground; one with several counts for each."""
        return _counts(ground for grant in self.grants for ground in grant.use.grounds)

    @property
    def by_verdict(self) -> dict[str, int]:
        """Number of grants by verdict."""
        return _counts(str(grant.use.verdict) for grant in self.grants)


def _counts(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def of_case(derived: DerivedCase) -> tuple[ExemptionUse, ...]:
    """List the grants of a case with their status on a day, and the exemptions by operation of law.

    Args:
        derived: The case as of the day.

    Returns:
        The grants in order of time, then those by operation of law.
    """
    view, compiled = derived.view, derived.compiled
    by_law = (
        ExemptionUse(
            exemption=name, clause=clause_of(exemption.law), interpretations=exemption.interpretation, stands=True
        )
        for name, exemption in compiled.process.exemptions.items()
        if exemption.granted_by is None and evaluate_optional(exemption.when, view, Scope(), Trace()) is True
    )
    return (*(_use(view, grant) for grant in grants(view)), *by_law)


def _use(view: CaseView, grant: Grant) -> ExemptionUse:
    lifted, shorter = reached_duties(view, grant) if grant.lifts else ((), ())
    event, line, end = grant.act.event, grant.line, grant.line.note(GrantEnd)
    return ExemptionUse(
        exemption=grant.exemption,
        event=grant.act.sequence,
        date=grant.act.day,
        by=grant.act.by,
        actor=event.actor if event is not None else None,
        clause=clause_of(view.compiled.exemption(grant.exemption).law),
        verdict=line.verdict,
        detail=line.detail,
        missing=line.missing,
        grounds=grant.grounds,
        until=end.until if end is not None else None,
        ended=grant.ended,
        used=grant.used,
        interpretations=line.interpretations,
        stands=grant.stands(view),
        lifts=lifted,
        shortens=shorter,
    )


def by_year(context: Context, year: int | None = None) -> tuple[Year, ...]:
    """Count the exemptions of all cases by civil year.

    Args:
        context: The ports.
        year: The year; None for every one in which a matter was opened or a grant made.

    Returns:
        One entry per year.
    """
    opened: Counter[int] = Counter()
    exempted: Counter[int] = Counter()
    grants_by_year: dict[int, list[YearlyGrant]] = {}
    for derived in _matters(context):
        case = derived.case
        opened[case.opened.year] += 1
        uses = of_case(derived)
        exempted[case.opened.year] += any(use.verdict in _COUNT for use in uses)
        for use in uses:
            if use.date is not None:
                grants_by_year.setdefault(use.date.year, []).append(YearlyGrant(case.id, use))
    years = sorted({*opened, *grants_by_year}) if year is None else [year]
    return tuple(
        Year(
            civil_year,
            tuple(sorted(grants_by_year.get(civil_year, ()), key=lambda grant: grant.place)),
            opened[civil_year],
            exempted[civil_year],
        )
        for civil_year in years
    )


def _matters(context: Context) -> Iterator[DerivedCase]:
    for head in context.journal.heads():
        derived = read_derived(context, head.case)
        if derived.compiled.process.exemptions:
            yield derived

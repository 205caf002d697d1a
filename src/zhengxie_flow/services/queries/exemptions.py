"""Which exemptions stand in a case, and how often the power was used, year by year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, ClassVar

from zhengxie_flow.conditions import Scope, evaluate_optional
from zhengxie_flow.conditions.truth import Trace
from zhengxie_flow.engine import CompiledProcess, view_of
from zhengxie_flow.engine.audit_line import clause_of
from zhengxie_flow.engine.exemptions.grants import Grant, grants, reached_duties
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.document import FLAT, one_of
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.model.working import GrantEnd
from zhengxie_flow.services.context import Context

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
        """Where it stands among the grants of all cases: by day, case and event."""
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
        """Exempted matters over matters; None where there were none."""
        return round(self.exempted / self.matters, 4) if self.matters else None

    @property
    def by_exemption(self) -> dict[str, int]:
        """How many grants each exemption has."""
        return _counts(grant.use.exemption for grant in self.grants)

    @property
    def by_ground(self) -> dict[str, int]:
        """How many grants rest on each ground; one with several counts for each."""
        return _counts(ground for grant in self.grants for ground in grant.use.grounds)

    @property
    def by_verdict(self) -> dict[str, int]:
        """How many grants each verdict has."""
        return _counts(str(grant.use.verdict) for grant in self.grants)


def _counts(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def of_case(context: Context, compiled: CompiledProcess, case: Case, day: dt.date) -> tuple[ExemptionUse, ...]:
    """Every grant of a case with how it stands on a day, and what the law itself lifts there."""
    view = view_of(compiled, case, partial(context.calendar, compiled), day)
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
    """The exemptions of all cases, of every civil year in which a matter was opened or a grant made, or of one year."""
    opened: Counter[int] = Counter()
    exempted: Counter[int] = Counter()
    made: dict[int, list[YearlyGrant]] = {}
    for compiled, case in _matters(context):
        opened[case.opened.year] += 1
        found = of_case(context, compiled, case, context.today(compiled))
        exempted[case.opened.year] += any(use.verdict in _COUNT for use in found)
        for use in found:
            if use.date is not None:
                made.setdefault(use.date.year, []).append(YearlyGrant(case.id, use))
    years = sorted({*opened, *made}) if year is None else [year]
    return tuple(
        Year(each, tuple(sorted(made.get(each, ()), key=lambda grant: grant.place)), opened[each], exempted[each])
        for each in years
    )


def _matters(context: Context) -> Iterator[tuple[CompiledProcess, Case]]:
    for head in context.journal.heads():
        compiled, case = context.read(head.case)
        if compiled.process.exemptions:
            yield compiled, case

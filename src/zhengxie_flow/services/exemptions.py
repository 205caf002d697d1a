"""Which exemptions stand in a case, and how often the power was used, year by year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from zhengxie_flow.conditions import Scope, evaluate_optional
from zhengxie_flow.conditions.truth import Trace
from zhengxie_flow.engine import CompiledProcess, view_of
from zhengxie_flow.engine.exemptions import Grant, grants, reach
from zhengxie_flow.engine.seen import clause_of
from zhengxie_flow.model.case import Case
from zhengxie_flow.services.context import Context

_COUNT = ("pass", "incomplete")
"""Verdicts on a grant under which its matter counts as exempted; one granted too late, or not validly, does not."""


@dataclass(frozen=True, slots=True)
class Year:
    """The exemptions of one civil year: grants made in it, and the matters opened in it that were exempted.

    ``exempted`` counts matters, whenever they were exempted; ``matters`` are cases of processes that have a power to
    exempt.
    """

    year: int
    grants: tuple[dict[str, Any], ...]
    matters: int
    exempted: int

    @property
    def rate(self) -> float | None:
        """Exempted matters over matters; None where there were none."""
        return round(self.exempted / self.matters, 4) if self.matters else None

    def counted(self, key: str) -> dict[str, int]:
        """How many grants by exemption, verdict or ground; one with several grounds counts for each."""
        values = (grant[key] if isinstance(grant[key], list) else [grant[key]] for grant in self.grants)
        return dict(sorted(Counter(value for several in values for value in several).items()))


def of_case(context: Context, compiled: CompiledProcess, case: Case, day: date) -> list[dict[str, Any]]:
    """Every grant of a case with how it stands on a day, and what the law itself lifts there."""
    view = view_of(compiled, case, partial(context.calendar, compiled), day)
    found = []
    for grant in grants(view):
        lifted, shorter = reach(view, grant) if grant.lifts else ((), ())
        found.append(
            {**_plain(compiled, grant), "stands": grant.stands(view), "lifts": list(lifted), "shortens": list(shorter)}
        )
    for name, exemption in compiled.process.exemptions.items():
        if exemption.granted_by is None and evaluate_optional(exemption.when, view, Scope(), Trace()) is True:
            found.append({**_by_law(name, exemption), "stands": True})
    return found


def _plain(compiled: CompiledProcess, grant: Grant) -> dict[str, Any]:
    event = grant.act.event
    return {
        "exemption": grant.exemption,
        "event": grant.act.sequence,
        "date": grant.act.day,
        "by": grant.act.by,
        "actor": event.actor if event is not None else None,
        "clause": clause_of(compiled.exemption(grant.exemption).law),
        "verdict": str(grant.line.verdict),
        "detail": list(grant.line.detail),
        "missing": list(grant.line.missing),
        "grounds": list(grant.grounds),
        "until": grant.line.notes.get("until"),
        "ended": grant.ended,
        "used": grant.used,
        "interpretations": list(grant.line.interpretations),
    }


def _by_law(name: str, exemption: Any) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(("event", "date", "by", "actor", "until", "ended"))
    return {
        **empty,
        "exemption": name,
        "clause": clause_of(exemption.law),
        "verdict": "pass",
        "detail": [],
        "missing": [],
        "grounds": [],
        "used": False,
        "interpretations": list(exemption.interpretation),
        "lifts": [],
        "shortens": [],
    }


def by_year(context: Context, year: int | None = None) -> tuple[Year, ...]:
    """The exemptions of all cases, of every civil year in which a matter was opened or a grant made, or of one year."""
    opened: Counter[int] = Counter()
    exempted: Counter[int] = Counter()
    made: dict[int, list[dict[str, Any]]] = {}
    for compiled, case in _matters(context):
        opened[case.opened.year] += 1
        found = of_case(context, compiled, case, context.today(compiled))
        exempted[case.opened.year] += any(each["verdict"] in _COUNT for each in found)
        for each in found:
            if each["date"] is not None:
                made.setdefault(each["date"].year, []).append({"case": case.id, **each})
    years = sorted({*opened, *made}) if year is None else [year]
    return tuple(
        Year(each, tuple(sorted(made.get(each, ()), key=lambda grant: (grant["date"], grant["case"], grant["event"]))),
             opened[each], exempted[each])
        for each in years
    )  # fmt: skip


def _matters(context: Context) -> Iterator[tuple[CompiledProcess, Case]]:
    for head in context.journal.heads():
        compiled, case = context.read(head.case)
        if compiled.process.exemptions:
            yield compiled, case

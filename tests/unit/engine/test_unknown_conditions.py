"""Every condition around limits and exemptions: unknown decides nothing, and a first answer given later counts."""

from __future__ import annotations

import typing
from dataclasses import dataclass, field, replace
from datetime import date
from types import ModuleType
from typing import Any

import pytest
from tests.support import cn

from zhengxie_flow.engine import audit, compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.model import exemption, lapse, limit, parameter
from zhengxie_flow.model.base import Model
from zhengxie_flow.model.condition import Not
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.model.verdict import Judgement
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant

FACT = "unclear"
"""The fact that every condition here asks about."""
WITHIN = {"within": 5, "unit": "working_day", "after": "receive"}
LATE = [("2026-03-02", "receive"), ("2026-03-12", "answer")]
"""Five working days after 2 March end on 9 March."""


@dataclass(frozen=True)
class Place:
    """A place of the language that takes a condition: an example, and the verdicts when unknown, true and false."""

    unknown: str
    true: str
    false: str
    limit: dict[str, Any] = field(default_factory=lambda: WITHIN)
    acts: list[tuple[str, str]] = field(default_factory=lambda: LATE)
    line: str = "the.duty"
    exemptions: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    deem: dict[str, Any] | None = None


def granted(**more: Any) -> dict[str, Any]:
    return {"the.power": {"law": "2", "granted_by": "grant", "lifts": ["the.duty"], **more}}


GRANTED = [("2026-03-02", "receive"), ("2026-03-03", "grant"), ("2026-03-12", "answer")]
PLACES = {
    ("ActAnchor", "where"): [Place(
        "needs_judgement", "breach", "incomplete",
        limit={"within": 5, "unit": "working_day", "after": {"done": "receive", "where": FACT}},
    )],
    ("Choice", "when"): [Place(
        "needs_judgement", "pass", "breach",
        limit={"after": "receive", "unit": "working_day", "choose": [{"when": FACT, "within": 20}, {"within": 5}]},
    )],
    ("Extension", "when"): [
        Place(
            "needs_judgement", "pass", "breach",
            limit={**WITHIN, "extended_by": {"action": "extend", "add": 5, "when": FACT}},
            acts=[("2026-03-02", "receive"), ("2026-03-04", "extend"), ("2026-03-12", "answer")],
        ),
        Place(
            "needs_judgement", "pass", "invalid", line="extend",
            limit={**WITHIN, "extended_by": {"action": "extend", "add": 5, "when": FACT}},
            acts=[("2026-03-02", "receive"), ("2026-03-04", "extend"), ("2026-03-12", "answer")],
        ),
    ],
    ("Suspension", "when"): [Place(
        "needs_judgement", "pass", "breach",
        limit={**WITHIN, "suspended": {"from": "stop", "until": "resume", "when": FACT}},
        acts=[("2026-03-02", "receive"), ("2026-03-03", "stop"), ("2026-03-09", "resume"), ("2026-03-12", "answer")],
    )],
    ("Deem", "when"): [
        Place(
            "needs_judgement", "deemed", "overdue", acts=[("2026-03-02", "receive")],
            limit={**WITHIN, "on_lapse": {"deem": {"action": "answer", "when": FACT}}},
        ),
        Place(
            "needs_judgement", "deemed", "overdue", acts=[("2026-03-02", "receive"), ("2026-03-04", "stop")],
            deem={"action": "answer", "when": FACT},
        ),
    ],
    ("ByClause", "when"): [
        Place("needs_judgement", "exempt", "breach", acts=GRANTED,
              exemptions=granted(lifts=[{"clause": "1", "when": FACT}])),
        Place("needs_judgement", "breach", "exempt", acts=GRANTED,
              exemptions=granted(never_lifts=[{"clause": "1", "when": FACT}])),
    ],
    ("OfDuty", "when"): [
        Place("needs_judgement", "exempt", "breach", acts=GRANTED,
              exemptions=granted(lifts=[{"obligation": "the.duty", "when": FACT}])),
        Place("needs_judgement", "breach", "exempt", acts=GRANTED,
              exemptions=granted(never_lifts=[{"obligation": "the.duty", "when": FACT}])),
        Place("needs_judgement", "exempt", "breach", acts=GRANTED,
              exemptions=granted(lifts=[{"obligation": "the.duty", "when": FACT, "to": {"within": 10}}])),
    ],
    ("Recorded", "when"): [Place(
        "needs_judgement", "incomplete", "pass", acts=GRANTED, line="the.power",
        exemptions=granted(must_record=[{"field": "why", "when": FACT}]),
    )],
    ("Exemption", "element"): [
        Place("needs_judgement", "exempt", "breach", acts=GRANTED, exemptions=granted(element=FACT)),
        Place("needs_judgement", "pass", "invalid", acts=GRANTED, line="the.power", exemptions=granted(element=FACT)),
    ],
    ("Exemption", "when"): [
        Place("needs_judgement", "exempt", "breach", acts=GRANTED, exemptions=granted(when=FACT)),
        Place("needs_judgement", "pass", "invalid", acts=GRANTED, line="the.power", exemptions=granted(when=FACT)),
        Place("needs_judgement", "exempt", "breach",
              exemptions={"the.power": {"law": "2", "when": FACT, "lifts": ["the.duty"]}}),
    ],
    ("ParameterRow", "when"): [Place(
        "needs_judgement", "pass", "breach", limit={"after": "receive", "unit": "working_day", "parameter": "days"},
        parameters={"days": {"rows": [{"id": "R-1", "when": FACT, "within": 20}], "default": {"within": 5}}},
    )],
}  # fmt: skip
EXAMPLES = [pytest.param(place, id=f"{key[0]}.{key[1]}-{number}")
            for key, places in PLACES.items() for number, place in enumerate(places)]  # fmt: skip


def takes_condition(annotation: Any) -> bool:
    return annotation is Not or any(takes_condition(part) for part in typing.get_args(annotation))


def conditions_of(module: ModuleType) -> set[tuple[str, str]]:
    """Every field of the models of a module that holds a condition."""
    models = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Model) and value.__module__ == module.__name__
    ]
    return {
        (model.__name__, name)
        for model in models
        for name, kind in model.model_fields.items()
        if takes_condition(kind.annotation) and name not in getattr(model.__base__, "model_fields", {})
    }


def test_every_condition_around_limits_and_exemptions_has_an_example() -> None:
    assert conditions_of(limit) | conditions_of(lapse) | conditions_of(exemption) | conditions_of(parameter) == set(
        PLACES
    )


def verdict_of(place: Place, answer: bool | None, answered: str, as_of: date = date(2026, 4, 1)) -> Judgement:
    """The line of an example with the fact determined on a day, or never."""
    names = ("receive", "answer", "extend", "stop", "resume")
    actions: dict[str, Any] = {name: {"by": "office"} for name in names}
    actions["grant"] = {"by": "office", "with": {"why": {"type": "text"}}}
    if place.deem is not None:
        actions["stop"]["deem"] = place.deem
    process = {
        "language": 1, "process": "clock", "law": "x-1", "roles": {"office": {}}, "facts": {FACT: {"type": "bool"}},
        "states": {"open": {}}, "actions": actions, "exemptions": place.exemptions,
        "obligations": {
            "the.duty": {"law": "1", "do": "answer", "limit": place.limit},
        },
    }  # fmt: skip
    compiled = compile_process(resolve({"id": "x/clock", "process": process, "parameters": place.parameters}))
    written = [{"at": day, "do": name, "by": "office"} for day, name in place.acts]
    if answer is not None:
        written.append({"at": answered, "determine": {FACT: answer}, "by": "office", "reason": "r"})
    written.sort(key=lambda event: event["at"])
    first = date(2026, 3, 2)
    script, _ = begin(
        ScriptSource(compiled, cn), "c", Opening(), Attribution(by="office", at=first), instant(first, compiled)
    )
    for entry in written:
        event = ScriptEvent.model_validate(entry)
        list(script.apply(event, instant(event.at, compiled)))
    lines = audit(derive(compiled, script.case, cn, as_of)).verdicts
    return next(line for line in lines if line.obligation == place.line)


@pytest.mark.parametrize("place", EXAMPLES)
def test_unknown_needs_a_judgement_that_names_the_fact_and_the_outcomes(place: Place) -> None:
    line = verdict_of(place, None, "")
    assert (line.verdict, line.needs) == (place.unknown, (FACT,))
    if place.line == "the.duty":
        assert len(line.outcomes) > 1 or place.limit.get("on_lapse")
        assert {place.true, place.false} & set(line.outcomes)


@pytest.mark.parametrize("answered", ["2026-03-02", "2026-03-20"])
@pytest.mark.parametrize("place", EXAMPLES)
def test_an_answer_decides_whenever_it_is_given(place: Place, answered: str) -> None:
    """A fact is a fact whenever found: the first answer counts from the place the condition is about."""
    assert verdict_of(place, True, answered).verdict == place.true
    assert verdict_of(place, False, answered).verdict == place.false


@pytest.mark.parametrize("place", EXAMPLES)
def test_what_is_open_whatever_the_answer_stays_open(place: Place) -> None:
    """On the day after the first act no outcome is adverse yet: there is nothing to judge."""
    if place.line != "the.duty":
        pytest.skip("an act is judged from its own day on")
    early = replace(place, acts=[act for act in place.acts if act[0] < "2026-03-03"])
    assert verdict_of(early, None, "", date(2026, 3, 3)).verdict == "pending"

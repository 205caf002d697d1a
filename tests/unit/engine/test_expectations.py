"""What a scenario may ask: who owes a duty, and whether anything stands against opening a case below."""

from __future__ import annotations

from functools import partial

import pytest
from pydantic import ValidationError
from tests.support import CALENDARS, DATA, cn, mini

from zhengxie_flow.engine import compile_process
from zhengxie_flow.model.scenario import Scenario
from zhengxie_flow.reading.definitions import Files
from zhengxie_flow.services.queries.scenarios import run

DAY = "2026-01-06"


def scenario(process, events, *expect, **given):
    return Scenario.model_validate({
        "language": 1, "scenario": "s", "process": process, "as_of": DAY, "given": given, "events": events,
        "expect": list(expect) or [{"worst": "pending"}],
    })  # fmt: skip


@pytest.mark.parametrize(("who", "failures"), [("office", 0), (["office"], 0), ("mayor", 1), (["office", "mayor"], 1)])
def test_who_owes_a_duty_may_be_expected(who, failures):
    asked = scenario("mini/talk", [], {"obligation": "a4.report", "who": who})
    outcome = run(mini(), asked, cn)
    assert [failure.loc[-1] for failure in outcome.failures] == ["who"] * failures


def test_an_expectation_that_compares_nothing_is_refused():
    with pytest.raises(ValidationError):
        scenario("mini/talk", [], {"obligation": "a4.report"})


TOWN = Files(DATA / "subcases" / "processes", DATA / "subcases" / "rules")


def town(name):
    compiled = compile_process(TOWN.load(name).definition)
    return compiled, partial(CALENDARS.snapshot, compiled.process.calendar)


def opened(by, refused, *, required=True):
    """What fails of a scenario in which a hearing is opened."""
    told = {"at": DAY, "open": "hearing", "id": "h", "by": by} | ({} if refused is None else {"refused": refused})
    matter, calendars = town("town/matter")
    state = town("town/hearing")[0].process.start
    asked = scenario("town/matter", [told], {"in": "h", "state": state}, facts={"hearing_required": required})
    return run(matter, asked, calendars, town).failures


def test_nothing_may_stand_against_opening_where_none_is_expected():
    assert opened("clerk", []) == ()
    assert (opened("council", [])[0].loc[-1], opened("council", [])[0].got) == ("try", ["role"])
    assert opened("clerk", [], required=False)[0].got == ["subcases.hearing"]


def test_what_was_opened_is_recorded_even_where_it_was_not_called_for():
    assert opened("clerk", None, required=False) == ()


def test_a_refusal_that_is_expected_has_to_come():
    assert opened("clerk", "role")[0].loc[-1] == "refused"
    assert [failure for failure in opened("council", "role") if failure.loc[-1] == "refused"] == []


def failed_keys(events, *expect, as_of="2026-03-20", compiled=None, process="mini/talk"):
    """The keys of the expectations that do not hold."""
    items = {"guest": {"g1": {"kind": "expert"}}}
    asked = Scenario.model_validate({
        "language": 1, "scenario": "s", "process": process, "as_of": as_of, "given": {"items": items},
        "events": events, "expect": list(expect),
    })  # fmt: skip
    return [(failure.loc[1], failure.loc[-1]) for failure in run(compiled or mini(), asked, cn).failures]


HELD = [
    {"at": "2026-02-09", "do": "notify", "for": "g1", "by": "office"},
    {"at": "2026-03-04", "do": "hold", "by": "department"},
]


@pytest.mark.parametrize(
    ("expected", "failing"),
    [
        ({"none": "integrity.authority"}, []),
        ({"none": "integrity.*"}, [(0, "none")]),
        ({"none": "a2.*"}, [(0, "none")]),
        ({"none": "a2.*", "verdict": "overdue"}, []),
        ({"none": "a2.*", "verdict": "breach", "for": "g9"}, []),
        ({"none": "a2.notice", "verdict": "breach", "for": "g1"}, [(0, "none")]),
        ({"none": "no.such.*"}, [(0, "none")]),
    ],
)
def test_that_there_is_no_line_may_be_expected(expected, failing):
    assert failed_keys(HELD, expected) == failing


SPARED = [{"at": "2026-01-06", "do": "spare", "by": "mayor", "with": {"why": "flood"}, "id": "grant"}]


def test_the_fields_of_an_act_may_be_expected():
    for key in ("with", "field"):
        assert failed_keys(SPARED, {"action": "spare", key: {"why": "flood"}}) == []
        assert failed_keys(SPARED, {"action": "spare", key: {"why": "fire"}}) == [(0, "with")]
        assert failed_keys(HELD, {"action": "spare", key: {"why": "flood"}}) == [(0, "with")]


def test_fields_are_expected_of_actions_alone():
    with pytest.raises(ValidationError):
        scenario("mini/talk", [], {"obligation": "a4.report", "verdict": "pass", "with": {"a": 1}})
    with pytest.raises(ValidationError):
        scenario("mini/talk", [], {"none": "a4.*", "obligation": "a4.report", "verdict": "pass"})

"""Items with a life of their own: states, acts that move them, what they owe, how they end and who follows them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from tests.support import compiled_from, judged, line, story_of

from zhengxie_flow.engine import derive
from zhengxie_flow.engine.state_machine.machine import StateMachine
from zhengxie_flow.errors import Refused, UsageError
from zhengxie_flow.model.body import plain
from zhengxie_flow.model.findings import ItemOutOfOrder
from zhengxie_flow.model.process import Action
from zhengxie_flow.model.working import ItemEnded, Working

PAPERS = {"items": {"paper": {"p1": {"title": "x"}}}}


def papers(*told: dict[str, Any], **given: Any):
    return story_of(
        compiled_from("papers", "papers/handling"), *told, opened="2026-03-02", by="office", **(given or PAPERS)
    )


def did(action: str, at: str = "2026-03-02", item: str = "p1", **rest: Any) -> dict[str, Any]:
    return {"at": at, "do": action, "for": item, **rest}


def received(at: str = "2026-03-02", item: str = "p1") -> dict[str, Any]:
    return did("receive", at, item, **{"with": {"title": "x"}})


def states(story, kind: str = "paper") -> dict[str, list[str]]:
    return {ident: [stay.state for stay in item.stays] for ident, item in story.case.items[kind].items()}


def verdicts(story, obligation: str, as_of: str) -> dict[str | None, str]:
    return {one.item: str(one.verdict) for one in judged(story, as_of).verdicts if one.obligation == obligation}


def test_every_item_type_with_states_has_its_own_machine():
    compiled = compiled_from("papers", "papers/handling")
    assert set(compiled.item_machines) == {"paper", "comment"}
    life = compiled.item_machines["paper"]
    assert isinstance(life, StateMachine)
    assert life.move("received", "read") == "read"
    assert life.move("received", "weigh") is None
    assert life.move("read", "weigh") == "read"
    assert life.move("received", "announce") == "received"
    assert life.reachable() == {"received", "read", "answered", "dropped"}


def test_an_item_begins_in_its_first_state_and_acts_move_it():
    story = papers(received(), did("read"), did("answer"), items={})
    assert states(story) == {"p1": ["received", "read", "answered"]}
    assert states(papers()) == {"p1": ["received"]}
    assert story.case.state == "running"


def test_a_guard_opens_a_way_only_when_it_is_true():
    assert states(papers(did("answer"), facts={"urgent": True}, **PAPERS))["p1"] == ["received", "answered"]
    with pytest.raises(Refused) as refused:
        papers({"at": "2026-03-02", "try": "answer", "for": "p1", "by": "office"})
    assert [(one.id, one.value) for one in refused.value.reasons] == [("item_state", "unknown")]


def test_what_the_items_state_forbids_is_refused_but_can_be_recorded():
    with pytest.raises(Refused) as refused:
        papers({"at": "2026-03-02", "try": "weigh", "for": "p1", "by": "reader"})
    (reason,) = refused.value.reasons
    assert (reason.id, reason.value, reason.needs, reason.clause) == ("item_state", "false", ("read",), "1")
    story = papers(did("answer"))
    assert states(story)["p1"] == ["received", "answered"]  # `answer` has a way from `received`, for urgent ones
    recorded = papers(did("drop"), did("read", "2026-03-03"))
    assert states(recorded)["p1"] == ["received", "dropped", "read"]
    found = line(judged(recorded, "2026-03-03"), "integrity.order")
    assert (found.verdict, found.item) == ("finding", "p1")
    assert found.working == Working(None, (ItemOutOfOrder("read", "dropped"),), found.reason)


def test_an_act_for_an_item_that_is_gone_is_refused_and_a_finding():
    with pytest.raises(Refused) as refused:
        papers(did("take_back"), {"at": "2026-03-03", "try": "read", "for": "p1", "by": "reader"})
    assert "item_state" in [one.id for one in refused.value.reasons]
    story = papers(did("take_back"), did("read", "2026-03-03"))
    assert line(judged(story, "2026-03-03"), "integrity.order").note(ItemOutOfOrder).item_state == "withdrawn"


def test_conditions_ask_the_items_own_state():
    told = [received(), received(item="p2"), did("read")]
    closing = {"at": "2026-03-03", "try": "close", "by": "office"}
    with pytest.raises(Refused) as refused:
        papers(*told, closing, items={})
    assert "a1.all_read" in [one.id for one in refused.value.reasons]
    assert papers(*told, did("read", item="p2"), closing, items={}).case.state == "closed"


def test_an_obligation_can_hang_on_the_items_state():
    story = papers(received(), received(item="p2"), did("read", item="p2"), items={})
    assert verdicts(story, "a1.answer", "2026-03-03") == {"p1": "not_applicable", "p2": "pending"}


def test_three_items_deep_this_is_the_item_of_the_type_asked_for():
    told = [received(), received(item="p2"), did("read"), did("read", item="p2")]
    told += [{"at": "2026-03-03", "do": "comment", "for": one, "with": {"paper": on}} for one, on in
             (("c1", "p1"), ("c2", "p2"))]  # fmt: skip
    told += [did("settle", "2026-03-03", "c1"), did("settle", "2026-03-03", "c2")]
    told += [{"at": "2026-03-03", "do": "jot", "for": "n1", "with": {"comment": "c1"}}]
    closing = {"at": "2026-03-04", "try": "close", "by": "office"}
    with pytest.raises(Refused) as refused:
        papers(*told, closing, items={})
    assert [one.id for one in refused.value.reasons] == ["a2.settled"]
    noted = {"at": "2026-03-03", "do": "jot", "for": "n2", "with": {"comment": "c2"}}
    assert papers(*told, noted, closing, items={}).case.state == "closed"


# --- how items end -----------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "verdict", "detail"),
    [
        ([did("take_back", "2026-03-05")], "not_applicable", ("withdrawn",)),  # nothing was due yet
        ([did("take_back", "2026-03-10")], "overdue", ()),  # due on the 9th: it stays overdue
        ([did("read", "2026-03-10"), did("take_back", "2026-03-11")], "breach", ()),
        ([did("read", "2026-03-03"), did("take_back", "2026-03-04")], "pass", ()),
        ([did("swap", "2026-03-05", **{"with": {"successor": "p2"}})], "not_applicable", ("replaced",)),
        ([did("drop", "2026-03-05")], "not_applicable", ("dropped",)),
        ([did("drop", "2026-03-10")], "overdue", ()),
    ],
)
def test_what_was_missed_before_an_item_ended_does_not_vanish(told, verdict, detail):
    story = papers(received(), *told, items={})
    found = line(judged(story, "2026-04-30"), "a1.read", "p1")
    assert (found.verdict, found.detail) == (verdict, detail)


def test_the_case_shows_the_worst_of_its_items_even_of_those_that_are_gone():
    told = [received(), received(item="p2"), did("read", "2026-03-03", "p2"), did("announce", "2026-03-03", "p2")]
    story = papers(*told, did("take_back", "2026-03-10"), items={})
    assert judged(story, "2026-03-11").worst == "overdue"


def test_a_duty_the_closing_item_can_no_longer_perform_is_missed():
    story = papers(received(), did("answer", "2026-03-03"), facts={"urgent": True}, items={})
    found = line(judged(story, "2026-03-03"), "a1.read", "p1")
    assert (found.verdict, found.detail) == ("not_applicable", ("answered",))  # its clock ran, the day was to come
    late = papers(received(), did("answer", "2026-03-10"), facts={"urgent": True}, items={})
    assert line(judged(late, "2026-03-10"), "a1.read", "p1").verdict == "overdue"


def test_a_withdrawn_item_no_longer_bars_what_is_asked_for():
    story = papers(received(), received(item="p2"), did("read", item="p2"), did("take_back", "2026-03-10"),
                   {"at": "2026-03-10", "try": "close", "by": "office"}, items={})  # fmt: skip
    assert story.case.state == "closed"


def test_a_deemed_act_moves_the_item_and_nothing_lapses_for_one_that_is_gone():
    story = papers(received(), received(item="p2"), did("take_back", "2026-03-10", "p2"), items={})
    lines = [one for one in judged(story, "2026-04-30").verdicts if one.obligation == "expire"]
    assert [(one.item, str(one.verdict), str(one.actual.date)) for one in lines] == [("p1", "deemed", "2026-03-30")]
    derived = derive(story.compiled, story.case, story.calendars, date(2026, 4, 30))
    assert plain(derived.unwritten[0].body.items) == {
        "moved": [{"type": "paper", "id": "p1", "from": "received", "to": "dropped"}]
    }
    assert [stay.state for stay in derived.case.items["paper"]["p1"].stays] == ["received", "dropped"]


def test_what_lapsed_before_an_item_was_withdrawn_has_lapsed():
    story = papers(received(), did("take_back", "2026-04-10"), items={})
    lines = [one for one in judged(story, "2026-04-30").verdicts if one.obligation == "expire"]
    assert [(one.item, str(one.actual.date)) for one in lines] == [("p1", "2026-03-30")]


# --- replaced items ----------------------------------------------------------


def test_a_replaced_item_names_its_successor_and_what_carries_over():
    told = [received(), did("announce"), did("read", "2026-03-03")]
    story = papers(*told, did("swap", "2026-03-04", **{"with": {"successor": "p2", "title": "y"}}), items={})
    old, new = (story.case.items["paper"][ident] for ident in ("p1", "p2"))
    assert (old.replaced_by, new.replaces, new.carries, new.fields) == ("p2", "p1", ("a1.announce",), {"title": "y"})
    assert plain(story.case.events[-1].body.items) == {
        "ended": [{"type": "paper", "id": "p1", "replaced_by": "p2"}],
        "added": [{"type": "paper", "id": "p2", "fields": {"title": "y"}, "state": "received",
                   "replaces": "p1", "carries": ["a1.announce"]}],
    }  # fmt: skip
    result = judged(story, "2026-03-04")
    assert line(result, "a1.announce", "p2").verdict == "pass"
    assert line(result, "a1.read", "p1").verdict == "pass"
    read = line(result, "a1.read", "p2")  # what was read was the other paper, and the clock starts with the swap
    assert (read.verdict, str(read.due)) == ("pending", "2026-03-11")
    assert line(result, "a1.read", "p1").note(ItemEnded).replaced_by == "p2"


def test_the_successor_is_new():
    with pytest.raises(UsageError) as error:
        papers(received(), received(item="p2"), did("swap", **{"with": {"successor": "p2"}}), items={})
    assert error.value.code == "ZX4085"


def test_a_correction_can_name_another_successor():
    told = [received(), did("swap", "2026-03-04", **{"with": {"successor": "p2"}}, id="e")]
    mended = {"at": "2026-03-05", "correct": "e", "by": "office", "reason": "typo", "with": {"successor": "p3"}}
    story = papers(*told, mended, items={})
    assert story.case.items["paper"]["p1"].replaced_by == "p3"
    assert set(story.case.items["paper"]) == {"p1", "p3"}


# --- added late, closed early ------------------------------------------------


def test_an_item_added_late_is_tested_by_itself():
    story = papers(received(), did("read", "2026-03-03"), received("2026-03-12", "p2"), items={})
    assert verdicts(story, "a1.read", "2026-03-13") == {"p1": "pass", "p2": "pending"}
    assert verdicts(story, "a1.read", "2026-03-20") == {"p1": "pass", "p2": "overdue"}


def test_a_duty_over_items_that_an_act_closes_is_incomplete_and_names_what_is_missing():
    told = [received()]
    told += [{"at": "2026-03-03", "do": "comment", "for": one, "with": {"paper": "p1"}} for one in ("c1", "c2")]
    story = papers(*told, did("settle", "2026-03-03", "c1"), {"at": "2026-03-04", "do": "decide"}, items={})
    result = judged(story, "2026-03-05")
    assert line(result, "a3.settle", "c1").verdict == "pass"
    found = line(result, "a3.settle", "c2")
    assert (found.verdict, found.missing) == ("incomplete", ("c2",))
    done = papers(*told, {"at": "2026-03-04", "do": "decide"}, did("settle", "2026-03-05", "c1"), items={})
    assert line(judged(done, "2026-03-06"), "a3.settle", "c1").verdict == "breach"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({"item": {"to": "read"}}, "ZX1310"),
        ({"for": "paper", "item": {"when": "urgent"}}, "ZX1311"),
        ({"adds": "paper", "item": {"from": "read", "to": "answered"}}, "ZX1312"),
        ({"for": "paper", "carries": "a1.read"}, "ZX1313"),
    ],
)
def test_steps_that_make_no_sense_are_refused_where_they_are_read(written, code):
    with pytest.raises(ValidationError) as error:
        Action.model_validate(written)
    assert error.value.errors()[0]["type"] == code

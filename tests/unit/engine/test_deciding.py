"""Advance asks and may be refused with every reason; record tells and is refused only if it cannot be true or read."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from tests.support import cn, mini, shanghai, tell

from zhengxie_flow.engine import Command, decide
from zhengxie_flow.engine.events import statements
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.errors import NotFound, Refused, UsageError
from zhengxie_flow.model.body import plain

NOW = shanghai("2026-02-06T10:00:00")
PLAN = {"at": "2026-01-06", "plan": "hold", "to": "2026-03-04"}
NOTIFIED = {"at": "2026-02-05", "do": "notify", "for": "g1", "by": "office"}
AGREED = {"at": "2026-02-05", "do": "agree"}


def ask(story, action: str, by: str, **more):
    return decide(mini(), story.case, Command(action=action, by=by, **more), cn, NOW)


def reasons(story, action: str, by: str, **more) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        ask(story, action, by, **more)
    return {reason.id: reason.value for reason in caught.value.reasons}


def test_what_the_law_allows_is_done_and_moves_the_case():
    event = ask(tell(PLAN, NOTIFIED, AGREED), "prepare", "office")
    assert event.mode == "advanced"
    assert plain(event.body.state) == {"from": "planned", "to": "ready"}
    assert event.occurred == NOW


def test_every_reason_is_given_at_once():
    assert reasons(tell(), "prepare", "office") == {"a2.notice": "false", "a2.joint": "false"}
    assert reasons(tell(PLAN, NOTIFIED), "prepare", "department") == {"role": "false", "a2.joint": "false"}
    assert reasons(tell(), "hold", "department") == {"state": "false"}


def test_a_required_field_left_out_is_unknown():
    assert reasons(tell(state="held"), "report", "office") == {"with.to": "unknown", "a4.to": "unknown"}
    assert reasons(tell(state="held"), "report", "office", fields={"to": "council"}) == {"a4.to": "false"}


def test_a_refusal_names_clause_and_needs():
    with pytest.raises(Refused) as caught:
        ask(tell(state="held"), "report", "office", fields={"to": "council"})
    (reason,) = caught.value.reasons
    assert (reason.clause, reason.needs) == ("4", ("committee",))


def test_record_is_never_refused_for_what_happened():
    event = ask(tell(), "hold", "partner", at=date(2026, 2, 5))
    assert (event.mode, event.occurred, event.body.state.to) == ("recorded", date(2026, 2, 5), "held")


@pytest.mark.parametrize(
    ("more", "error", "code"),
    [
        ({"action": "dance", "by": "office"}, NotFound, "ZX1201"),
        ({"action": "hold", "by": "king"}, UsageError, "ZX1201"),
        ({"action": "hold", "by": "department", "at": date(2026, 2, 7)}, UsageError, "ZX4012"),
        ({"action": "hold", "by": "department", "at": datetime(2026, 2, 5, 9)}, UsageError, "ZX2001"),  # noqa: DTZ001
        ({"action": "hold", "by": "department", "item": "g1"}, UsageError, "ZX4022"),
        ({"action": "notify", "by": "office"}, UsageError, "ZX4023"),
        ({"action": "notify", "by": "office", "item": "g9"}, NotFound, "ZX4025"),
        ({"action": "notify", "by": "office", "item": "g1", "fields": {"colour": "red"}}, UsageError, "ZX4021"),
        ({"action": "notify", "by": "office", "item": "g1", "fields": {"method": "smoke"}}, UsageError, "ZX4020"),
    ],
)
def test_what_cannot_be_true_or_read_is_refused_also_as_a_record(more, error, code):
    command = Command(**{"at": date(2026, 2, 5), **more})
    with pytest.raises(error) as caught:
        decide(mini(), tell().case, command, cn, NOW)
    assert caught.value.code == code


def test_an_act_that_adds_creates_its_item_once():
    story = tell({"at": "2026-02-05", "do": "note", "for": "v1", "with": {"guest": "g1"}}, state="held")
    assert story.case.items["view"]["v1"].fields == {"guest": "g1"}
    with pytest.raises(UsageError) as caught:
        ask(story, "note", "department", item="v1")
    assert caught.value.code == "ZX4024"


def test_a_with_entry_that_names_a_fact_asserts_it():
    story = tell({"at": "2026-02-05", "do": "spare", "with": {"urgent": "true", "why": "flood"}})
    assert story.case.value("urgent") is True


def test_a_determination_asked_for_now_needs_authority():
    story = tell()
    with pytest.raises(Refused) as caught:
        statements.determine(story.recording(Attribution(by="partner"), NOW), {"urgent": True}, reason="x")
    assert caught.value.reasons[0].needs == ("office",)
    with pytest.raises(UsageError) as unexplained:
        statements.determine(story.recording(Attribution(by="office"), NOW), {"urgent": True}, reason=" ")
    assert unexplained.value.code == "ZX4029"


@pytest.mark.parametrize("item", ["", "  ", "x\ny", "all", "i" * 101])
def test_an_item_id_is_one_that_can_be_written_and_meant(item):
    command = Command(action="note", by="department", item=item, at=date(2026, 2, 5), fields={"guest": "g1"})
    with pytest.raises(UsageError) as caught:
        decide(mini(), tell(state="held").case, command, cn, NOW)
    assert caught.value.code == "ZX4039"


def test_a_text_has_a_length():
    command = Command(action="spare", by="mayor", at=date(2026, 2, 5), fields={"urgent": True, "why": "x" * 20_001})
    with pytest.raises(UsageError) as caught:
        decide(mini(), tell().case, command, cn, NOW)
    assert caught.value.code == "ZX4020"

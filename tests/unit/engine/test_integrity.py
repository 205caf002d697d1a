"""What an audit finds that no article names: gaps, hands, delegations, proof, links, backdating, late edits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support import compiled_from, judged, line, shanghai, story_of

from zhengxie_flow.engine import Command, decide, evolve
from zhengxie_flow.engine.events import statements
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.errors import Refused
from zhengxie_flow.model.event import IMPORTED
from zhengxie_flow.model.findings import (
    AfterClosing,
    Backdated,
    BrokenReference,
    Gap,
    InvalidDelegation,
    MissingReceipt,
)
from zhengxie_flow.services.commands.case_script import ScriptedCase


def matter(*told: dict[str, Any], **given: Any) -> ScriptedCase:
    compiled = compiled_from("papers", "papers/oversight")
    return story_of(compiled, *told, opened="2026-03-02", by="office", **given)


def did(action: str, at: str, by: str = "office", **rest: Any) -> dict[str, Any]:
    return {"at": at, "do": action, "by": by, **rest}


def found(story: ScriptedCase, name: str, as_of: str = "2026-04-30") -> list[Any]:
    return [one for one in judged(story, as_of).verdicts if one.obligation == f"integrity.{name}"]


def details(story: ScriptedCase, name: str, as_of: str = "2026-04-30") -> list[tuple[str, ...]]:
    return [one.detail for one in found(story, name, as_of)]


# --- the day an end is declared for --------------------------------------------


@pytest.mark.parametrize(
    ("action", "ended", "gap"),
    [
        ("end", "2026-03-06", None),  # on the very day, a Friday
        ("end", "2026-03-08", None),  # a Sunday: no working day lies between
        ("end", "2026-03-09", 1),
        ("end_soon", "2026-03-08", None),
        ("end_soon", "2026-03-09", 3),
        ("end_by_rule", "2026-03-11", None),  # three working days, by the row for what is not urgent
        ("end_by_rule", "2026-03-12", 4),
    ],
)
def test_an_end_declared_later_than_what_it_ends_is_a_gap(action, ended, gap):
    story = matter(did("meet", "2026-03-04"), did("meet", "2026-03-06"), did(action, ended))
    lines = found(story, "anchor")
    assert [one.note(Gap).gap for one in lines] == ([gap] if gap else [])
    for one in lines:
        assert (one.verdict, one.detail, one.note(Gap).last) == ("finding", ("gap",), "meet")
        assert (str(one.note(Gap).since), str(one.actual.date)) == ("2026-03-06", ended)


def test_the_number_of_days_is_that_of_the_row_that_holds():
    urgent = {"facts": {"urgent": True}}
    told = [did("meet", "2026-03-06"), did("end_by_rule", "2026-03-10")]
    assert [one.note(Gap).gap for one in found(matter(*told, **urgent), "anchor")] == [2]
    assert found(matter(*told), "anchor") == []


def test_the_latest_of_several_acts_counts_and_later_ones_do_not():
    comment = did("comment", "2026-03-10", **{"for": "c1", "with": {"text": "x"}})
    late = did("comment", "2026-03-16", **{"for": "c2", "with": {"text": "y"}})
    assert found(matter(did("meet", "2026-03-06"), comment, did("end", "2026-03-10"), late), "anchor") == []
    assert found(matter(did("end", "2026-03-10")), "anchor") == []


# --- two pairs of eyes -------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "how"),
    [
        ([did("propose", "2026-03-03"), did("approve", "2026-03-04", "chief")], []),
        ([did("propose", "2026-03-03", "chief"), did("approve", "2026-03-04", "chief")], [("same_role",)]),
        (
            [did("propose", "2026-03-03", actor="A"), did("approve", "2026-03-04", "chief", actor="A")],
            [("same_actor",)],
        ),
        (
            [did("propose", "2026-03-03", "chief", actor="A"), did("approve", "2026-03-04", "chief", actor="B")],
            [],
        ),
        ([did("approve", "2026-03-04", "chief", actor="A", **{"with": {"drafter": "A"}})], [("same_actor",)]),
        ([did("approve", "2026-03-04", "chief", actor="A", **{"with": {"drafter": "B"}})], []),
    ],
)
def test_who_approves_is_not_who_proposed(told, how):
    assert details(matter(*told), "four_eyes") == how


def test_the_same_hand_is_refused_when_asking():
    told = [did("propose", "2026-03-03", actor="A")]
    with pytest.raises(Refused) as refused:
        matter(*told, {"at": "2026-03-04", "try": "approve", "by": "chief", "actor": "A"})
    assert [(one.id, one.needs) for one in refused.value.reasons] == [("four_eyes", ("propose",))]
    assert matter(*told, {"at": "2026-03-04", "try": "approve", "by": "chief", "actor": "B"}).case.version == 3


# --- authority in time ---------------------------------------------------------------

LENT = did("lend", "2026-03-03", "chief", **{"with": {"first_day": "2026-03-04", "last_day": "2026-03-10"}})


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ([did("approve", "2026-03-04", "deputy")], [("not_delegated",)]),
        ([LENT, did("approve", "2026-03-03", "deputy")], [("delegation_lapsed",)]),  # before its first day
        ([LENT, did("approve", "2026-03-04", "deputy")], []),
        ([LENT, did("approve", "2026-03-10", "deputy")], []),
        ([LENT, did("approve", "2026-03-11", "deputy")], [("delegation_lapsed",)]),
        (
            [LENT, did("take_back", "2026-03-05", "chief"), did("approve", "2026-03-06", "deputy")],
            [("delegation_lapsed",)],
        ),
        ([did("lend", "2026-03-03", "chief"), did("approve", "2026-04-20", "deputy")], []),  # without an end
        ([did("lend", "2026-03-03", "office"), did("approve", "2026-03-04", "deputy")], [("not_delegated",)]),
    ],
)
def test_a_role_that_is_lent_acts_only_while_it_is(told, wrong):
    lines = found(matter(*told), "delegation")
    assert [one.detail for one in lines] == wrong
    assert all(one.verdict == "invalid" for one in lines)  # it exercises a power


@pytest.mark.parametrize(
    ("at", "due", "granted"), [("2026-03-05", "2026-03-18", "pass"), ("2026-03-11", "2026-03-11", "invalid")]
)
def test_an_extension_or_a_grant_by_a_role_no_longer_lent_is_invalid(at, due, granted):
    story = matter(LENT, did("meet", "2026-03-04"), did("prolong", at, "deputy"))
    assert str(line(judged(story, "2026-03-11"), "a3.answer").due) == due
    spared = matter(LENT, did("meet", "2026-03-04"), did("spare", at, "deputy"))
    result = judged(spared, "2026-03-11")
    assert line(result, "a3.spare").verdict == granted
    assert line(result, "a3.answer").verdict == ("exempt" if granted == "pass" else "pending")


def test_a_borrowed_role_named_in_a_field_is_a_finding_and_refused_when_asking():
    sits = did("sit", "2026-03-12", **{"with": {"chair": "deputy"}})
    (one,) = found(matter(LENT, sits), "delegation")
    assert (one.verdict, one.note(InvalidDelegation).role) == ("finding", "deputy")
    with pytest.raises(Refused) as refused:
        matter(LENT, {"at": "2026-03-12", "try": "sit", "by": "office", "with": {"chair": "deputy"}})
    assert [one.id for one in refused.value.reasons] == ["delegation"]


def test_an_office_that_is_no_longer_there_has_no_authority():
    with pytest.raises(Refused) as refused:
        matter({"at": "2026-03-12", "try": "meet", "by": "old_bureau"})
    assert [one.id for one in refused.value.reasons] == ["role"]
    result = judged(matter(did("meet", "2026-03-12", "old_bureau")), "2026-03-13")
    (one,) = [one for one in result.verdicts if one.is_action]
    assert (one.obligation, one.verdict, one.detail) == ("meet", "finding", ("not_in_force",))


@pytest.mark.parametrize(
    ("by", "ident", "detail"),
    [("deputy", "integrity.delegation", "not_delegated"), ("old_bureau", "integrity.authority", "not_in_force")],
)
def test_determinations_are_held_to_authority_in_time_as_well(by, ident, detail):
    story = matter({"at": "2026-03-12", "determine": {"urgent": True}, "by": by, "reason": "r"})
    one = line(judged(story, "2026-03-12"), ident)
    assert (one.detail, one.needs, one.verdict) == ((detail,), ("urgent",), "finding")
    now = shanghai("2026-03-12T10:00:00")
    with pytest.raises(Refused):
        statements.determine(story.recording(Attribution(by=by), now), {"urgent": False}, reason="r")


# --- proof and links -------------------------------------------------------------------


def test_a_duty_performed_without_its_proof_names_what_is_missing():
    (one,) = found(matter(did("report", "2026-03-04", **{"with": {"number": "7"}})), "receipt")
    assert (one.verdict, one.missing, one.note(MissingReceipt).obligations) == ("finding", ("letter",), ("a2.report",))
    papers = did("report", "2026-03-04", evidence=["scan.pdf"], **{"with": {"number": "7"}})
    assert found(matter(papers), "receipt") == []
    bare = did("report", "2026-03-04", evidence=["scan.pdf"])
    assert [one.missing for one in found(matter(bare), "receipt")] == [("number",)]


def commented(item: str, at: str = "2026-03-03") -> dict[str, Any]:
    return did("comment", at, **{"for": item, "with": {"text": item}})


@pytest.mark.parametrize(
    ("comments", "missing", "unknown"),
    [(["c1", "c2"], (), None), ("c2, c1", (), None), (["c1"], ("c2",), None), (None, ("c1", "c2"), None),
     (["c1", "c2", "c9"], (), ("c9",))],
)  # fmt: skip
def test_a_list_that_must_be_complete_names_every_item_there_was(comments, missing, unknown):
    told = [commented("c1"), commented("c2"), did("report", "2026-03-04", **{"with": {"comments": comments}})]
    lines = found(matter(*told, commented("c3", "2026-03-05")), "link")
    assert [(one.missing, one.note(BrokenReference).unknown) for one in lines] == (
        [(missing, unknown)] if missing or unknown else []
    )


# --- when it was recorded ----------------------------------------------------------------


def recorded(day: str, **keys: Any) -> ScriptedCase:
    return matter(did("meet", "2026-03-04", known=day, **keys))


@pytest.mark.parametrize(("known", "late"), [("2026-03-11", None), ("2026-03-12", 6), ("2026-03-14", 7)])
def test_what_is_recorded_long_after_it_happened_is_a_finding(known, late):
    lines = found(recorded(known), "backdated")
    assert [one.note(Backdated).days for one in lines] == ([late] if late else [])


def test_histories_that_are_brought_in_are_told_apart():
    story = matter()
    for key, expected in ((f"{IMPORTED}abc:1", 0), ("mine", 1)):
        command = Command(action="meet", by="office", at=date(2026, 3, 4), key=key)
        event = decide(story.compiled, story.case, command, story.calendars, shanghai("2026-04-20T09:00:00"))
        told = ScriptedCase(story.compiled, story.calendars, evolve(story.case, event))
        assert len(found(told, "backdated")) == expected


def test_what_was_withdrawn_again_is_not_backdated():
    withdrawn = {"at": "2026-03-21", "correct": "2", "by": "office", "reason": "never was", "retract": True}
    assert found(matter(did("meet", "2026-03-04", known="2026-03-20"), withdrawn), "backdated") == []


def test_without_a_number_nothing_is_backdated():
    compiled = compiled_from("papers", "papers/handling")
    told = {"at": "2026-03-04", "do": "decide", "known": "2026-04-20"}
    assert found(story_of(compiled, told, opened="2026-03-02", by="office"), "backdated") == []


def test_what_is_changed_after_the_end_is_on_the_record():
    close = did("close", "2026-03-10")
    said = {"at": "2026-03-12", "determine": {"urgent": True}, "by": "office", "reason": "late"}
    mended = {"at": "2026-03-13", "correct": "2", "by": "office", "reason": "typo", "with": {"at": "2026-03-05"}}
    slipped = did("meet", "2026-03-05", known="2026-03-14")
    story = matter(did("meet", "2026-03-04"), close, said, mended, slipped)
    lines = found(story, "after_close")
    assert [one.note(AfterClosing).event for one in lines] == ["determined", "corrected", "act"]
    assert all(one.note(AfterClosing).state == "closed" for one in lines)
    assert found(story, "after_close", "2026-03-11") == [lines[2]]  # as of then, by what is known now
    assert found(matter(did("meet", "2026-03-04"), close), "after_close") == []

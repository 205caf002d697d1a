"""Every verdict says why in one sentence, in both languages, without an id standing alone or an empty place."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import get_args

import pytest
from tests.support import judged, line as line_of, mini, tell

from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.model import findings as f
from zhengxie_flow.model.counting import Direction, Unit, opens
from zhengxie_flow.model.verdict import (
    REASONED,
    ActRef,
    CountProof,
    Judgement,
    Verdict,
    reason_kind,
)
from zhengxie_flow.model.working import (
    AppliedExemption,
    Delay,
    EndedBy,
    FailedConditions,
    LiftedBy,
    PassedOver,
    ReasonKind,
)
from zhengxie_flow.presentation.amounts import amount_text
from zhengxie_flow.presentation.citations import cited
from zhengxie_flow.presentation.labels import Labels
from zhengxie_flow.presentation.sentences import sentence

DAY, DONE = date(2026, 2, 5), date(2026, 2, 9)
AT = datetime(2026, 2, 9, 1, 30, tzinfo=UTC)
IDS = re.compile(r"[a-z]+_[a-z_]+|\b[ao]\d*\.[a-z_]+|integrity\.|sentence\.|\{|\[\[|None|「」|\"\"|：-|: -\B")


class Proof(CountProof):
    """The proof of a limit of some direction, which counts nothing."""

    def __init__(self, direction: Direction) -> None:
        self.way = direction

    @property
    def direction(self) -> Direction:
        return self.way

    def working(self) -> None:
        return None


def both(line: Judgement) -> tuple[str, str]:
    return sentence(line, Labels(mini(), "zh")), sentence(line, Labels(mini(), "en"))


def clean(text: str) -> bool:
    return bool(text) and not IDS.search(text)


def in_chinese(text: str) -> bool:
    """Beside numbers and items' own ids nothing is in Latin letters."""
    return not re.search(r"[A-Za-z]{3,}", text)


def act(action: str | None = "notify") -> ActRef:
    return ActRef(3, DONE, action)


def lines_of_obligations():
    for verdict, direction, done in product(Verdict, get_args(Direction), (True, False)):
        day = {
            "forward": {"due": DAY}, "by_date": {"due": DAY}, "by": {"due": DAY}, "backward": {"latest": DAY},
            "order_before": {"latest": DAY}, "minimum": {"earliest": DAY}, "earliest": {"earliest": DAY}, "order_after": {},
        }[direction]  # fmt: skip
        late = {"early_by": Delay(2, "working_day")} if opens(direction) and done else {}
        if day and not late and not opens(direction):
            late = {"late_by": Delay(2, "working_day")}
        yield Judgement(
            obligation="a2.notice", verdict=verdict, clause="2", actual=act() if done else None, proof=Proof(direction),
            as_of=None if done else DONE, needs=("urgent",) if verdict is Verdict.NEEDS_JUDGEMENT else (),
            missing=("hold",) if verdict is Verdict.INCOMPLETE else (), who=("office",), **day, **late,
        )  # fmt: skip
    for verdict, note, detail in product(Verdict, (None, EndedBy(4)), ((), ("held",))):
        notes = () if note is None else (note,)
        yield Judgement(obligation="a4.settle", verdict=verdict, detail=detail, notes=notes, missing=("g1",))
    for ident, verdict in product(("a2.notice", "a2.joint"), (Verdict.BREACH, Verdict.DEVIATION, Verdict.FINDING)):
        yield Judgement(obligation=ident, verdict=verdict, clause="2", notes=(PassedOver(4, DONE, "held"),))
    lifted = LiftedBy((AppliedExemption("a5.spare", 4, DONE, "office", None, "5", (), partial=False),))
    yield Judgement(obligation="a2.notice", verdict=Verdict.EXEMPT, notes=(lifted,))
    for needs in (("at",), ("calendar",), ()):
        yield Judgement(obligation="a2.notice", verdict=Verdict.NEEDS_JUDGEMENT, needs=needs, proof=Proof("forward"))
    for detail in ("suspended", "outside_calendar", "withdrawn", "replaced"):
        for verdict in (Verdict.PENDING, Verdict.PROVISIONAL, Verdict.NOT_APPLICABLE):
            yield Judgement(obligation="a2.notice", verdict=verdict, detail=(detail,), waits_for=("hold",))


def lines_of_requirements():
    for verdict, done in product(Verdict, (True, False)):
        for ident in ("a2.joint", "a5.spare"):
            yield Judgement(
                obligation=ident, verdict=verdict, clause="2", actual=act("prepare") if done else None,
                notes=(FailedConditions(()),), needs=("urgent",), waits_for=("prepare",),
            )  # fmt: skip


def lines_of_acts():
    for verdict, detail in product(
        Verdict,
        ((), ("wrong_authority",), ("not_in_force",), ("delegation_lapsed",), ("after_expiry",), ("retroactive",)),
    ):
        yield Judgement(
            obligation="notify", verdict=verdict, detail=detail, actual=act(), who=("office",), is_action=True
        )


NOTES = (
    f.OutOfOrder("hold", "planned"), f.ItemOutOfOrder("hold", "planned"), f.BeforeAnchor("hold", "a2.notice", DAY),
    f.NeverStated("hold", "notify", DAY, "a2.notice", DAY),
    f.OpenedSubcase("hold", "case-2"), f.Gap("hold", "notify", DAY, 3, "working_day"),
    f.FourEyesViolation("hold", "notify"), f.InvalidDelegation("hold", "office"),
    f.BrokenReference("hold", "urgent", ("g9",)), f.MissingReceipt("hold", ("a2.notice",)),
    f.Backdated(DONE, 12, "working_day", 10), f.AfterClosing("held", DAY, "act"),
    f.ClockBehind(AT, AT, "没电"),
    f.MilderRecord("corrected", DAY, 2, (
        f.ValueChange("at", "2026-02-05", "2026-02-09"), f.ValueChange("urgent", False, True), f.ValueChange("urgent"),
        f.ValueChange("retract", False, True), f.ValueChange("by", "office", "department"),
    ), (f.MilderVerdict("a2.notice", "g1", "overdue", "pass"), f.MilderVerdict("a4.settle", None, "breach", None))),
)  # fmt: skip


def lines_of_findings():
    ids = sorted(key.removeprefix("duty.") for key in texts() if key.startswith("duty.integrity."))
    for ident, note, ref in product(ids, (None, *NOTES), (act("hold"), act(None))):
        notes = () if note is None else (note,)
        yield Judgement(obligation=ident, verdict=Verdict.FINDING, notes=notes, actual=ref, missing=("g1",))
        yield Judgement(
            obligation=ident, verdict=Verdict.FINDING, actual=ref, needs=("urgent",), detail=("wrong_authority",),
            who=("office",),
        )  # fmt: skip


ALL = {
    "obligations": lines_of_obligations, "requirements": lines_of_requirements, "acts": lines_of_acts,
    "findings": lines_of_findings,
}  # fmt: skip


@pytest.mark.parametrize("family", ALL)
def test_every_line_has_a_sentence_without_an_empty_place_or_a_bare_id(family):
    wrong = [
        (str(line.verdict), line.obligation, text)
        for line in ALL[family]()
        for lang, text in zip(("zh", "en"), both(line), strict=True)
        if not clean(text) or (lang == "zh" and not in_chinese(text))
    ]
    assert wrong == []


def test_every_kind_of_note_about_the_record_is_among_those_tried():
    assert {type(note) for note in NOTES} == set(get_args(f.FindingNote))


def test_every_kind_of_reason_comes_up():
    lines = [line for family in ALL.values() for line in family() if line.verdict in REASONED]
    extra = replace(
        lines[0], verdict=Verdict.BREACH, early_by=None, late_by=None, proof=Proof("order_after"), actual=act()
    )
    unrecorded = Judgement(obligation="a5.spare", verdict=Verdict.INCOMPLETE, missing=("urgent",), actual=act())
    assert {reason_kind(line) for line in [*lines, extra, unrecorded]} == set(get_args(ReasonKind))
    assert all(line.working is not None and line.working.reason is not None for line in lines)


@pytest.mark.parametrize("unit", get_args(Unit))
def test_amounts_are_in_words(unit):
    assert [amount_text(Delay(number, unit), "en") for number in (1, 12)] == [
        amount_text(Delay(1, unit), "en"),
        amount_text(Delay(12, unit), "en"),
    ]
    assert amount_text(Delay(1, unit), "en").startswith("one ")
    assert not amount_text(Delay(1, unit), "en").endswith("s")
    assert amount_text(Delay(12, unit), "en").endswith("s")
    assert clean(amount_text(Delay(2, unit), "zh"))


def test_a_late_notice_says_the_last_day_its_own_and_the_working_days_between():
    story = tell(
        {"at": "2026-02-09", "do": "notify", "for": "g1", "by": "office"},
        {"at": "2026-03-04", "do": "hold", "by": "department"},
    )
    line = line_of(judged(story, "2026-03-10"), "a2.notice")
    assert line.late_by == Delay(2, "working_day")
    assert both(line) == (
        "通知：最迟应于2026年2月5日办理，2月9日办理，晚2个工作日（第二条）",
        "Notify: due by 5 Feb 2026, done on 9 Feb, two working days late (Art. 2)",
    )


def test_a_failed_requirement_names_what_was_missing():
    story = tell(
        {"at": "2026-02-05", "do": "notify", "for": "g1", "by": "office"},
        {"at": "2026-02-11", "do": "prepare", "by": "office"},
    )
    line = line_of(judged(story, "2026-03-10"), "a2.joint")
    assert line.verdict is Verdict.BREACH
    note = line.note(FailedConditions)
    assert note is not None
    assert note.failed
    assert all(entry.names for entry in note.failed)
    zh, en = both(line)
    assert "未达要求" in zh
    assert "requirement not met" in en


@pytest.mark.parametrize(
    ("clause", "zh", "en"),
    [
        ("7", "第七条", "Art. 7"),
        ("16.3", "第十六条（三）", "Art. 16(3)"),
        ("35, 7.2", "第三十五条、第七条（二）", "Art. 35, Art. 7(2)"),
        ("Annex", "Annex", "Annex"),
    ],
)
def test_clauses_are_cited_in_words(clause, zh, en):
    assert (cited(clause, None, "zh"), cited(clause, None, "en")) == (zh, en)

"""The reference of verdicts, rule by rule: each words of the page, with a story in which it comes out so.

The words are looked up on the page, so that neither can change without the other.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from tests.support import judged, line, tell
from tests.unit.engine.test_exemptions import BY_LAW, urgent, variant
from tests.unit.engine.test_limits import did, lines, the

from zhengxie_flow.engine.judging.force import soften
from zhengxie_flow.model.verdict import Verdict

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "verdicts.md").read_text(encoding="utf-8")
WORDS = re.sub(r"\s+", " ", PAGE)

ONE = timedelta(days=1)
R = did("2026-01-05", "receive")
FIVE = {"within": 5, "unit": "working_day", "after": "receive"}  # until Monday 12 January
BACK = {"at_least": 5, "unit": "working_day", "before": "publish"}
PLAN = {"at": "2026-01-05", "plan": "publish", "to": "2026-01-20"}  # so the latest day is Tuesday 13 January
WAIT = {"at_least": 5, "unit": "working_day", "after": "receive"}
ORDER = {"before": "publish"}
TIMELY = {"after": "receive", "timely": True, "judged_by": "ready"}
EXTEND = {**FIVE, "extended_by": {"action": "extend", "by": "head", "add": {"field": "days"}, "up_to": 3}}
HOLD = {**FIVE, "suspended": {"from": "stop", "until": "resume"}}
HELD = {"state": "held"}
SPARE = {"do": "spare", "with": {"urgent": True, "why": "flood"}}
SOFT = {"id": "soft.one", "law": "1", "force": "should", "zh": "先受理", "that": {"done": "accept"}}
FREE = {"id": "free.one", "zh": "先受理", "that": {"done": "accept"}}


def answer(limit, *told, as_of="2026-01-30", **more):
    """The line of the duty to answer."""
    return the(lines(limit, list(told), as_of, **more))


def act(limit, *told, as_of="2026-01-30", **more):
    """The line about an act as such, the one that is not simply in order."""
    return next(one for one in lines(limit, list(told), as_of, **more) if one.is_action)


def mini(ident, *told, as_of="2026-03-10", item=None, **given):
    """A line of the small statute."""
    return line(judged(tell(*told, **given), as_of), ident, item)


def told(at, **what):
    return {"at": at, **what}


def finding(ident, *happened, as_of="2026-03-10", **given):
    return next(
        one
        for one in judged(tell(*happened, **given), as_of).verdicts
        if one.obligation == ident and one.verdict == "finding"
    )


UNCERTAIN = {"when": {"all": ["ready"]}}
DUE_IN_2026 = told("2026-11-20", plan="receive", to="2026-12-30")
VIEW = told("2026-03-05", do="note", **{"for": "v1", "with": {"guest": "g1"}})
DECIDE = told("2026-02-11", do="decide")
CLOSES = {"stop": {"by": "office", "closes": ["the.duty"]}}
ENDS = {
    "states": {"open": {}, "closed": {"final": True}},
    "actions": {"end": {"by": "office", "from": "open", "to": "closed"}},
}
REFERENCE = {"duty": {"force": "by_reference"}}

ROWS = [
    # verdict, detail, words of the page, story
    ("breach", (), "a hard obligation was done too late", lambda: answer(FIVE, R, did("2026-01-13", "answer"))),
    ("breach", (), "not done before what it had to precede", lambda: answer(ORDER, did("2026-01-06", "publish"))),
    ("breach", ("closed",), "or can no longer be done", lambda: answer(None, did("2026-01-06", "end"), **ENDS)),
    ("overdue", (), "not done, and the day is past", lambda: answer(FIVE, R)),
    ("overdue", (), "moving the event still cures it", lambda: answer(BACK, PLAN, as_of="2026-01-14")),
    ("invalid", ("wrong_authority",), "a power exercised by somebody who may not", lambda: mini("a5.spare", told("2026-02-10", by="office", **SPARE))),
    ("invalid", (), "or on no ground", lambda: mini("a5.spare", told("2026-02-10", do="spare", **{"with": {"urgent": False, "why": "x"}}))),
    ("incomplete", (), "the act is there but what it rests on is not", lambda: answer(BACK, did("2026-01-06", "answer"))),
    ("incomplete", (), "an obligation over items was closed while some were open", lambda: mini("a4.settle", VIEW, told("2026-03-08", do="reply"), item="v1", **HELD)),
    ("deviation", (), "a soft obligation (`should`) departed from without a reason in time", lambda: answer(FIVE, R, did("2026-01-13", "answer"), duty={"force": "should"})),
    ("finding", (), "acts out of order", lambda: finding("integrity.order", told("2026-02-04", do="hold"))),
    ("finding", ("wrong_authority",), "an act or determination by a role that may not", lambda: finding("finish", told("2026-03-04", do="finish", by="partner"), **HELD)),
    ("finding", ("wrong_authority",), "an act or determination by a role that may not", lambda: finding("integrity.authority", told("2026-02-01", determine={"urgent": True}, by="partner", reason="x"))),
    ("needs_judgement", (), "only a person can say, and nobody has", lambda: answer(TIMELY, R, did("2026-01-06", "answer"))),
    ("needs_parameter", (), "the limit takes its number from a parameter nobody has set", lambda: answer({"after": "receive", "parameter": "unset"}, R, parameters={"unset": {"law": "1", "status": "not_in_text"}})),
    ("lapsed", (), "not done, or done late, where being late only loses the right", lambda: answer({**FIVE, "late": "lapsed"}, R)),
    ("lapsed", (), "not done, or done late, where being late only loses the right", lambda: answer({**FIVE, "late": "lapsed"}, R, did("2026-01-13", "answer"))),
    ("out_of_time", (), "done late where that wrongs nobody and counts for nothing", lambda: answer({**FIVE, "late": "out_of_time"}, R, did("2026-01-13", "answer"))),
    ("capped", (), "an extension that asked for more than there is", lambda: act(EXTEND, R, did("2026-01-06", "extend", by="head", **{"with": {"days": 9}}))),
    ("provisional", (), "the day rests on a year whose holiday notice is not out", lambda: answer(FIVE, DUE_IN_2026, as_of="2026-11-22")),
    ("pending", (), "not due yet", lambda: answer(FIVE, R, as_of="2026-01-12")),
    ("pending", (), "or waiting for the act that starts the clock", lambda: answer(FIVE, did("2026-01-05", "stop"))),
    ("deemed", (), "done by force of law", lambda: act({**FIVE, "on_lapse": {"deem": {"action": "accept"}}}, R)),
    ("deemed", (), "for an obligation, answered by such an act", lambda: answer(FIVE, R, did("2026-01-09", "accept"), actions={"accept": {"by": "office", "deem": {"action": "answer"}}})),
    ("deviation_justified", (), "with a reason recorded on or before the due day", lambda: answer(FIVE, R, told("2026-01-12", explain="the.duty", reason="r", public=True), did("2026-01-13", "answer"), duty={"force": "should"})),
    ("exempt", (), "lifted by an exemption from the day it was granted", lambda: mini("a3.conclude", told("2026-02-10", **SPARE))),
    ("pass", (), "done, and in time", lambda: answer(FIVE, R, did("2026-01-12", "answer"))),
    ("not_applicable", (), "the obligation does not arise", lambda: answer(FIVE, R, duty={"when": {"ready": {"recorded": True}}})),
    # how a limit is judged
    ("pass", (), "By the due day `pass`", lambda: answer(FIVE, R, did("2026-01-12", "answer"))),
    ("breach", (), "later `breach`", lambda: answer(FIVE, R, did("2026-01-13", "answer"))),
    ("overdue", (), "not done after it `overdue`", lambda: answer(FIVE, R, as_of="2026-01-13")),
    ("pending", (), "is only planned or projected, the limit is `pending`", lambda: answer(FIVE, told("2026-01-05", plan="receive", to="2026-01-06"), as_of="2026-01-30")),
    ("incomplete", (), "Done without its anchor: `incomplete`", lambda: answer(FIVE, did("2026-01-06", "answer"))),
    ("pass", (), "On or before the latest day `pass`", lambda: answer(BACK, PLAN, did("2026-01-13", "answer"))),
    ("overdue", (), "`overdue` while the anchor is planned", lambda: answer(BACK, PLAN, did("2026-01-14", "answer"))),
    ("breach", (), "`breach` once it happened", lambda: answer(BACK, PLAN, did("2026-01-14", "answer"), did("2026-01-20", "publish"))),
    ("pass", (), "Each new plan tests it again", lambda: answer(BACK, PLAN, did("2026-01-14", "answer"), told("2026-01-15", plan="publish", to="2026-01-21"))),
    ("breach", (), "or the earliest day (`at_least … after`)", lambda: answer(WAIT, R, did("2026-01-09", "answer"))),
    ("pass", (), "or the earliest day (`at_least … after`)", lambda: answer(WAIT, R, did("2026-01-12", "answer"))),
    ("pass", (), "on one day the order of the journal decides", lambda: answer(ORDER, did("2026-01-06", "answer"), did("2026-01-06", "publish"))),
    ("breach", (), "else `breach` once X happened", lambda: answer(ORDER, did("2026-01-06", "publish"), did("2026-01-06", "answer"))),
    ("pass", (), "only a recorded determination (`judged_by`) says whether in time", lambda: answer(TIMELY, R, did("2026-01-06", "answer"), told("2026-01-07", determine={"ready": True}, reason="r"))),
    ("breach", (), "only a recorded determination (`judged_by`) says whether in time", lambda: answer(TIMELY, R, did("2026-01-06", "answer"), told("2026-01-07", determine={"ready": False}, reason="r"))),
    ("pass", ("hindsight",), "the line has the detail `hindsight`", lambda: mini("a2.notice", told("2020-01-17", do="notify", by="office", **{"for": "g1"}), told("2020-02-12", do="hold"), as_of="2020-02-12", item="g1", opened="2020-01-02")),
    # force
    ("not_applicable", (), "unused it is `not_applicable`", lambda: answer(FIVE, R, duty={"force": "may"})),
    ("deviation", (), "`by_reference`: a breach is a `deviation`", lambda: answer(FIVE, R, did("2026-01-13", "answer"), **REFERENCE)),
    ("deviation", (), "`should`: a breach is a `deviation`", lambda: the(lines(FIVE, [R, did("2026-01-09", "answer")], "2026-01-12", actions={"answer": {"by": "office", "requires": [SOFT]}}), "soft.one")),
    # conditions on a duty
    ("not_applicable", (), "`when` false: `not_applicable`", lambda: answer(FIVE, told("2026-01-05", determine={"ready": False}, reason="r"), R, duty=UNCERTAIN)),
    ("needs_judgement", (), "`when` unknown: `needs_judgement` as soon as there is anything to judge, never `pass`", lambda: answer(FIVE, R, did("2026-01-06", "answer"), duty=UNCERTAIN)),
    ("pass", (), "A requirement whose `that` holds is met whether its `when` does or not", lambda: the(lines(FIVE, [R, did("2026-01-06", "accept"), did("2026-01-06", "answer")], "2026-01-12", actions={"answer": {"by": "office", "requires": [{**SOFT, **UNCERTAIN}]}}), "soft.one")),
    ("provisional", ("outside_calendar",), "`provisional` while nothing has happened", lambda: mini("a2.notice", told("2026-01-06", plan="hold", to="2099-01-01"), as_of="2026-01-10", item="g1")),
    ("needs_judgement", ("outside_calendar",), "`needs_judgement` once something has", lambda: mini("a2.notice", told("2007-01-03", do="hold"), as_of="2007-01-05", item="g1", opened="2007-01-02", state="ready")),
    # exemptions
    ("breach", ("retroactive",), "it is itself a `breach` with the detail `retroactive`", lambda: mini("a5.spare", DECIDE, told("2026-02-12", **SPARE))),
    ("breach", (), "cures nothing already due", lambda: mini("order.talk_first", DECIDE, told("2026-02-12", **SPARE))),
    ("pass", (), "what was done before is judged as it was", lambda: mini("a2.joint", told("2026-02-08", do="agree", by="partner"), told("2026-02-09", do="prepare"), told("2026-02-10", **SPARE))),
    ("incomplete", (), "without all it must record it is `incomplete`", lambda: mini("a5.spare", told("2026-02-10", do="spare", **{"with": {"urgent": True}}))),
    ("exempt", ("partial",), "kept as shortened, `exempt` with the detail `partial`", lambda: mini("a2.notice", urgent("2026-01-10"), told("2026-01-11", plan="hold", to="2026-03-04"), told("2026-02-26", do="notify", by="office", **{"for": "g1"}), as_of="2026-02-27", item="g1", compiled=variant(BY_LAW))),
    # the end of the case
    ("exempt", (), "In a final state a lifted obligation is `exempt`", lambda: mini("a3.conclude", told("2026-02-10", **SPARE), told("2026-02-20", do="close"))),
    ("not_applicable", ("closed",), "one whose clock runs and is not yet due becomes `not_applicable`", lambda: mini("a3.conclude", told("2026-03-04", do="finish"), told("2026-03-06", do="close"), **HELD)),
    ("overdue", (), "what was breached or overdue stays", lambda: mini("a3.conclude", told("2026-03-04", do="finish"), told("2026-03-13", do="close"), as_of="2026-03-20", **HELD)),
    ("breach", ("closed",), "one without a limit, or without a day (order alone, open texture), is a `breach` at the act that ended the case", lambda: answer({"after": "receive"}, R, did("2026-01-06", "end"), **ENDS)),
    ("breach", ("closed",), "is a `breach` there if its anchor was [owed](#what-is-owed)", lambda: answer(FIVE, did("2026-01-06", "end"), obligations={"other": {"law": "1", "do": "receive"}}, **ENDS)),
    ("not_applicable", ("closed",), "nobody misses what hangs on an optional act", lambda: mini("a3.conclude", told("2026-03-04", do="close"), **HELD)),
    ("overdue", (), "a lapse that ends the case leaves the obligations due that day `overdue`", lambda: answer({**FIVE, "on_lapse": {"deem": {"action": "end"}}}, R, **ENDS)),
    ("lapsed", (), "(a right: `lapsed`)", lambda: answer({**FIVE, "late": "lapsed", "on_lapse": {"deem": {"action": "end"}}}, R, **ENDS)),
    ("not_applicable", ("closed",), "an act that ends it on their last day leaves them not yet due", lambda: answer(FIVE, R, did("2026-01-12", "end"), **ENDS)),
    ("not_applicable", ("dropped",), "`final: withdrawn` makes all of it `not_applicable`", lambda: mini("a3.conclude", told("2026-03-04", do="drop"), **HELD)),
    ("breach", (), "what was open or overdue and neither lifted nor performed by then is a `breach` at that act", lambda: answer(FIVE, R, did("2026-01-06", "stop"), actions=CLOSES, as_of="2026-01-20")),
    ("breach", (), "what was open or overdue and neither lifted nor performed by then is a `breach` at that act", lambda: answer(FIVE, R, did("2026-01-19", "stop"), actions=CLOSES, as_of="2026-01-20")),
    ("incomplete", (), "of an obligation over items it leaves the open ones `incomplete`", lambda: mini("a4.settle", VIEW, told("2026-03-08", do="reply"), item="v1", **HELD)),
    # details that stand beside a verdict
    ("pending", ("suspended",), "`suspended`", lambda: answer(HOLD, R, did("2026-01-07", "stop"))),
    ("invalid", ("after_expiry",), "`after_expiry`", lambda: act(EXTEND, R, did("2026-01-13", "extend", by="head", **{"with": {"days": 2}}))),
    ("invalid", ("round_closed",), "`round_closed`", lambda: act(EXTEND, R, did("2026-01-06", "answer"), did("2026-01-07", "extend", by="head", **{"with": {"days": 2}}))),
    ("invalid", ("wrong_authority",), "`wrong_authority`", lambda: act(EXTEND, R, did("2026-01-06", "extend", by="office", **{"with": {"days": 2}}))),
    ("finding", (), "nothing the law names, but an auditor looks for it", lambda: the(lines(FIVE, [R, did("2026-01-09", "answer")], "2026-01-12", actions={"answer": {"by": "office", "requires": [FREE]}}), "free.one")),
]  # fmt: skip


@pytest.mark.parametrize(("verdict", "detail", "words", "story"), ROWS, ids=[f"{row[0]}-{row[2][:40]}" for row in ROWS])
def test_what_the_page_says_comes_out(verdict, detail, words, story):
    assert words in WORDS, "the page says it no longer"
    found = story()
    assert (str(found.verdict), found.detail) == (verdict, detail)


def table():
    return re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)


def test_the_page_lists_every_verdict_worst_first_and_each_is_shown():
    assert table() == [str(verdict) for verdict in Verdict]
    assert {row[0] for row in ROWS} == set(table())


def test_each_way_to_judge_a_limit_is_shown():
    for heading in re.findall(r"^- \*\*([A-Z][^*]+)\*\*(.*?)(?=^- \*\*|^##)", PAGE, re.MULTILINE | re.DOTALL):
        said = re.sub(r"\s+", " ", " ".join(heading))
        assert [row for row in ROWS if row[2] in said] or "Not firm" in said, said


def test_every_detail_that_the_page_names_is_shown():
    named = re.search(r"never a new verdict: ((?:`\w+`, )+)", WORDS)
    assert named is not None
    shown = {detail for row in ROWS for detail in row[1]}
    assert set(re.findall(r"`(\w+)`", named[1])) <= shown


@pytest.mark.parametrize(
    ("verdict", "force", "expected"),
    [
        ("breach", "must", "breach"), ("breach", "must_not", "breach"), ("breach", "should", "deviation"),
        ("breach", "by_reference", "deviation"), ("deviation", "by_reference", "finding"), ("overdue", "by_reference", "overdue"),
        ("overdue", "should", "overdue"), ("pass", "by_reference", "pass"), ("deviation", "should", "deviation"),
    ],
)  # fmt: skip
def test_how_force_weighs(verdict, force, expected):
    assert soften(Verdict(verdict), force) == expected


def test_an_act_by_the_earliest_possible_day_passes_and_after_the_latest_is_late():
    """The notice for 2027 is not out: what lies between the two ends cannot be said yet."""
    start = did("2026-12-25", "receive")
    open_ = answer(FIVE, start, as_of="2026-12-26")
    low, high = open_.working.limit.possible
    assert (open_.verdict, low < high) == ("provisional", True)

    def done(day):
        return answer(FIVE, start, did(day.isoformat(), "answer"), as_of="2027-01-31").verdict

    assert [done(low), done(low + ONE), done(high), done(high + ONE)] == [
        "pass",
        "provisional",
        "provisional",
        "breach",
    ]

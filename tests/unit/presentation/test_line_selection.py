"""Which lines of an audit a reader gets first: every verdict has its place, and no line is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product

from zhengxie_flow.model.verdict import ADVERSE, Judgement, Verdict
from zhengxie_flow.presentation.line_selection import OPEN, asks_attention, select

IN_ORDER = {Verdict.PASS, Verdict.EXEMPT, Verdict.DEEMED, Verdict.DEVIATION_JUSTIFIED, Verdict.NOT_APPLICABLE}
UNSETTLED = {Verdict.NEEDS_JUDGEMENT, Verdict.NEEDS_PARAMETER, Verdict.CAPPED}
DAY = date(2026, 2, 5)


def every_line():
    for verdict, waits_for, due in product(Verdict, ((), ("hold",)), (None, DAY)):
        yield Judgement(obligation="a2.notice", verdict=verdict, waits_for=waits_for, due=due, sentence="Notify")


def test_each_verdict_is_adverse_unsettled_open_or_in_order():
    assert set(Verdict) == ADVERSE | UNSETTLED | OPEN | IN_ORDER


def test_what_is_not_in_order_or_not_settled_is_always_shown_and_what_is_in_order_never():
    for line in every_line():
        if line.verdict in (ADVERSE | UNSETTLED) - OPEN:
            assert asks_attention(line), line
        if line.verdict in IN_ORDER:
            assert not asks_attention(line), line


def test_what_waits_for_an_act_without_a_day_asks_nothing_of_anybody():
    waiting = {line for line in map(hashable, every_line()) if line[0] in OPEN and not line[3]}
    assert waiting == {(verdict, True, False, False) for verdict in OPEN}


def hashable(line):
    return line.verdict, bool(line.waits_for), line.day is not None, asks_attention(line)


def test_no_line_is_lost_and_the_worst_and_most_urgent_come_first():
    lines = [
        *(replace(line, item=item) for item, line in product(("g1", "g2"), every_line())),
        Judgement(obligation="a3.reply", verdict=Verdict.PENDING, due=date(2026, 1, 5)),
    ]
    chosen = select(lines)
    shown = [line for group in chosen.groups for line in group.lines]
    assert len(shown) + sum(chosen.omitted.values()) == len(lines)
    assert Counter(line.verdict for line in lines if not asks_attention(line)) == chosen.omitted
    firsts = [group.first for group in chosen.groups]
    assert [line.verdict.severity for line in firsts] == sorted(line.verdict.severity for line in firsts)
    assert [line.day for line in firsts if line.verdict is Verdict.PENDING] == [date(2026, 1, 5), DAY, None]
    assert all(group.items in {("g1", "g2"), ("g1", "g1", "g2", "g2"), ()} for group in chosen.groups)


def test_lines_of_other_rounds_days_acts_or_sentences_stay_apart():
    line = Judgement(obligation="a2.notice", verdict=Verdict.BREACH, latest=DAY, sentence="late", item="g1")
    others = (replace(line, round=2), replace(line, latest=date(2026, 2, 6)), replace(line, sentence="later"))
    assert [len(group.lines) for group in select([line, *others, replace(line, item="g2")]).groups] == [2, 1, 1, 1]


def test_every_line_is_shown_by_itself_on_request():
    lines = list(every_line())
    chosen = select(lines, every=True)
    assert [group.lines for group in chosen.groups] == [(line,) for line in sorted(lines, key=severity)]
    assert chosen.omitted == {}


def severity(line):
    return line.verdict.severity

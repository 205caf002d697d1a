"""Amounts of time in texts: every way of writing a number and a unit that the law uses, and what looks like one."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings, strategies as st
from tests.support import tries

from zhengxie_flow.model.counting import UNITS
from zhengxie_flow.presentation.citations import chinese_numeral
from zhengxie_flow.reading.checks.durations import durations

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ZH = {
    "working_day": ("个工作日", "工作日"),
    "calendar_day": ("日", "天", "个自然日"),
    "month": ("个月",),
    "year": ("年",),
    "hour": ("小时", "个小时"),
}
EN = {
    "working_day": ("working", "business"),
    "calendar_day": ("", "calendar"),
    "month": ("",),
    "year": ("",),
    "hour": ("",),
}
NOUNS = {"working_day": "day", "calendar_day": "day"}


def english(number: int, joint: str = "-") -> str:
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (joint + ONES[ones] if ones else "")
    hundreds, rest = divmod(number, 100)
    return f"{ONES[hundreds]} hundred" + (f" and {english(rest, joint)}" if rest else "")


def named(text: str, lang: str) -> list[tuple[int, int, str]]:
    return [(entry.low, entry.high, entry.unit) for entry in durations(text, lang)]


numbers = st.integers(1, 999)
units = st.sampled_from(sorted(ZH))


def test_every_unit_that_a_calendar_counts_has_its_words():
    assert set(UNITS) <= {*ZH, "week", "half_month", "working_hour", "half_working_day"}


@settings(max_examples=tries(200))
@given(numbers, units, st.data())
def test_an_amount_is_read_as_it_is_written(number, unit, data):
    word = data.draw(st.sampled_from(ZH[unit]))
    for written in (str(number), chinese_numeral(number)):
        assert named(f"收到后{written}{word}内办结。", "zh") == [(number, number, unit)]
    kind, joint = data.draw(st.sampled_from(EN[unit])), data.draw(st.sampled_from(("-", " ")))
    noun = NOUNS.get(unit, unit) + ("" if number == 1 else "s")
    for written in (str(number), english(number, joint)):
        text = f"Done within {written} {kind} {noun} of receipt.".replace("  ", " ")
        assert named(text, "en") == [(number, number, unit)]


@settings(max_examples=tries(100))
@given(numbers, numbers, st.booleans())
def test_lists_and_ranges(one, other, ranged):
    low, high = sorted((one, other))
    zh = f"{chinese_numeral(low)}{'至' if ranged else '或者'}{chinese_numeral(high)}个工作日"
    en = f"{english(low)} {'to' if ranged else 'or'} {english(high)} working days"
    for text, lang in ((zh, "zh"), (en, "en")):
        covered = [
            number
            for number in (low, (low + high) // 2, high)
            if any(entry.covers(number, "working_day") for entry in durations(text, lang))
        ]
        assert {low, high} <= set(covered)
        assert ((low + high) // 2 in covered) == (ranged or (low + high) // 2 in (low, high))


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("自2019年9月1日起施行。", "zh"), ("二〇二五年九月一日", "zh"), ("依第三十一条第六项办理。", "zh"), ("每年一案", "zh"),
        ("吉市政办发〔2016〕1号", "zh"), ("年满十六周岁", "zh"), ("及时办理", "zh"), ("三个以上部门", "zh"),
        ("In force from 2 September 2016.", "en"), ("Article 31 days are counted", "en"), ("Every year", "en"),
        ("Three departments", "en"), ("in good time", "en"), ("No. 5 days", "en"),
    ],
)  # fmt: skip
def test_dates_ordinals_and_counts_of_other_things_are_no_amounts(text, lang):
    assert named(text, lang) == []


@pytest.mark.parametrize(
    ("text", "lang", "amount", "unit"),
    [
        ("半年内", "zh", 6, "month"), ("一个半月", "zh", 3, "half_month"), ("one and a half months", "en", 3, "half_month"),
        ("半个月内", "zh", 1, "half_month"), ("within half a month", "en", 1, "half_month"),
        ("半个工作日", "zh", 1, "half_working_day"), ("three half working days", "en", 3, "half_working_day"),
        ("八个工作小时", "zh", 8, "working_hour"), ("within 8 working hours", "en", 8, "working_hour"), ("within half a year", "en", 6, "month"), ("一年内", "zh", 12, "month"),
        ("两周内", "zh", 14, "calendar_day"), ("within two weeks", "en", 14, "calendar_day"), ("一年", "zh", 1, "year"),
        ("within three months of assignment, six where it is difficult", "en", 6, "month"),
        ("三个月内答复，难度大的六个月", "zh", 6, "month"), ("三、五、七、十日", "zh", 7, "calendar_day"),
        ("five, seven or ten days", "en", 7, "calendar_day"), ("fifteen clear working days", "en", 15, "working_day"),
    ],
)  # fmt: skip
def test_what_comes_to_the_same(text, lang, amount, unit):
    assert any(entry.covers(amount, unit) for entry in durations(text, lang))


@pytest.mark.parametrize(("one", "other"), [*product(sorted(ZH), repeat=2)])
def test_units_are_told_apart(one, other):
    same = one == other
    assert any(entry.covers(7, other) for entry in durations(f"七{ZH[one][0]}", "zh")) == same

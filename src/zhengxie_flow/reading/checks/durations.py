"""Amounts of time named in a text, Chinese or English: numbers in figures or words, lists and ranges, and units."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

WORKING, DAY, HALF_MONTH, MONTH, YEAR, HOUR = (
    "working_day", "calendar_day", "half_month", "month", "year", "hour",
)  # fmt: skip
WORKING_HOUR, HALF_DAY = "working_hour", "half_working_day"

PLAIN = {WORKING: DAY, WORKING_HOUR: HOUR}
"""Units that a text may mean by the plain word, where it says elsewhere that working time counts."""

_DAYS = {"week": 7}
_MONTHS = {YEAR: 12}


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of time: from ``low`` to ``high`` units, the same where the text names one number."""

    low: int
    high: int
    unit: str

    def covers(self, amount: int, unit: str) -> bool:
        """Return whether an amount of a unit is among these; a week is seven days, a year twelve months.

        Example:
            >>> Duration(1, 1, "year").covers(12, "month"), Duration(5, 5, "calendar_day").covers(5, "working_day")
            (True, False)
        """
        (factor, own), (other, same) = _base(self.unit), _base(unit)
        return own == same and self.low * factor <= amount * other <= self.high * factor


def _base(unit: str) -> tuple[int, str]:
    """The number of smaller units in a unit, and that unit."""
    if unit in _DAYS:
        return _DAYS[unit], DAY
    return (_MONTHS[unit], MONTH) if unit in _MONTHS else (1, unit)


def durations(text: str, lang: str) -> tuple[Duration, ...]:
    """Return the amounts of time that a text names.

    Args:
        text: the text.
        lang: its language, ``zh`` or ``en``.

    Example:
        >>> [(entry.low, entry.unit) for entry in durations("十五个工作日内，复杂的二十日", "zh")]
        [(15, 'working_day'), (20, 'calendar_day')]
        >>> [(entry.low, entry.high) for entry in durations("within five to ten working days", "en")]
        [(5, 5), (5, 10), (10, 10)]
    """
    return tuple(_chinese(text) if lang == "zh" else _english(text))


def counts_working_days(text: str) -> bool:
    """Return whether a text speaks of working days.

    Example:
        >>> counts_working_days("以工作日计算"), counts_working_days("by calendar days")
        (True, False)
    """
    return re.search("工作日|(?:working|business) days?", text, re.IGNORECASE) is not None


# Chinese

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_TENS = {"十": 10, "百": 100}
_ZH_NUMBER = r"(?:\d{1,6}|[〇零○一二两三四五六七八九十百]{1,9})"
_ZH_DATE = re.compile(
    rf"(?:\d{{4}}|[〇零○一二三四五六七八九]{{4}})\s{{0,3}}年(?:\s{{0,3}}{_ZH_NUMBER}\s{{0,3}}月)?(?:\s{{0,3}}{_ZH_NUMBER}\s{{0,3}}日)?"
    rf"|{_ZH_NUMBER}\s{{0,3}}月\s{{0,3}}{_ZH_NUMBER}\s{{0,3}}日|第{_ZH_NUMBER}|每\s{{0,3}}[年月日天]|[〔\[（(]\d{{4}}[〕\]）)]"
)
"""Numbers that are no amounts: of a date, an ordinal, a document."""

_ZH_UNITS = {
    "个工作日": WORKING, "工作日": WORKING,
    "个自然日": DAY, "自然日": DAY, "个日历日": DAY,
    "日": DAY, "天": DAY,
    "个星期": "week", "星期": "week", "周": "week",
    "个工作小时": WORKING_HOUR, "工作小时": WORKING_HOUR, "个半日": HALF_DAY,
    "个月": MONTH, "年": YEAR, "个小时": HOUR, "小时": HOUR,
}  # fmt: skip
_ZH_JOINT = "、|，|,|或者|或|和|以及|至|到|-|~|～|—{1,3}|–"  # the joints of a text
_ZH_AMOUNT = re.compile(
    rf"(?P<numbers>{_ZH_NUMBER}(?:\s{{0,3}}(?:{_ZH_JOINT})\s{{0,3}}{_ZH_NUMBER}){{0,9}})\s{{0,3}}"
    rf"(?P<unit>{'|'.join(sorted(_ZH_UNITS, key=len, reverse=True))}|月(?=[以之]?内))(?![岁度级龄期报程常末])"
)


def _chinese(text: str) -> Iterator[Duration]:
    plain = _ZH_DATE.sub("。", text)
    for half in re.finditer(r"(?<![个两])半(?P<unit>年|个?月|(?:个工作)?日)", plain):
        yield _half(half["unit"][-1])
    for mixed in re.finditer(rf"(?P<whole>{_ZH_NUMBER})个半月", plain):
        halves = 2 * _chinese_number(mixed["whole"]) + 1
        yield Duration(halves, halves, HALF_MONTH)
    for amount in _ZH_AMOUNT.finditer(plain):
        unit = _ZH_UNITS.get(amount["unit"], MONTH)
        yield from _listed(amount["numbers"], _ZH_NUMBER, _chinese_number, unit)


def _chinese_number(text: str) -> int:
    """The value of a number in figures, in numerals (一百八十) or numeral by numeral (二〇)."""
    if text.isdigit() and text.isascii():
        return int(text)
    if not any(character in _TENS for character in text):
        return int("".join(str(_DIGITS.get(character, 0)) for character in text))
    value, digit = 0, 0
    for character in text:
        if character in _TENS:
            value += (digit or 1) * _TENS[character]
            digit = 0
        else:
            digit = _DIGITS.get(character, 0)
    return value + digit


# English

_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_EN_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: value for value, word in enumerate(_ONES, 1)} | {
    word: value * 10 for value, word in enumerate(_EN_TENS, 2)
}
_EN_BELOW_HUNDRED = rf"(?:(?:{'|'.join(_EN_TENS)})(?:[ -](?:{'|'.join(_ONES[:9])}))?|{'|'.join(reversed(_ONES))})"
_EN_WORD = rf"(?:(?:{'|'.join(_ONES[:9])}|a) hundred(?:(?: and)?[ -]{_EN_BELOW_HUNDRED})?|{_EN_BELOW_HUNDRED})"
_EN_NUMBER = rf"(?:\d{{1,6}}|\b{_EN_WORD}\b)"
_EN_DATE = re.compile(
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?"
    r"|\b(?:Articles?|Art\.|No\.|Nr\.) ?\d{1,6}"
)
_EN_JOINT = r",? (?:or|and|to) |, |\s?[-–]\s?"  # a range may be written with a dash
_EN_AMOUNT = re.compile(
    rf"(?P<numbers>{_EN_NUMBER}(?:(?:{_EN_JOINT}){_EN_NUMBER}){{0,9}})[ -](?:(?:full|clear|whole|consecutive) ){{0,3}}"
    r"(?P<unit>half[ -](?:working )?(?:days?|months?)|(?:working|business)[ -](?:days?|hours?)|calendar[ -]days?"
    r"|days?|weeks?|months?|years?|hours?)\b",
    re.IGNORECASE,
)


def _english(text: str) -> Iterator[Duration]:
    plain = _EN_DATE.sub(".", text)
    for half in re.finditer(r"\bhalf(?:[ -]a)?[ -](?:working )?(?P<unit>year|month|day)\b", plain, re.IGNORECASE):
        yield _half(half["unit"].lower())
    for mixed in re.finditer(rf"(?P<whole>{_EN_NUMBER}) and a half months", plain, re.IGNORECASE):
        halves = 2 * _english_number(mixed["whole"].lower()) + 1
        yield Duration(halves, halves, HALF_MONTH)
    last: tuple[int, str] | None = None
    for amount in _EN_AMOUNT.finditer(plain):
        if last is not None:
            yield from _bare(plain[last[0] : amount.start()], last[1])
        unit = _english_unit(amount["unit"].lower())
        yield from _listed(amount["numbers"].lower(), _EN_NUMBER, _english_number, unit)
        last = amount.end(), unit
    if last is not None:
        yield from _bare(plain[last[0] :], last[1])


def _bare(text: str, unit: str) -> Iterator[Duration]:
    """The numbers after an amount that leave its unit out: three months, six where it is difficult."""
    for number in re.finditer(rf"{_EN_NUMBER}", text.partition(".")[0], re.IGNORECASE):
        value = _english_number(number[0].lower())
        yield Duration(value, value, unit)


def _english_unit(text: str) -> str:
    if text.startswith("half"):
        return HALF_MONTH if "month" in text else HALF_DAY
    if text.startswith(("working", "business")):
        return WORKING_HOUR if "hour" in text else WORKING
    return DAY if "day" in text else text.rstrip("s")


def _english_number(text: str) -> int:
    if text.isdigit():
        return int(text)
    value = 0
    for word in re.split("[ -]", text):
        if word == "hundred":
            value = (value or 1) * 100
        elif word not in ("and", "a"):
            value += _WORDS[word]
    return value


# both


def _half(unit: str) -> Duration:
    """Half a year, half a month, or half a working day."""
    if unit in ("年", YEAR):
        return Duration(6, 6, MONTH)
    return Duration(1, 1, HALF_MONTH if unit in ("月", MONTH) else HALF_DAY)


def _listed(text: str, number: str, value_of: Callable[[str], int], unit: str) -> Iterator[Duration]:
    """The amounts of a list: ``five, seven or ten``; two with a dash or a word for 'to' between them are a range."""
    numbers = [*re.finditer(rf"{number}", text)]
    values = [value_of(entry[0]) for entry in numbers]
    ranges = [
        re.fullmatch(r"\s{0,3}(?:至|到|-|~|～|—{1,3}|–|to)\s{0,3}", text[first.end() : second.start()]) is not None
        for first, second in pairwise(numbers)
    ]
    for index, value in enumerate(values):
        yield Duration(value, value, unit)
        if index < len(ranges) and ranges[index] and value < values[index + 1]:
            yield Duration(value, values[index + 1], unit)

"""Days and amounts of time in words."""

from __future__ import annotations

from datetime import date

from zhengxie_flow.i18n import label
from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.model.working import Delay


def amount_text(amount: Delay | None, lang: str) -> str:
    """Return an amount of time in words; empty where there is none.

    Example:
        >>> amount_text(Delay(2, "working_day"), "en"), amount_text(Delay(2, "working_day"), "zh")
        ('two working days', '2个工作日')
    """
    if amount is None:
        return ""
    written = f"sentence.number.{amount.amount}"
    number = label(written, lang) if written in texts() else str(amount.amount)
    single = ".single" if amount.amount == 1 else ""
    return label(f"sentence.amount.{amount.unit}{single}", lang, number=number)


def day_text(day: date | None, lang: str, year: int | None = None) -> str:
    """Return a day in words, without its year where that is the same as one already said; empty where there is none.

    Example:
        >>> day_text(date(2026, 2, 5), "zh"), day_text(date(2026, 2, 9), "en", 2026)
        ('2026年2月5日', '9 Feb')
    """
    if day is None:
        return ""
    key = "sentence.day.short" if day.year == year else "sentence.day"
    name = label(f"sentence.month.{day.month}", lang)
    return label(key, lang, year=day.year, day=day.day, name=name)

"""Clauses as people cite them: 第七条第二项, Art. 7(2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhengxie_flow.i18n import label

if TYPE_CHECKING:
    from zhengxie_flow.model.citation import Instrument

_DIGITS = "零一二三四五六七八九"


def cited(clause: str, law: Instrument | None, lang: str) -> str:
    """Return the clauses of an audit line as a citation.

    Args:
        clause: The clauses as the line has them: ``7.2, state-council-713 16.3``.
        law: The instrument of the process, which names those that it incorporates.
        lang: ``zh`` or ``en``.

    Example:
        >>> cited("7.2", None, "zh"), cited("7.2", None, "en")
        ('第七条（二）', 'Art. 7(2)')
    """
    return label("sentence.list", lang).join(_clause(entry, law, lang) for entry in clause.split(", "))


def _clause(entry: str, law: Instrument | None, lang: str) -> str:
    instrument, _, number = entry.rpartition(" ")
    source = None if law is None else law.source(instrument or None)
    division = "" if source is None or source.division is None else source.division.label("zh")
    article = _in_chinese(number, division) if lang == "zh" else _in_english(number)
    if not instrument or (law is not None and source is law):
        return article
    title = instrument if source is None or source is law else source.label(lang, instrument)
    return label("sentence.of_instrument", lang, instrument=title, article=article)


def _in_english(number: str) -> str:
    article, *parts = number.split(".")
    return f"Art. {article}" + "".join(f"({part})" for part in parts) if article.isdigit() else number


def _in_chinese(number: str, division: str) -> str:
    """The article in Chinese numerals; its parts by their word, in brackets where the instrument names none."""
    article, *parts = number.split(".")
    if not all(part.isdigit() and int(part) < 1000 for part in (article, *parts)):
        return number
    text = f"第{chinese_numeral(int(article))}条"
    for depth, part in enumerate(parts):
        numeral = chinese_numeral(int(part))
        text += f"第{numeral}{division}" if division and depth == 0 else f"（{numeral}）"
    return text


def chinese_numeral(number: int) -> str:
    """Return a number below a thousand in Chinese numerals.

    Example:
        >>> [chinese_numeral(number) for number in (7, 10, 16, 20, 35, 101, 110, 215)]
        ['七', '十', '十六', '二十', '三十五', '一百零一', '一百一十', '二百一十五']
    """
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones or not number else "")

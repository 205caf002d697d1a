"""Ids of a definition as parameters of messages, with the labels that a sentence names them by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

LONGEST = 50
"""Columns of a label in a sentence."""


class LabelledId(str):
    """Id of a defined thing, which a sentence names by its label; anywhere else it is the plain id.

    Args:
        ident: the id.
        zh: its label in Chinese.
        en: its label in English.

    Example:
        >>> LabelledId("receive", "收到申请", "Receive the request").named("zh")
        '「收到申请」（receive）'
        >>> LabelledId("receive", "收到申请", "Receive the request") == "receive"
        True
    """

    __slots__ = ("en", "zh")
    zh: str
    en: str

    def __new__(cls, ident: str, zh: str, en: str) -> Self:
        """Make the id with its labels."""
        labelled = super().__new__(cls, ident)
        labelled.zh, labelled.en = zh, en
        return labelled

    def __reduce__(self) -> tuple[Any, ...]:
        return LabelledId, (str(self), self.zh, self.en)

    def named(self, lang: str) -> str:
        """Return the label in quotes, with the id in brackets; a long one, such as the text of a clause, is cut."""
        if lang == "zh":
            return f"「{_cut(self.zh, LONGEST // 2)}」（{self}）"
        return f'"{_cut(self.en, LONGEST)}" ({self})'


def _cut(label: str, longest: int) -> str:
    """Return the beginning of a label, up to a space where one is near."""
    if len(label) <= longest:
        return label
    head = label[: longest - 1]
    space = head.rfind(" ")
    return (head[:space] if space > longest // 2 else head).rstrip(" ,，、；;") + "…"


class Cycle(tuple[str, ...]):
    """Ids of which each leads to the next, the last to the first."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """Value of a fact or field."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Quantity:
    """Number of units of time, ``working_day`` and the like; None: the number alone."""

    number: int
    unit: str | None = None


def with_ids(value: Any) -> bool:
    """Return whether a parameter has labelled ids in it, which bring their own quotes."""
    match value:
        case LabelledId():
            return True
        case tuple() | list():
            return any(with_ids(entry) for entry in value)
        case Assignment():
            return isinstance(value.name, LabelledId)
    return False

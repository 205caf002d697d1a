"""Facts, read at a moment: rule 1."""

from __future__ import annotations

from datetime import date

from tests.simulator.limit import Entry, Place


def read(entries: list[Entry], name: str, place: Place) -> bool | None:
    """The last answer on or before a moment; else the first after it; else nobody knows."""
    answers = [entry for entry in entries if entry.kind == "answer" and entry.name == name]
    before = [entry for entry in answers if entry.place <= place]
    if before:
        return bool(before[-1].value)
    return bool(answers[0].value) if answers else None


def day_in_fact(entries: list[Entry], name: str) -> date | None:
    """Rule 2: a fact occurs once; the date last stated counts."""
    stated: date | None = None
    for entry in entries:
        if entry.kind == "answer" and entry.name == name:
            stated = entry.value
    return stated

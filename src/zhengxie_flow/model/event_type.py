"""The kinds of events, and how an event entered the journal."""

from __future__ import annotations

from enum import StrEnum


class EventType(StrEnum):
    """The kind of an event."""

    OPENED = "opened"  # the case begins, with its given facts and items
    ACT = "act"  # an action of the definition happened
    DETERMINED = "determined"  # a person asserted facts, on an authority
    PLANNED = "planned"  # an action that has not happened got a date
    EXPLAINED = "explained"  # a reason was given for departing from an obligation
    CORRECTED = "corrected"  # an earlier event is replaced or withdrawn
    DEEMED = "deemed"  # the law says an act counts as done
    MOVED = "moved"  # the case passed to another edition
    SUBCASE = "subcase"  # a case under this one was opened, moved or told a fact
    LINKED = "linked"  # the case was taken under another
    ERASED = "erased"  # personal values of an earlier event were erased; the event says which, never what
    ASSIGNED = "assigned"  # a role of the case was assigned to an office or a person
    URGED = "urged"  # somebody urged those who owe an obligation to perform it
    RECOMPUTED = "recomputed"  # a stored deadline changed because the calendar did


class Mode(StrEnum):
    """Mode of entry of an event: authorised now by `advance`, or recorded afterwards and judged."""

    ADVANCED = "advanced"
    RECORDED = "recorded"


class Precision(StrEnum):
    """The precision of an event's time: a civil day, or an instant; a day is never turned into midnight."""

    DAY = "day"
    INSTANT = "instant"

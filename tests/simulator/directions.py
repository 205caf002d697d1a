"""Limits that are counted back from their anchor, and minimum windows: rule 4."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tests.simulator.calendar import Calendar, OfficeDays, counted, rolled
from tests.simulator.facts import day_in_fact
from tests.simulator.limit import Entry, Limit, Place, Question, Round


@dataclass(frozen=True)
class Occurrence:
    """The anchor once: its place and its day."""

    place: Place
    day: date


def concerns(entry: Entry, item: str | None) -> bool:
    return item is None or entry.item is None or entry.item == item


def occurrences(limit: Limit, question: Question, item: str | None) -> list[Occurrence]:
    """Rule 2: the acts that are the anchor, in order; only the first if the anchor is one moment."""
    anchor, moments = limit.anchor, []
    for entry in question.entries:
        if entry.kind != "act" or entry.name not in anchor.actions or not concerns(entry, item):
            continue
        if anchor.where is not None and entry.fields.get(anchor.where) is not True:
            continue
        day = entry.day if anchor.day_field is None else entry.fields.get(anchor.day_field)
        if day is not None:
            moments.append(Occurrence(entry.place, day))
    if anchor.fact is not None and (stated := day_in_fact(question.entries, anchor.fact)) is not None:
        moments.append(Occurrence((question.opened, -1), stated))  # a fact occurs once
    return moments


def doings(limit: Limit, question: Question, item: str | None) -> list[Place]:
    return [
        entry.place
        for entry in question.entries
        if entry.kind == "act" and entry.name in limit.do and (item is None or entry.item == item)
    ]


def day_of(limit: Limit, anchor: date, office: OfficeDays) -> date:
    """The day counted back from the anchor, or the earliest day after it; neither rolls unless it says so."""
    amount = -limit.amount if limit.direction == "at_least_before" else limit.amount
    return rolled(counted(anchor, amount, limit.counting, office), limit.roll or "none", office)


def three_days(limit: Limit, anchor: date, calendar: Calendar) -> list[date]:
    return [day_of(limit, anchor, office) for office in (calendar.shown, calendar.fewest, calendar.most)]


# -- counted back


def backward_rounds(limit: Limit, question: Question, item: str | None, calendar: Calendar) -> list[Round]:
    """Rule 2: a round of the first occurrence; of each, closed only by acts after the occurrence before."""
    moments = occurrences(limit, question, item)
    happened = moments[:1] if limit.occurs == "first" else moments
    acts = doings(limit, question, item)
    rounds: list[Round] = []
    after: Place | None = None
    for moment in happened:
        candidates = [place for place in acts if after is None or place > after]
        to_come = moment.day > question.today  # a day that was set, and is still to come
        rounds.append(kept_back(limit, question, (moment.day, to_come), candidates, calendar))
        after = moment.place
    if not happened or limit.occurs == "each":
        # Rule 9: the latest plan after the last occurrence.
        plans = [
            entry.value
            for entry in question.entries
            if entry.kind == "plan"
            and entry.name in limit.anchor.actions
            and (after is None or entry.place > after)
            and limit.anchor.where is None  # of an act to come nobody can say whether it will be like that
        ]
        candidates = [place for place in acts if after is None or place > after]
        if plans:
            rounds.append(kept_back(limit, question, (plans[-1], True), candidates, calendar))
        elif not happened:
            rounds.append(Round(1, None, "incomplete" if acts else "pending", act=next(iter(acts), None)))
    return [replace(line, number=number, item=item) for number, line in enumerate(rounds, 1)]


def kept_back(
    limit: Limit, question: Question, anchor: tuple[date, bool], acts: list[Place], calendar: Calendar
) -> Round:
    """One round that is counted back from a day that came, or that is planned."""
    day, planned = anchor
    days = three_days(limit, day, calendar)
    act = next(
        (place for place in acts if not planned or place[0] <= day), None
    )  # rule 7: one that comes after the day of the anchor closes it late
    missed = "overdue" if planned else "breach"
    if act is not None:
        verdict = "provisional"
        if act[0] <= min(days):
            verdict = "pass"
        elif act[0] > max(days):
            verdict = missed
    elif not planned or question.today > max(days):
        verdict = missed
    else:
        verdict = "pending" if min(days) == max(days) else "provisional"
    return Round(1, day, verdict, end=days[0], last=days[0], low=min(days), high=max(days), act=act, planned=planned)


# -- a minimum


def minimum_rounds(limit: Limit, question: Question, item: str | None, calendar: Calendar) -> list[Round]:
    """Rule 2: each act is a round, judged by the latest occurrence before it; rule 4: nobody has to act."""
    moments = occurrences(limit, question, item)
    if limit.occurs == "first" and len(limit.anchor.actions) > 1:
        moments = moments[:1]
    rounds: list[Round] = []
    last_used: Occurrence | None = None
    for act in doings(limit, question, item):
        come = [moment for moment in moments if max(moment.place[0], moment.day) <= act[0]]
        before = [moment for moment in come if moment.place < act] or come[:1]
        if not before:
            continue
        last_used = before[-1]
        days = three_days(limit, last_used.day, calendar)
        verdict = "provisional"
        if act[0] >= max(days):
            verdict = "pass"
        elif act[0] < min(days):
            verdict = "breach"
        rounds.append(window(last_used, days, verdict, act))
    if moments and moments[-1] != last_used:
        days = three_days(limit, moments[-1].day, calendar)
        rounds.append(window(moments[-1], days, "pending" if min(days) == max(days) else "provisional", None))
    if not rounds:
        acts = doings(limit, question, item)
        rounds = [Round(1, None, "incomplete" if acts else "pending", act=next(iter(acts), None))]
    return [replace(line, number=number, item=item) for number, line in enumerate(rounds, 1)]


def window(moment: Occurrence, days: list[date], verdict: str, act: Place | None) -> Round:
    return Round(1, moment.day, verdict, end=days[0], last=days[0], low=min(days), high=max(days), act=act)

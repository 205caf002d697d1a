"""Worked cases, each with its sum written out, counted by hand on this calendar of 2026.

Working days are Monday to Friday, but 6 April (a Monday) is a holiday::

    March   Mo 2  Tu 3  We 4  Th 5  Fr 6  | Mo 9 .. Fr 13 | Mo 16 .. Fr 20 | Mo 23 .. Fr 27 | Mo 30  Tu 31
    April   We 1  Th 2  Fr 3  | (Mo 6)  Tu 7 .. Fr 10 | Mo 13 .. Fr 17 | Mo 20 .. Fr 24 | Mo 27 .. Th 30
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.simulator.calendar import Calendar, OfficeDays, settled, weekends
from tests.simulator.limit import Anchor, Entry, ExtensionRule, Limit, Question, Round, StopRule
from tests.simulator.walk import simulate

REST = weekends(date(2025, 1, 1), date(2027, 12, 31)) | {date(2026, 4, 6)}
CALENDAR = settled(REST)

STOP = StopRule(("pause",), ("resume",))
VISIT = StopRule(("visit",), end_field="until")
ASKED = StopRule(("ask",), ("reply",))
WORKING = Limit("within_after", 10, "working_day", Anchor(("receive",)), ("answer",))
CALENDAR_DAYS = replace(WORKING, unit="calendar_day")
MONTH = replace(WORKING, amount=1, unit="month")
BACK = Limit("at_least_before", 5, "working_day", Anchor(("hold",)), ("notify",))
MINIMUM = Limit("at_least_after", 10, "calendar_day", Anchor(("publish",)), ("decide",))


def day_of(text: str) -> date:
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def value_of(text: str) -> Any:
    if text in ("yes", "no"):
        return text == "yes"
    return int(text) if text.isdigit() else day_of(text)


def entry_of(order: int, line: str) -> Entry:
    """An entry as ``03-02 receive``; ``for=n1`` names its item, ``by=head`` its role, anything else is a field."""
    day, name, *words = line.split()
    pairs = dict(word.split("=") for word in words)
    item, by = pairs.pop("for", None), pairs.pop("by", "office")
    fields = {key: value_of(value) for key, value in pairs.items()}
    if name.startswith("fact:"):
        return Entry(day_of(day), order, "answer", name[5:], value=fields["is"])
    if name.startswith("plan:"):
        return Entry(day_of(day), order, "plan", name[5:], value=fields["to"])
    return Entry(day_of(day), order, "act", name, item, by, fields)


def rounds(limit: Limit, history: str, today: str, **more: Any) -> list[Round]:
    entries = tuple(entry_of(number, line) for number, line in enumerate(history.strip().split("; ")))
    calendar = more.pop("calendar", CALENDAR)
    question = Question(entries, more.pop("opened", day_of("03-01")), day_of(today), more.pop("items", ()))
    return simulate(limit, question, calendar)


def shown(line: Round) -> str:
    """A round as ``1 from 03-02 to 03-16: pass``; the un-rolled end stands in brackets where it is another day."""

    def short(day: date | None) -> str:
        return "?" if day is None else day.isoformat()[5:] if day.year == 2026 else day.isoformat()

    end = f" ({short(line.end)})" if line.end != line.last else ""
    return f"{line.number} from {short(line.start)} to {short(line.last)}{end}: {line.verdict}"


def lines(limit: Limit, history: str, today: str, **more: Any) -> list[str]:
    return [shown(line) for line in rounds(limit, history, today, **more)]


def verdicts(line: Round) -> list[str]:
    return [f"{outcome.verdict} {outcome.reason or outcome.units}" for outcome in line.extensions]


CASES: list[tuple[str, Limit, str, str, list[str]]] = [
    # Rule 3.1: the ten working days after Mo 2 are 3 4 5 6 | 9 10 11 12 13 | 16.
    ("ten working days", WORKING, "03-02 receive; 03-16 answer", "03-30", ["1 from 03-02 to 03-16: pass"]),
    # Rule 1: the last day ends at its end; on the day after the act is late.
    ("a day late", WORKING, "03-02 receive; 03-17 answer", "03-30", ["1 from 03-02 to 03-16: breach"]),
    ("not done on the last day yet", WORKING, "03-02 receive", "03-16", ["1 from 03-02 to 03-16: pending"]),
    ("not done the day after", WORKING, "03-02 receive", "03-17", ["1 from 03-02 to 03-16: overdue"]),
    # Rule 3.1 and 6: We 4 + 10 calendar days = Sa 14, a day of rest: on to Mo 16.
    ("ten calendar days roll", CALENDAR_DAYS, "03-04 receive", "03-05", ["1 from 03-04 to 03-16 (03-14): pending"]),
    # Rule 6, roll none: it ends on Sa 14.
    ("no roll", replace(CALENDAR_DAYS, roll="none"), "03-04 receive", "03-16", ["1 from 03-04 to 03-14: overdue"]),
    # Rule 6, roll previous: back to Fr 13.
    ("roll back", replace(CALENDAR_DAYS, roll="previous"), "03-04 receive", "03-14", ["1 from 03-04 to 03-13 (03-14): overdue"]),
    # Rule 6: two weeks are fourteen calendar days: 2 + 14 = Mo 16.
    ("two weeks", replace(WORKING, amount=2, unit="week"), "03-02 receive", "03-03", ["1 from 03-02 to 03-16: pending"]),
    # Rule 6: 31 January + 1 month has no 31 February: Sa 28; on to Mo 2 March.
    ("a month without that day", MONTH, "01-31 receive", "02-01", ["1 from 01-31 to 03-02 (02-28): pending"]),
    # Rule 6: 28 February + 1 month is Sa 28 March, on to Mo 30; kept at the month's end it is Tu 31.
    ("a month", MONTH, "02-28 receive", "03-01", ["1 from 02-28 to 03-30 (03-28): pending"]),
    ("the month's end kept", replace(MONTH, keep_month_end=True), "02-28 receive", "03-01", ["1 from 02-28 to 03-31: pending"]),
    # Rule 6: one year after 29 February 2024 is 28 February 2025, a Friday.
    ("a year", replace(MONTH, unit="year"), "2024-02-29 receive", "03-01", ["1 from 2024-02-29 to 2025-02-28: overdue"]),
    # Rule 6, first day included: Mo 2 is day 1, so day 10 is Fr 13.
    ("its day is the first", replace(WORKING, convention="first_day_included"), "03-02 receive", "03-03", ["1 from 03-02 to 03-13: pending"]),
    # Sa 7 is no working day: Mo 9 is day 1, Fr 20 day 10.
    ("the first working day is the first", replace(WORKING, convention="first_day_included"), "03-07 receive", "03-08", ["1 from 03-07 to 03-20: pending"]),
    # Mo 2 March + 1 month = 2 April, the day before is We 1 April.
    ("a month with its first day", replace(MONTH, convention="first_day_included"), "03-02 receive", "03-03", ["1 from 03-02 to 04-01: pending"]),
    # 30 January has no corresponding day in February: its last, Sa 28, on to Mo 2 March.
    ("a month with its first day, none corresponding", replace(MONTH, convention="first_day_included"), "01-30 receive", "02-01", ["1 from 01-30 to 03-02 (02-28): pending"]),
    # Rule 2: the first is closed, so the second request opens the next: 17 + 10 working days = 18 19 20 23 .. 27 30 31.
    ("a second round", WORKING, "03-02 receive; 03-10 answer; 03-17 receive", "03-20", ["1 from 03-02 to 03-16: pass", "2 from 03-17 to 03-31: pending"]),
    # Rule 2: on the last day the clock still runs; the day after it is over, and a new round opens although the first was missed.
    ("on the last day it opens nothing", WORKING, "03-02 receive; 03-16 receive", "03-17", ["1 from 03-02 to 03-16: overdue"]),
    ("after the last day it does", WORKING, "03-02 receive; 03-17 receive", "03-17", ["1 from 03-02 to 03-16: overdue", "2 from 03-17 to 03-31: pending"]),
    # Rule 7: one act closes the missed round, late, and the running one, in time.
    ("one act closes both", WORKING, "03-02 receive; 03-17 receive; 03-20 answer", "03-30", ["1 from 03-02 to 03-16: breach", "2 from 03-17 to 03-31: pass"]),
    # Rule 4: on the anchor's own day an act counts although it was recorded first ...
    ("an act on the anchor's day", WORKING, "03-02 answer; 03-02 receive", "03-30", ["1 from 03-02 to 03-16: pass"]),
    # ... unless it closed an earlier round.
    ("an act that closed an earlier round", WORKING, "03-02 receive; 03-09 answer; 03-09 receive", "03-10", ["1 from 03-02 to 03-16: pass", "2 from 03-09 to 03-23: pending"]),
    # Rule 3.3: pause Mo 9, resume Fr 13 holds 10 11 12 13, four working days: Mo 16 + 4 = Fr 20.
    ("a stop", replace(WORKING, stops=(STOP,)), "03-02 receive; 03-09 pause; 03-13 resume", "03-14", ["1 from 03-02 to 03-20: pending"]),
    # Begun on the last day it is in force still: 17 18 held, Mo 16 + 2 = We 18.
    ("a stop on the last day", replace(WORKING, stops=(STOP,)), "03-02 receive; 03-16 pause; 03-18 resume", "03-19", ["1 from 03-02 to 03-18: overdue"]),
    ("a stop the day after", replace(WORKING, stops=(STOP,)), "03-02 receive; 03-17 pause; 03-20 resume", "03-20", ["1 from 03-02 to 03-16: overdue"]),
    # In months calendar days are held: Th 2 April + 11 days (10 to 20 March) = Mo 13 April.
    ("a stop of a month", replace(MONTH, stops=(STOP,)), "03-02 receive; 03-09 pause; 03-20 resume", "03-21", ["1 from 03-02 to 04-13: pending"]),
    # E = Sa 14, L = Mo 16. Stopped on Su 15 until Tu 17: only the roll is left; the first working day after it, We 18.
    ("a stop in the roll", replace(CALENDAR_DAYS, stops=(STOP,)), "03-04 receive; 03-15 pause; 03-17 resume", "03-18", ["1 from 03-04 to 03-18 (03-14): pending"]),
    # Begun on Mo 16 itself, that day is used up: the first working day on or after Tu 17 is Tu 17.
    ("a stop on the rolled last day", replace(CALENDAR_DAYS, stops=(STOP,)), "03-04 receive; 03-16 pause; 03-17 resume", "03-18", ["1 from 03-04 to 03-17 (03-14): overdue"]),
    # Two stops 9-13 and 11-17 are one from 9 to 17: 10 11 12 13 16 17, six working days: Mo 16 + 6 = Tu 24.
    ("stops united", replace(WORKING, stops=(STOP, StopRule(("hear",), ("heard",)))), "03-02 receive; 03-09 pause; 03-11 hear; 03-13 resume; 03-17 heard", "03-18", ["1 from 03-02 to 03-24: pending"]),
    # Asked of n1 on 9, of n2 on 10, n2 replies first: the clock goes on when n1 has, on 13: four held.
    ("stops over items", replace(WORKING, stops=(ASKED,)), "03-02 receive; 03-09 ask for=n1; 03-10 ask for=n2; 03-11 reply for=n2; 03-13 reply for=n1", "03-14", ["1 from 03-02 to 03-20: pending"]),
    # A stop from before the start holds only what comes after it: 3 and 4 March.
    ("a stop from before", replace(WORKING, stops=(STOP,)), "02-26 pause; 03-02 receive; 03-04 resume", "03-05", ["1 from 03-02 to 03-18: pending"]),
    # Rule 2, restart: from Mo 9 the base amount: 10 11 12 13 16 .. 20 23.
    ("a restart", replace(WORKING, restarts_on=("again",)), "03-02 receive; 03-09 again", "03-10", ["1 from 03-09 to 03-23: pending"]),
    # On Tu 17 the round is past: the next one opens, and the first stays missed.
    ("a restart too late", replace(WORKING, restarts_on=("again",)), "03-02 receive; 03-17 again", "03-18", ["1 from 03-02 to 03-16: overdue", "2 from 03-17 to 03-31: pending"]),
    # An open stop goes on over a restart on 9: 10 11 12 held, 23 + 3 = Th 26.
    ("a restart while stopped", replace(WORKING, stops=(STOP,), restarts_on=("again",)), "03-02 receive; 03-04 pause; 03-09 again; 03-12 resume", "03-13", ["1 from 03-09 to 03-26: pending"]),
    # Rule 2: only acts that are like the condition are the anchor.
    ("where", replace(WORKING, anchor=Anchor(("receive",), where="complete")), "03-02 receive complete=no; 03-04 receive complete=yes", "03-05", ["1 from 03-04 to 03-18: pending"]),
    # Rule 2: the day that the act carries counts, not its own.
    ("a day in a field", replace(WORKING, anchor=Anchor(("serve",), day_field="received")), "03-02 serve received=03-04", "03-05", ["1 from 03-04 to 03-18: pending"]),
    # Rule 2: a fact occurs once, and a changed date moves it.
    ("a fact's day", replace(WORKING, anchor=Anchor(fact="since")), "03-02 fact:since is=03-02; 03-05 fact:since is=03-04", "03-06", ["1 from 03-04 to 03-18: pending"]),
    # Rule 2: `first_of` is one moment, unless each counts.
    ("the first of two", replace(WORKING, anchor=Anchor(("receive", "learn"))), "03-04 learn; 03-05 answer; 03-09 receive", "03-10", ["1 from 03-04 to 03-18: pass"]),
    ("each of two", replace(WORKING, anchor=Anchor(("receive", "learn")), occurrence="each"), "03-04 learn; 03-05 answer; 03-09 receive", "03-10", ["1 from 03-04 to 03-18: pass", "2 from 03-09 to 03-23: pending"]),
    # Rule 4, backward: five working days back from Mo 16: 13 12 11 10 9.
    ("counted back", BACK, "03-09 notify; 03-16 hold", "03-20", ["1 from 03-16 to 03-09: pass"]),
    ("counted back, late", BACK, "03-10 notify; 03-16 hold", "03-20", ["1 from 03-16 to 03-09: breach"]),
    ("counted back from a plan", BACK, "03-02 plan:hold to=03-16", "03-10", ["1 from 03-16 to 03-09: overdue"]),
    ("cured by another plan", BACK, "03-02 plan:hold to=03-16; 03-10 plan:hold to=03-23", "03-10", ["1 from 03-23 to 03-16: pending"]),
    # Five full working days between: 13 12 11 10 9, so on Fr 6.
    ("counted back, clear days", replace(BACK, convention="clear_days"), "03-09 notify; 03-16 hold", "03-20", ["1 from 03-16 to 03-06: breach"]),
    # Rule 2: a round per occurrence, closed only by acts after the one before.
    ("counted back, each", replace(BACK, occurrence="each"), "03-09 notify; 03-16 hold; 03-30 hold", "03-31", ["1 from 03-16 to 03-09: pass", "2 from 03-30 to 03-23: breach"]),
    # Rule 4, minimum: ten calendar days after Mo 2 is Th 12; it asks nobody to act.
    ("a minimum", MINIMUM, "03-02 publish; 03-11 decide", "03-20", ["1 from 03-02 to 03-12: breach"]),
    ("a minimum kept", MINIMUM, "03-02 publish; 03-12 decide", "03-20", ["1 from 03-02 to 03-12: pass"]),
    ("a minimum unused", MINIMUM, "03-02 publish", "04-20", ["1 from 03-02 to 03-12: pending"]),
    # Rule 2: each act is judged by the latest occurrence before it: 10 + 10 = 20 March.
    ("a minimum that begins again", MINIMUM, "03-02 publish; 03-12 decide; 03-10 publish", "03-20", ["1 from 03-10 to 03-20: breach"]),
]  # fmt: skip


@pytest.mark.parametrize(("limit", "history", "today", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])  # fmt: skip
def test_a_worked_case(limit: Limit, history: str, today: str, expected: list[str]) -> None:
    assert lines(limit, history, today) == expected


def lengthened(**rule: Any) -> Limit:
    action = "set_day" if "day_field" in rule else "prolong"
    return replace(WORKING, extensions=(ExtensionRule(action, **rule),), stops=(STOP,), restarts_on=("again",))


EXTENSIONS: list[tuple[str, Limit, str, str, list[str]]] = [
    # Rule 3.4: Mo 16 + 3 working days = Th 19, asked for on the last day.
    ("on the last day", lengthened(add=3), "03-02 receive; 03-16 prolong", "1 from 03-02 to 03-19: pending", ["pass 3"]),
    ("a day too late", lengthened(add=3), "03-02 receive; 03-17 prolong", "1 from 03-02 to 03-16: overdue", ["invalid after_expiry"]),
    # Stopped from Mo 9 it has no last day: in time on We 18. Nine held, three added: 17 18 19 20 23 .. 27 30 31 1.
    ("while it is stopped", lengthened(add=3), "03-02 receive; 03-09 pause; 03-18 prolong; 03-20 resume", "1 from 03-02 to 04-01: pending", ["pass 3"]),
    # One addition after the other: 16 + 3 = 19, + 3 = Tu 24.
    ("twice", lengthened(add=3), "03-02 receive; 03-09 prolong; 03-10 prolong", "1 from 03-02 to 03-24: pending", ["pass 3", "pass 3"]),
    # Five in all: three, then two of three; then none is left.
    ("capped", lengthened(add=3, up_to=5), "03-02 receive; 03-09 prolong; 03-10 prolong; 03-11 prolong", "1 from 03-02 to 03-23: pending", ["pass 3", "capped up_to", "capped up_to"]),
    ("once", lengthened(add=3, times=1), "03-02 receive; 03-09 prolong; 03-10 prolong", "1 from 03-02 to 03-19: pending", ["pass 3", "capped times"]),
    # Twelve working days from the same start: 16 + 2 = We 18.
    ("another amount", lengthened(within=12), "03-02 receive; 03-09 prolong", "1 from 03-02 to 03-18: pending", ["pass 2"]),
    # Not later than the end there is.
    ("not longer", lengthened(within=10), "03-02 receive; 03-09 prolong", "1 from 03-02 to 03-16: pending", ["invalid not_longer"]),
    # Set to Sa 21: a set day does not roll.
    ("a set day", lengthened(day_field="until"), "03-02 receive; 03-09 set_day until=03-21", "1 from 03-02 to 03-21: pending", ["pass 5"]),
    # 11 12 13 held before it: the end was Th 19, six working days before Fr 27. Tu 17 and We 18, held after it, move it: 30 31.
    ("a set day moved by what is held later", lengthened(day_field="until"), "03-02 receive; 03-10 pause; 03-13 resume; 03-16 set_day until=03-27; 03-16 pause; 03-18 resume", "1 from 03-02 to 03-31: pending", ["pass 6"]),
    # Two working days after Mo 16 at most: We 18.
    ("a set day capped", lengthened(day_field="until", up_to=2), "03-02 receive; 03-09 set_day until=03-25", "1 from 03-02 to 03-18: pending", ["capped up_to"]),
    ("a day left open", lengthened(day_field="until"), "03-02 receive; 03-09 set_day", "1 from 03-02 to 03-16: pending", ["needs_judgement field"]),
    # A restart on Th 12: ten working days from there, Th 26; what was added is gone, and what was used of the cap too.
    ("a restart forgets it", lengthened(add=3, up_to=3), "03-02 receive; 03-09 prolong; 03-12 again; 03-16 prolong", "1 from 03-12 to 03-31: pending", ["pass 3", "pass 3"]),
    ("the wrong role", lengthened(add=3, by="head"), "03-02 receive; 03-09 prolong", "1 from 03-02 to 03-16: pending", ["invalid wrong_authority"]),
    ("the right role", lengthened(add=3, by="head"), "03-02 receive; 03-09 prolong by=head", "1 from 03-02 to 03-19: pending", ["pass 3"]),
    # Rule 1: the last answer on or before the act; else the first after it.
    ("a rule that holds", lengthened(add=3, when=("grave", True)), "03-02 receive; 03-04 fact:grave is=no; 03-05 fact:grave is=yes; 03-09 prolong", "1 from 03-02 to 03-19: pending", ["pass 3"]),
    ("a rule that does not", lengthened(add=3, when=("grave", True)), "03-02 receive; 03-09 prolong; 03-10 fact:grave is=no; 03-11 fact:grave is=yes", "1 from 03-02 to 03-16: pending", ["invalid no_rule"]),
    # After the act that closed the round there is nothing to extend.
    ("of a closed round", lengthened(add=3), "03-02 receive; 03-09 answer; 03-10 prolong", "1 from 03-02 to 03-16: pass", []),
]  # fmt: skip


@pytest.mark.parametrize(("limit", "history", "expected", "outcomes"), [case[1:] for case in EXTENSIONS], ids=[case[0] for case in EXTENSIONS])  # fmt: skip
def test_a_worked_extension(limit: Limit, history: str, expected: str, outcomes: list[str]) -> None:
    last = max(entry_of(0, line).day for line in history.split("; "))
    (line,) = rounds(limit, history, last.isoformat())
    assert (shown(line), verdicts(line)) == (expected, outcomes)


def test_a_stop_that_goes_on_has_no_last_day() -> None:
    (line,) = rounds(replace(WORKING, stops=(STOP,)), "03-02 receive; 03-09 pause", "06-30")
    assert (line.verdict, line.stopped, line.last) == ("pending", True, None)


def test_a_stop_whose_end_is_set_shows_a_projected_day() -> None:
    # 10 11 12 13 held: Mo 16 + 4 = Fr 20, already on the day it begins.
    (line,) = rounds(replace(WORKING, stops=(VISIT,)), "03-02 receive; 03-09 visit until=03-13", "03-09")
    assert (line.verdict, line.stopped, line.projected, line.last) == ("pending", True, True, day_of("03-20"))
    (later,) = rounds(replace(WORKING, stops=(VISIT,)), "03-02 receive; 03-09 visit until=03-13", "03-14")
    assert (later.stopped, later.last) == (False, day_of("03-20"))


def test_a_second_request_while_the_clock_runs_is_noted() -> None:
    (line,) = rounds(WORKING, "03-02 receive; 03-09 receive", "03-10")
    assert line.repeated == ((day_of("03-09"), 1),)


def test_an_early_act_is_named_and_counts_where_it_says_so() -> None:
    history = "03-02 receive; 03-09 answer; 03-10 answer; 03-12 receive"
    second = rounds(WORKING, history, "03-13")[1]
    assert (second.verdict, second.early) == ("pending", (day_of("03-10"), 2))
    assert rounds(replace(WORKING, early_counts=True), history, "03-13")[1].act == (day_of("03-10"), 2)


def test_each_item_has_rounds_of_its_own() -> None:
    limit = replace(WORKING, per_item=True)
    history = "03-02 receive for=n1; 03-03 receive for=n2; 03-10 answer for=n2"
    all_rounds = rounds(limit, history, "03-20", items=("n1", "n2", "n3"))
    assert [(line.item, shown(line)) for line in all_rounds] == [
        ("n1", "1 from 03-02 to 03-16: overdue"),
        ("n2", "1 from 03-03 to 03-17: pass"),
        ("n3", "1 from ? to ?: pending"),
    ]


@pytest.mark.parametrize(
    ("history", "today", "verdict"),
    [
        # Tu 17 may still become a day of rest: the tenth working day after Tu 3 is Tu 17, else We 18.
        ("03-03 receive", "03-04", "provisional"),
        ("03-03 receive", "03-18", "provisional"),
        ("03-03 receive", "03-19", "overdue"),
        ("03-03 receive; 03-17 answer", "03-20", "pass"),
        ("03-03 receive; 03-18 answer", "03-20", "provisional"),
        ("03-03 receive; 03-19 answer", "03-20", "breach"),
        # The tenth after Mo 2 is Mo 16 whatever becomes of Tu 17.
        ("03-02 receive", "03-04", "pending"),
    ],
)
def test_a_notice_that_is_not_out(history: str, today: str, verdict: str) -> None:
    few, many = OfficeDays(REST), OfficeDays(REST | {day_of("03-17")})
    (line,) = rounds(WORKING, history, today, calendar=Calendar(few, few, many))
    assert line.verdict == verdict


def test_a_limit_is_walked_once_a_day() -> None:
    """Every working day from the first to the twelfth, against the days written out."""
    days = [day_of("03-02") + timedelta(days=number) for number in range(1, 17)]
    working = [day for day in days if day not in REST]
    for amount, day in enumerate(working, 1):
        assert rounds(replace(WORKING, amount=amount), "03-02 receive", "03-02")[0].last == day

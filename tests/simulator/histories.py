"""Random limits with random histories: every kind of limit met by every kind of event.

A history grows event by event; now and then the walk is asked where the clock stands, and the next event is put on the
last day, on the day after it, or into the roll, since that is where limits are got wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from tests.simulator.calendar import ONE, Calendar, Convention, OfficeDays, Roll, Unit, weekends
from tests.simulator.limit import Anchor, Direction, Entry, ExtensionRule, Limit, Question, StopRule
from tests.simulator.walk import simulate

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 20)
"""The days for which there is a calendar."""
AMOUNTS: dict[Unit, tuple[int, int]] = {
    "working_day": (2, 12),
    "calendar_day": (3, 25),
    "week": (1, 3),
    "month": (1, 2),
    "year": (1, 1),
}
ITEM_ACTIONS = ("ask", "reply", "answer_each", "receive_each")
"""Actions that are always about an item."""
ITEMS = ("n1", "n2")


@dataclass(frozen=True)
class Story:
    """A limit, what happened, and when one asks, by one calendar."""

    limit: Limit
    question: Question
    calendar: Calendar
    number: int


@cache
def calendars() -> tuple[Calendar, ...]:
    """A few made-up calendars: weekends, holidays with make-up days, and some whose notice is not out."""
    pool = []
    for seed in range(6):
        random = Random(seed)
        closed = set(weekends(FIRST, LAST))
        for _ in range(45):
            day = FIRST + ONE * random.randrange((LAST - FIRST).days - 10)
            closed |= {day + ONE * number for number in range(random.randint(1, 5))}
            closed -= {day - ONE * number for number in range(random.randint(0, 2))}
        shown = frozenset(closed)
        open_days = {FIRST + ONE * number for number in range(60, 800) if random.random() < 0.15}
        fewest, most = shown - open_days, shown | open_days
        if seed % 2 == 0:
            fewest = most = shown
        pool.append(Calendar(OfficeDays(shown), OfficeDays(fewest), OfficeDays(most)))
    return tuple(pool)


# -- limits


def draw_anchor(random: Random, direction: Direction, *, per_item: bool) -> Anchor:
    kind = random.choices(["act", "where", "field", "fact", "first_of"], [40, 15, 15, 15, 15])[0]
    if per_item and random.random() < 0.6:
        return Anchor(("receive_each",))
    if kind == "where":
        return Anchor(("receive",), where="complete")
    if kind == "field":
        return Anchor(("serve",), day_field="received")
    if kind == "fact":
        return Anchor(fact="since")
    if kind == "first_of" and direction == "within_after":
        return Anchor(("receive", "learn"))
    return Anchor(("receive",))


def draw_stops(random: Random) -> tuple[StopRule, ...]:
    rules = [StopRule(("pause",), ("resume",)), StopRule(("visit",), end_field="until"), StopRule(("ask",), ("reply",))]
    return tuple(rule for rule in rules if random.random() < 0.38)


def draw_extensions(random: Random) -> tuple[ExtensionRule, ...]:
    rules: list[ExtensionRule] = []
    caps: dict[str, Any] = {
        "up_to": random.choice([None, random.randint(1, 5)]),
        "times": random.choice([None, None, random.randint(1, 2)]),
        "by": random.choice([None, None, "head"]),
    }
    if random.random() < 0.4:
        add: dict[str, Any] = random.choice([{"add": random.randint(1, 4)}, {"add_field": "days"}])
        if random.random() < 0.4:
            rules.append(ExtensionRule("prolong", **add, **caps, when=("grave", True)))
            rules.append(
                random.choice([ExtensionRule("prolong", add=1), ExtensionRule("prolong", add=2, when=("grave", False))])
            )
        else:
            rules.append(ExtensionRule("prolong", **add, **caps))
    if random.random() < 0.3:
        rules.append(ExtensionRule("set_day", day_field="until", **caps))
    if random.random() < 0.3:
        rules.append(ExtensionRule("widen", within=random.randint(2, 14), **caps))
    return tuple(rules)


def draw_limit(random: Random) -> Limit:
    direction: Direction = random.choices(["within_after", "at_least_after", "at_least_before"], [70, 15, 15])[0]  # type: ignore[assignment]
    unit: Unit = random.choices(list(AMOUNTS), [30, 25, 15, 15, 15])[0]
    convention: Convention = random.choices(["event_excluded", "first_day_included", "clear_days"], [50, 25, 25])[0]  # type: ignore[assignment]
    roll: Roll | None = random.choices([None, "next", "none", "previous"], [40, 20, 20, 20])[0]  # type: ignore[assignment]
    per_item = random.random() < 0.25
    anchor = draw_anchor(random, direction, per_item=per_item)
    limit = Limit(
        direction,
        random.randint(*AMOUNTS[unit]),
        unit,
        anchor,
        ("answer_each",) if per_item else ("answer", "settle"),
        convention=convention,
        keep_month_end=unit in ("month", "year") and random.random() < 0.4,
        roll=roll,
        occurrence=None if anchor.fact or direction == "at_least_after" else random.choice([None, "each", "first"]),
        late=random.choice(["breach", "lapsed", "out_of_time"]) if direction == "within_after" else "breach",
        per_item=per_item,
    )
    if direction != "within_after":
        return limit
    return replace(
        limit,
        stops=draw_stops(random),
        extensions=draw_extensions(random),
        restarts_on=("again",) if random.random() < 0.45 else (),
    )


# -- histories


@dataclass
class Teller:
    """Tells a history of a limit, event by event."""

    random: Random
    limit: Limit
    calendar: Calendar
    opened: date
    entries: list[Entry]
    day: date

    @property
    def words(self) -> list[str]:
        """The words for all that may happen, some of it more often."""
        limit = self.limit
        words = [*limit.anchor.actions * 3, *limit.do, *limit.restarts_on * 2]
        words += [f"fact:{limit.anchor.fact}"] * 2 if limit.anchor.fact else []
        words += [name for rule in limit.stops for name in (*rule.begins * 3, *rule.ends * 2)]
        words += [rule.action for rule in limit.extensions for _ in range(2)]
        words += ["fact:grave"] if any(rule.when for rule in limit.extensions) else []
        backward = limit.direction == "at_least_before" and limit.anchor.day_field is None
        words += [f"plan:{name}" for name in limit.anchor.actions * 2 if backward]
        return words

    def first(self) -> None:
        """The anchor comes first, mostly."""
        anchor = self.limit.anchor
        if self.random.random() < 0.85:
            self.happen(f"fact:{anchor.fact}" if anchor.fact else self.random.choice(anchor.actions))

    def go_on(self) -> None:
        word = self.random.choice(self.words)
        if self.random.random() < 0.5 and self.limit.direction == "within_after":
            last, between = self.telling_days()
            stops = [name for rule in self.limit.stops for name in rule.begins]
            if between and stops and between[-1] >= self.day:
                word = self.random.choice(stops)
                last = self.random.choice(between)
            self.day = max(self.day, last)
        else:
            self.day += ONE * self.random.choice([0, 0, 1, 1, 2, 3, 5, 8])
        if self.random.random() < 0.1 and self.limit.unit == "year":
            self.day += ONE * 300
        self.happen(word)

    def telling_days(self) -> tuple[date, list[date]]:
        """The last day as it stands or a day beside it, and the days of the roll."""
        rounds = simulate(self.limit, self.question(self.day), self.calendar)
        last, end = rounds[-1].last, rounds[-1].end
        if last is None or end is None or last > LAST - timedelta(days=100):
            return self.day, []
        between = [end + ONE * number for number in range(1, (last - end).days + 1)]
        return self.random.choice([last, last, last + ONE, last - ONE]), between

    def question(self, today: date) -> Question:
        return Question(tuple(self.entries), self.opened, today, ITEMS)

    def happen(self, word: str) -> None:
        kind, _, name = word.rpartition(":")
        order, random = len(self.entries), self.random
        if kind == "fact":
            value: Any = random.random() < 0.5 if name == "grave" else self.day + ONE * random.randint(-3, 5)
            self.entries.append(Entry(self.day, order, "answer", name, value=value, by="office"))
        elif kind == "plan":
            value = self.day + ONE * random.randint(3, 40)
            self.entries.append(Entry(self.day, order, "plan", name, value=value, by="office"))
        else:
            item = random.choice(ITEMS) if name in ITEM_ACTIONS else None
            by = random.choice(["office", "head", "head"])
            self.entries.append(Entry(self.day, order, "act", name, item, by, self.fields(name)))

    def day_to_set(self) -> date:
        """A day to come, rather one of rest."""
        days = [self.day + ONE * number for number in range(1, 40)]
        rest = [day for day in days if not self.calendar.shown.works(day)]
        return self.random.choice(days + rest * 3)

    def fields(self, name: str) -> dict[str, Any]:
        random = self.random
        by_name: dict[str, dict[str, Any]] = {
            "receive": {"complete": random.random() < 0.7} if self.limit.anchor.where else {},
            "serve": {"received": self.day + ONE * random.randint(-2, 6)},
            "visit": {"until": self.day + ONE * random.randint(1, 9)},
            "set_day": {"until": self.day_to_set()},
            "prolong": {"days": random.randint(1, 4)} if any(rule.add_field for rule in self.limit.extensions) else {},
        }
        leaves_open = name in ("set_day", "prolong") and random.random() < 0.06
        return {} if leaves_open else by_name.get(name, {})


def without(limit: Limit, words: frozenset[str]) -> Limit:
    """A limit without some words of the language."""
    if limit.unit in words:
        limit = replace(limit, unit="calendar_day", amount=limit.amount * 7, keep_month_end=False)
    if limit.convention in words:
        limit = replace(limit, convention="event_excluded")
    if "roll" in words:
        limit = replace(limit, roll=None)
    if "month_end" in words:
        limit = replace(limit, keep_month_end=False)
    if "occurrence" in words:
        limit = replace(limit, occurrence=None)
    return limit


def draw(number: int, words: frozenset[str] = frozenset()) -> Story:
    """A limit with a history, by its number; ``words`` are those of the language that it may not use."""
    random = Random(number)
    limit = without(draw_limit(random), words)
    calendar = random.choice(calendars())
    opened = FIRST + ONE * random.randrange(20, 240)
    teller = Teller(random, limit, calendar, opened, [], opened + ONE * random.randint(0, 5))
    teller.first()
    for _ in range(random.randint(2, 11)):
        teller.go_on()
    if any(rule.when for rule in limit.extensions):
        teller.happen("fact:grave")  # so that no condition stays unknown
    today = teller.day + ONE * random.choice([0, 0, 1, 3, 10, 40])
    if random.random() < 0.3:
        today = max(teller.day, min(teller.telling_days()[0], today))
    return Story(limit, teller.question(min(today, LAST - timedelta(days=60))), calendar, number)

"""The kinds of things that a story holds, and the pairs of them that cannot meet."""

from __future__ import annotations

from itertools import combinations

from tests.simulator.histories import Story
from tests.simulator.limit import Limit, Round

UNITS = ("unit working_day", "unit calendar_day", "unit week", "unit month", "unit year")
CONVENTIONS = ("event_excluded", "first_day_included", "clear_days")
ROLLS = ("roll by default", "roll next", "roll none", "roll previous")
DIRECTIONS = ("forward", "backward", "minimum")
ANCHORS = ("anchor act", "anchor where", "anchor field", "anchor fact", "anchor first_of")
RUNNING = (
    "stop", "set end of a stop", "stop over items", "stopped now", "stop on the last day", "stop in the roll",
    "stop after the last day", "add", "another amount", "set day", "capped", "invalid extension", "extension with a condition",
    "restart", "opened by a restart", "right lapses",
)  # fmt: skip
KINDS = (
    *DIRECTIONS, *UNITS, *CONVENTIONS, *ROLLS, *ANCHORS, *RUNNING,
    "month end kept", "occurrence each", "occurrence first", "several rounds", "repeated", "per item", "notice not out", "missed",
)  # fmt: skip

_EXCLUDING = (DIRECTIONS, UNITS, CONVENTIONS, ROLLS, ANCHORS, ("occurrence each", "occurrence first"))
IMPOSSIBLE: dict[tuple[str, str], str] = {
    **{pair: "a limit has one of them" for family in _EXCLUDING for pair in combinations(family, 2)},
    **{(way, kind): "only a forward limit runs" for way in ("backward", "minimum") for kind in (*RUNNING, "repeated")},
    **{(unit, "month end kept"): "it says something of months and years alone" for unit in UNITS[:3]},
    ("backward", "anchor first_of"): "drawn for forward limits alone",
    ("minimum", "anchor first_of"): "drawn for forward limits alone",
    ("minimum", "occurrence each"): "a minimum reads the latest occurrence",
    ("minimum", "occurrence first"): "a minimum reads the latest occurrence",
    ("anchor fact", "occurrence each"): "a fact occurs once",
    ("anchor fact", "occurrence first"): "a fact occurs once",
    ("anchor fact", "repeated"): "a fact occurs once",
    ("occurrence first", "repeated"): "a later occurrence is not looked at",
    ("roll none", "stop in the roll"): "nothing lies between the end and the last day",
    ("roll previous", "stop in the roll"): "nothing lies between the end and the last day",
}


def kinds_of_limit(limit: Limit) -> set[str]:
    anchor = limit.anchor
    kinds = {
        {"within_after": "forward", "at_least_before": "backward", "at_least_after": "minimum"}[limit.direction],
        f"unit {limit.unit}",
        limit.convention,
        f"roll {limit.roll or 'by default'}",
    }
    way = "where" if anchor.where else "field" if anchor.day_field else "fact" if anchor.fact else "act"
    kinds.add("anchor first_of" if len(anchor.actions) > 1 else f"anchor {way}")
    kinds |= {"month end kept"} if limit.keep_month_end else set()
    kinds |= {f"occurrence {limit.occurrence}"} if limit.occurrence else set()
    kinds |= {"per item"} if limit.per_item else set()
    return kinds


def kinds_of_events(story: Story) -> set[str]:
    limit = story.limit
    names = {entry.name for entry in story.question.entries}
    stops = {
        "stop" if rule.ends else "set end of a stop"
        for rule in limit.stops
        if names.intersection(rule.begins) and "ask" not in rule.begins
    }
    stops |= {"stop over items"} if any("ask" in rule.begins for rule in limit.stops) and "ask" in names else set()
    extensions = set()
    for rule in limit.extensions:
        if rule.action in names:
            extensions.add("another amount" if rule.within else "set day" if rule.day_field else "add")
            extensions |= {"extension with a condition"} if rule.when else set()
    return stops | extensions


def kinds_of_rounds(rounds: list[Round]) -> set[str]:
    kinds = {note for line in rounds for note in line.notes}
    verdicts = {outcome.verdict for line in rounds for outcome in line.extensions}
    kinds |= {"capped"} if "capped" in verdicts else set()
    kinds |= {"invalid extension"} if "invalid" in verdicts else set()
    kinds |= {"several rounds"} if any(line.number > 1 for line in rounds) else set()
    kinds |= {"repeated"} if any(line.repeated for line in rounds) else set()
    kinds |= {"stopped now"} if any(line.stopped for line in rounds) else set()
    kinds |= {"missed"} if any(line.verdict in ("overdue", "breach", "out_of_time") for line in rounds) else set()
    kinds |= {"right lapses"} if any(line.verdict == "lapsed" for line in rounds) else set()
    kinds |= {"notice not out"} if any(line.low != line.high for line in rounds) else set()
    return kinds


def kinds_of(story: Story, rounds: list[Round]) -> set[str]:
    """Every kind that a story holds, the events only where a clock could have met them."""
    return kinds_of_limit(story.limit) | kinds_of_events(story) | kinds_of_rounds(rounds)


def pairs_that_can_meet() -> set[tuple[str, str]]:
    never = IMPOSSIBLE.keys()
    return {
        (left, right)
        for left, right in combinations(KINDS, 2)
        if (left, right) not in never and (right, left) not in never
    }

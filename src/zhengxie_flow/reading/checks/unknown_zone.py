"""Time zones that do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo, available_timezones

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.checks.unknown import suggestion
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1213"
NAME = "unknown-zone"
REASON = Reason(
    en="The civil day on which something happened is the day in the zone of the process.",
    zh="行为发生在哪一天，以本流程所在时区的日期为准。",
)
GOOD: tuple[Example, ...] = ("zone: Asia/Urumqi\n",)
BAD: tuple[Example, ...] = ("zone: Asia/Shangahi\n# ^ Asia/Shangahi\n",)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report a zone that the time zone database does not know."""
    zone = loaded.definition.process.zone
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # no such key; a path that is no key; a folder of zones
        place = Place(loaded.process, loaded.process.node, ("zone",))
        yield fault(CODE, place, **suggestion(zone, sorted(available_timezones())))

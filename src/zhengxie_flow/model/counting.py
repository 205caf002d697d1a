"""The words in which time is counted, shared by limits and calendars: units, directions, conventions."""

from __future__ import annotations

from typing import Literal

LongUnit = Literal["calendar_day", "month", "year"]
"""Units counted by the civil calendar alone."""

CalendarUnit = Literal["working_day", LongUnit]
"""Units counted in days."""

Unit = Literal[CalendarUnit, "hour"]
"""Every unit of a time limit; hours are elapsed time."""

DAY: Unit = "calendar_day"
"""The unit of amounts of time that no limit gives another."""

Counting = Literal["forward", "backward", "minimum"]
"""What an amount of time asks: the last day after, the latest day before, or the earliest day after something."""

Direction = Literal[Counting, "by_date", "order_before", "order_after"]
"""What a limit asks; the last three count nothing."""

Convention = Literal["event_excluded", "clear_days"]
"""Whether the day counted to is merely left out, or full days lie between."""

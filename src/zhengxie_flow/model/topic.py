"""Topics of the messages that writes leave in the outbox."""

from __future__ import annotations

from typing import Final

EVENT_RECORDED: Final = "event.recorded"
DEADLINE_CHANGED: Final = "deadline.changed"
REMINDER_DUE: Final = "reminder.due"
TOPICS: Final = (EVENT_RECORDED, DEADLINE_CHANGED)
"""Topics that a program may ask for: an event was recorded; a deadline of a case is new, moved, was settled or is gone.
"""
ALL_TOPICS: Final = (*TOPICS, REMINDER_DUE)
"""All topics: reminders, by the ladders of a process, are put in unasked."""

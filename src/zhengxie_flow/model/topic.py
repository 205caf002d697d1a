"""Topics of the messages that writes leave in the outbox."""

from __future__ import annotations

from typing import Final

EVENT_RECORDED: Final = "event.recorded"
DEADLINE_CHANGED: Final = "deadline.changed"
TOPICS: Final = (EVENT_RECORDED, DEADLINE_CHANGED)
"""An event was recorded; a deadline of a case is new, moved, was settled or is gone."""

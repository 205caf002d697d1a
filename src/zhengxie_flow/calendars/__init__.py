"""Legal time: working days, limits counted out day by day, and how firm the answer is."""

from zhengxie_flow.calendars.facts import Facts, Layer, Notice
from zhengxie_flow.calendars.moments import CHINA_TIME, OfficeHours, add_hours, deemed_day
from zhengxie_flow.calendars.proof import Day, Reckoning
from zhengxie_flow.calendars.snapshot import Snapshot

__all__ = [
    "CHINA_TIME",
    "Day",
    "Facts",
    "Layer",
    "Notice",
    "OfficeHours",
    "Reckoning",
    "Snapshot",
    "add_hours",
    "deemed_day",
]

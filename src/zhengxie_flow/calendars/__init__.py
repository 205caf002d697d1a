"""Legal time: working days, limits counted out day by day, and how firm the answer is."""

from typing import TYPE_CHECKING

from zhengxie_flow.calendars.facts import Facts, Layer, Notice
from zhengxie_flow.calendars.moments import CHINA_TIME, OfficeHours, add_hours, deemed_day
from zhengxie_flow.calendars.proof import Day, LimitCount
from zhengxie_flow.calendars.snapshot import Snapshot
from zhengxie_flow.deprecation import deprecated_names

__all__ = [
    "CHINA_TIME",
    "Day",
    "Facts",
    "Layer",
    "LimitCount",
    "Notice",
    "OfficeHours",
    "Snapshot",
    "add_hours",
    "deemed_day",
]

if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {"Reckoning": "LimitCount"})

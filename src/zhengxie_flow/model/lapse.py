"""What the mere passing of a time limit counts as: an act the law deems done."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from zhengxie_flow.model.base import Id, Model
from zhengxie_flow.model.condition import Condition


class Deem(Model):
    """An act the law says counts as done: ``at`` the due day, or on the day of the anchor."""

    action: Id
    at: Literal["due", "anchor"] = "due"
    fields: dict[Id, Any] = Field(default_factory=dict, alias="with")
    when: Condition | None = None


class Lapse(Model):
    """Legal effect of the mere passing of a limit."""

    deem: Deem

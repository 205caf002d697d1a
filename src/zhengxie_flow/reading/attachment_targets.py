"""Targets of attachments: the processes whose volumes a process takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhengxie_flow.model.volume import Volume


@dataclass(frozen=True, slots=True)
class AttachmentTargets:
    """The processes whose volumes a process takes: itself, and the one that it extends or adopts.

    Law binds whoever it binds. Internal controls are the house rules of an office, so a place that adopts a process
    takes over those alone that it names; ``controls`` is None for any other process, which takes them all.
    """

    process: str
    base: str | None = None
    controls: frozenset[str] | None = None

    @classmethod
    def of(cls, process: str, bundle: Mapping[str, Any]) -> AttachmentTargets:
        """Return the targets of a process, by its bundle."""
        base = bundle.get("base")
        if base is None:
            return cls(process)
        controls = base.get("controls")
        return cls(process, base["id"], None if controls is None else frozenset(controls))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the processes."""
        return (self.process,) if self.base is None else (self.process, self.base)

    def takes(self, volume: Volume, to: str) -> bool:
        """Return whether a volume attached to some process counts here."""
        if to == self.process:
            return True
        left = self.controls is not None and volume.kind == "control" and volume.volume not in self.controls
        return to == self.base and not left

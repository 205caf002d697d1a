"""Conversion between the columns of the checkpoints and their values."""

from __future__ import annotations

import json
from typing import Any

from zhengxie_flow.model.event import canonical
from zhengxie_flow.ports import Checkpoint
from zhengxie_flow.storage.raw import AnyRow

_CHECKPOINT_COLUMNS = ("taken", "cases", "events", "root", "previous_root", "heads_root", "note")
_SIGNATURE_COLUMNS = ("signature_algorithm", "key_id", "signature")


def checkpoint_row(checkpoint: Checkpoint) -> dict[str, Any]:
    """Convert a checkpoint to columns."""
    heads = canonical([list(mark) for mark in checkpoint.heads]).decode()
    return {**{name: getattr(checkpoint, name) for name in _CHECKPOINT_COLUMNS}, "heads": heads}


def to_checkpoint(row: AnyRow) -> Checkpoint:
    """Convert a row to its checkpoint, with values of any type where SQLite keeps them; without heads, and so with
    another root, where they were made unreadable.
    """
    try:
        stored = json.loads(row.heads)
        heads = tuple((str(case), int(version), str(digest)) for case, version, digest in stored)
        if canonical([list(mark) for mark in heads]).decode() != row.heads:
            heads = ()
    except (ValueError, TypeError, RecursionError):
        heads = ()
    signature = next((value for name in _SIGNATURE_COLUMNS if (value := getattr(row, name)) is not None), None)
    columns = {name: getattr(row, name) for name in _CHECKPOINT_COLUMNS}
    return Checkpoint(heads=heads, signature=signature, **columns)

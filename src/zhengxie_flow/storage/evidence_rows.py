"""Reading of the evidence of events as it lies there: entries of attachments, and the erasures of such."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from zhengxie_flow.model.evidence import place_of
from zhengxie_flow.ports import StoredEvidence
from zhengxie_flow.storage.raw import AnyRow


def erased_evidence(bodies: Iterable[Any]) -> frozenset[tuple[Any, Any, Any]]:
    """Collect the places in the evidence of events whose erasure is recorded.

    Args:
        bodies: The bodies of the events that record erasures, as they are stored.

    Returns:
        Case, event and pointer of each place.
    """
    found: set[tuple[Any, Any, Any]] = set()
    for body in bodies:
        try:
            places = json.loads(body)["places"]
            found.update((place["case"], place["event"], place["field"]) for place in places)
        except (ValueError, TypeError, KeyError, RecursionError):  # a finding of its own
            continue
    return frozenset(found)


def to_evidence(row: AnyRow, erased: Collection[tuple[Any, Any, Any]]) -> Iterator[StoredEvidence]:
    """Convert the evidence of an event.

    Args:
        row: The case, the number and the evidence of the event.
        erased: The places whose erasure is recorded.

    Yields:
        The entries; none where they were made unreadable.
    """
    try:
        texts = json.loads(row.evidence)
    except (ValueError, TypeError, RecursionError):
        return
    for position, text in enumerate(texts if isinstance(texts, list) else ()):
        if isinstance(text, str):
            gone = (row.case_id, row.sequence, place_of(position)) in erased
            yield StoredEvidence(row.case_id, row.sequence, position, text, gone)

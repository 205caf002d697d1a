"""Differences between two audits of a case: by another reading of the law, or under another edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING

from zhengxie_flow.deprecation import deprecated_names
from zhengxie_flow.model.verdict import CaseAudit, Judgement, VerdictChange

Key = tuple[str, str | None, bool]


def differences(before: CaseAudit, after: CaseAudit) -> Iterator[VerdictChange]:
    """Yield the lines of one case whose verdict or day differs.

    Args:
        before: the audit to compare with.
        after: the audit of the same case under another reading, edition or calendar.

    Yields:
        One change a line, in the order of ``before``; a line that only one of them has is None on the other side.
    """
    old, new = _by_key(before), _by_key(after)
    for key in {**old, **new}:
        for line, other in zip_longest(old.get(key, ()), new.get(key, ())):
            if line is None or other is None or compared(line) != compared(other):
                yield VerdictChange(before.case, key[0], key[1], line, other)


def _by_key(audit: CaseAudit) -> Mapping[Key, list[Judgement]]:
    lines: dict[Key, list[Judgement]] = defaultdict(list)
    for line in audit.verdicts:
        lines[line.obligation, line.item, line.is_action].append(line)
    return lines


def compared(line: Judgement) -> tuple[object, ...]:
    """Return what two lines are compared by: the verdict, the days, and what is missing."""
    return line.verdict, line.due, line.latest, line.earliest, line.date_status, line.missing


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {"Change": "zhengxie_flow.model.verdict:VerdictChange"})

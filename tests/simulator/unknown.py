"""What nobody has answered: every answer still possible is walked, and the lines are laid side by side (rule 10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product, zip_longest

from tests.simulator.limit import Entry, ExtensionOutcome, Limit, Question, Round

ADVERSE = {"breach", "overdue", "lapsed", "out_of_time"}
OPEN = ("provisional", "pending")  # the nearer to a verdict first


def answered(limit: Limit, question: Question) -> Iterator[Question]:
    """The question under every answer to the conditions of extensions that nobody has answered."""
    said = {entry.name for entry in question.entries if entry.kind == "answer"}
    asked = dict.fromkeys(rule.when[0] for rule in limit.extensions if rule.when is not None)
    unknown = [name for name in asked if name not in said]
    for answers in product((False, True), repeat=len(unknown)):
        before = question.opened - timedelta(days=1)
        entries = (Entry(before, -1, "answer", name, value=value) for name, value in zip(unknown, answers, strict=True))
        yield replace(question, history=(*entries, *question.history))


def side_by_side(walks: list[list[Round]]) -> list[Round]:
    """The rounds that all walks have in common, and what each comes to where they differ."""
    if all(walk == walks[0] for walk in walks):
        return walks[0]
    items = dict.fromkeys(line.item for walk in walks for line in walk)
    lines: list[Round] = []
    for item in items:
        of_item = [[line for line in walk if line.item == item] for walk in walks]
        lines += [_joined(list(rounds)) for rounds in zip_longest(*of_item)]
    return lines


def _joined(rounds: list[Round | None]) -> Round:
    present = [line for line in rounds if line is not None]
    verdicts = {line.verdict if line is not None else "not_applicable" for line in rounds}
    shown = min(present, key=lambda line: (line.last is None, line.last))
    extensions = _extensions([line.extensions for line in present])
    if len(verdicts) == 1:
        return replace(shown, extensions=extensions)
    still_open = [word for word in OPEN if word in verdicts]
    if still_open and not verdicts & ADVERSE and "needs_judgement" not in verdicts:
        line = next(line for line in present if line.verdict == still_open[0])
        return replace(shown, verdict=still_open[0], stopped=line.stopped, act=line.act, extensions=extensions)
    act = next((line.act for line in present if line.act is not None), None)
    return replace(shown, verdict="needs_judgement", stopped=False, act=act, extensions=extensions)


def _extensions(versions: list[tuple[ExtensionOutcome, ...]]) -> tuple[ExtensionOutcome, ...]:
    """Each extension as it comes out; where its verdict differs, only a person can say."""
    by_place: dict[tuple[object, int], list[ExtensionOutcome]] = {}
    for outcomes in versions:
        for outcome in outcomes:
            by_place.setdefault(outcome.place, []).append(outcome)
    joined = []
    for several in by_place.values():
        same = len(several) == len(versions) and len({outcome.verdict for outcome in several}) == 1
        joined.append(several[0] if same else replace(several[0], verdict="needs_judgement", reason="when", units=0))
    return tuple(joined)

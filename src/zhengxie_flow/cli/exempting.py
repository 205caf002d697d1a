"""Exemptions as text: those of a case, and those of a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhengxie_flow.cli.cells import Cell
from zhengxie_flow.cli.labels import Labels
from zhengxie_flow.cli.paper import Paper


def lines(paper: Paper, labels: Labels, found: Sequence[Mapping[str, Any]]) -> None:
    """Every exemption of a case: how it stands, since when and until when, on what grounds, by whom, what it lifts."""
    if not found:
        return
    paper.line((paper.say("cli.show.exemptions"), "strong"))
    for each in found:
        paper.line(*_head(paper, labels, each), indent=2)
        if each["grounds"]:
            grounds = ", ".join(_grounds(labels, each))
            paper.line(paper.say("cli.exempting.ground", grounds=grounds), indent=4)
        for key in ("lifts", "shortens"):
            if each[key]:
                paper.line(
                    paper.say(f"cli.exempting.{key}", duties=[labels.named("obligation", duty) for duty in each[key]]),
                    indent=4,
                )


def _head(paper: Paper, labels: Labels, each: Mapping[str, Any]) -> tuple[Cell, ...]:
    since = None if each["date"] is None else paper.say("cli.exempting.since", day=each["date"], event=each["event"])
    by = labels.role(each["by"]) if each["by"] else paper.say("cli.exempting.open") if each["date"] is None else None
    actor = f"({each['actor']})" if each["actor"] else None
    return (
        each["exemption"],
        labels.of(each["exemption"]),
        standing(paper, each),
        judged(paper, each),
        since,
        by,
        actor,
    )


def judged(paper: Paper, each: Mapping[str, Any]) -> Cell:
    """The verdict on a grant, with its details."""
    words = [paper.say(f"verdict.{each['verdict']}"), *(paper.say(f"detail.{entry}") for entry in each["detail"])]
    return (" ".join(words), each["verdict"])


def standing(paper: Paper, each: Mapping[str, Any]) -> Cell:
    """How a grant stands: used, ended and when, standing and until when, or lifting nothing."""
    if each["verdict"] not in ("pass", "incomplete", "breach"):
        return (paper.say("cli.exempting.nothing"), "breach")
    if each["used"]:
        return (paper.say("cli.exempting.used"), "pass")
    if each["ended"]:
        return (paper.say(f"cli.exempting.{each['ended']}", day=each["until"]), "dim")
    until = "" if each["until"] is None else " " + paper.say("cli.exempting.until", day=each["until"])
    standing = "later" if "retroactive" in each["detail"] else "standing"
    return (paper.say(f"cli.exempting.{standing}") + until, "pass")


def _grounds(labels: Labels, each: Mapping[str, Any]) -> list[str]:
    """The rules a grant rests on, each with its label."""
    rules = {rule.id: rule for decision in labels.compiled.definition.decisions.values() for rule in decision.rules}
    return [f"{rule} {rules[rule].label(labels.lang)}".rstrip() if rule in rules else rule for rule in each["grounds"]]

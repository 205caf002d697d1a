"""Exemptions as text: those of a case, and those of a year."""

from __future__ import annotations

from collections.abc import Sequence

from zhengxie_flow.cli.output.cell import Cell
from zhengxie_flow.cli.output.page import Page
from zhengxie_flow.presentation.labels import Labels
from zhengxie_flow.services.queries.exemptions import ExemptionUse


def lines(page: Page, labels: Labels, uses: Sequence[ExemptionUse]) -> None:
    """Write the exemptions of a case: status, period, grounds, authority, and the duties they lift."""
    if not uses:
        return
    page.line((page.say("cli.show.exemptions"), "strong"))
    for use in uses:
        page.line(*_head(page, labels, use), indent=2)
        if use.grounds:
            grounds = ", ".join(_grounds(labels, use))
            page.line(page.say("cli.exempting.ground", grounds=grounds), indent=4)
        for key, duties in (("lifts", use.lifts), ("shortens", use.shortens)):
            if duties:
                named = [labels.named("obligation", duty) for duty in duties]
                page.line(page.say(f"cli.exempting.{key}", duties=named), indent=4)


def _head(page: Page, labels: Labels, use: ExemptionUse) -> tuple[Cell, ...]:
    since = None if use.date is None else page.say("cli.exempting.since", day=use.date, event=use.event)
    by = labels.role(use.by) if use.by else page.say("cli.exempting.open") if use.date is None else None
    actor = f"({use.actor})" if use.actor else None
    return (
        use.exemption,
        labels.of(use.exemption),
        grant_status(page, use),
        grant_verdict(page, use),
        since,
        by,
        actor,
    )


def grant_verdict(page: Page, use: ExemptionUse) -> Cell:
    """Return the verdict on a grant, with its details."""
    words = [page.say(f"verdict.{use.verdict}"), *(page.say(f"detail.{entry}") for entry in use.detail)]
    return (" ".join(words), use.verdict)


def grant_status(page: Page, use: ExemptionUse) -> Cell:
    """Return the status of a grant: used, ended, in force until a day, or without effect."""
    if use.verdict not in ("pass", "incomplete"):
        return (page.say("cli.exempting.nothing"), "breach")
    if use.used:
        return (page.say("cli.exempting.used"), "pass")
    if use.ended:
        return (page.say(f"cli.exempting.{use.ended}", day=use.until), "dim")
    until = "" if use.until is None else " " + page.say("cli.exempting.until", day=use.until)
    return (page.say("cli.exempting.standing") + until, "pass")


def _grounds(labels: Labels, use: ExemptionUse) -> list[str]:
    """Return the rules a grant rests on, each with its label."""
    rules = {rule.id: rule for decision in labels.compiled.definition.decisions.values() for rule in decision.rules}
    return [f"{rule} {rules[rule].label(labels.lang)}".rstrip() if rule in rules else rule for rule in use.grounds]

"""Lines of an imported notice: entries that could not be mapped, deadlines that move, verdicts that change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zhengxie_flow.cli.output.page import Page

if TYPE_CHECKING:
    from zhengxie_flow.reading.listed_days import UnmappedEntry
    from zhengxie_flow.services.commands.recompute import DeadlineStatus, Shift
    from zhengxie_flow.services.commands.recount_preview import RecountedVerdict, RecountPreview


def unmapped(page: Page, entries: Sequence[UnmappedEntry]) -> None:
    """Write the entries of a public list that no notice has a place for, each with the reason."""
    if not entries:
        return
    page.line((page.say("cli.notice.unmapped", count=len(entries)), "provisional"))
    for entry in entries:
        page.line(entry.place, entry.text, (page.say(f"calendar.unmapped.{entry.reason}"), "dim"), indent=2)


def changes(page: Page, changed: RecountPreview, *, dry_run: bool) -> None:
    """Write the deadlines that moved; on a trial run those that would move, and the verdicts that would change."""
    count = len(changed.deadlines)
    page.line((page.say("cli.notice.would_move" if dry_run else "cli.notice.deadlines", count=count), "strong"))
    for shift in changed.deadlines:
        _shift(page, shift, dry_run=dry_run)
    if dry_run:
        page.line((page.say("cli.notice.would_change", count=len(changed.verdicts)), "strong"))
        for change in changed.verdicts:
            _verdict(page, change)


def _shift(page: Page, shift: Shift, *, dry_run: bool) -> None:
    place = shift.case if dry_run else f"{shift.case} #{shift.event}"
    number = page.say("cli.notice.round", round=shift.round) if shift.round > 1 else None
    move = f"{_day(page, shift.old)} → {_day(page, shift.new)}"
    page.line(place, shift.obligation, shift.item, number, (move, "strong"), ", ".join(shift.notices), indent=2)
    warned = [("earlier", shift.moved_earlier), ("past", shift.advised_day_past)]
    for name in (name for name, applies in warned if applies):
        message = page.say(f"calendar.warning.{name}", old=shift.old.day, new=shift.new.earliest)
        page.line((message, "overdue"), indent=4)


def _day(page: Page, deadline: DeadlineStatus) -> str:
    """The day of a deadline, marked where it is provisional."""
    provisional = f" ({page.say('calendar.status.provisional')})" if deadline.status == "provisional" else ""
    return f"{deadline.day}{provisional}"


def _verdict(page: Page, change: RecountedVerdict) -> None:
    old, new = ("-" if verdict is None else page.say(f"verdict.{verdict}") for verdict in (change.old, change.new))
    number = page.say("cli.notice.round", round=change.round) if change.round > 1 else None
    mark = "dim" if change.new is None else str(change.new)
    page.line(change.case, change.obligation, change.item, number, (f"{old} → {new}", mark), indent=2)

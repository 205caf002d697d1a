"""Engine methods that look after the journal: recounted deadlines, checkpoints, verification, repair of projections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from zhengxie_flow.bootstrap.engine_parts import EngineParts
from zhengxie_flow.calendars import Notice
from zhengxie_flow.ports import ERASED, NOTES, ORPHAN, PROJECTION, SCHEMA, UNREADABLE, Checkpoint, Finding
from zhengxie_flow.services import arguments
from zhengxie_flow.services.authorising import AccessRequest, ask_hook
from zhengxie_flow.services.commands.projections import Reported, mismatches, rebuild
from zhengxie_flow.services.commands.recompute import Shift, recompute
from zhengxie_flow.services.commands.recount_preview import RecountPreview, preview_recount
from zhengxie_flow.services.commands.ticking import Ticked, tick
from zhengxie_flow.services.queries.attachments import evidence_findings
from zhengxie_flow.services.retrying import repeated


class JournalUpkeep(EngineParts):
    """Upkeep of the journal as a whole (see `zhengxie_flow.bootstrap.engine.Engine`)."""

    def recompute(self) -> tuple[Shift, ...]:
        """Reread the calendar's files and count open deadlines again where the calendar changed.

        Each deadline that moves gets an event; doing it again writes nothing.  To be called after a notice was
        imported, by this program or another, or came with a newer package.

        Returns:
            Every deadline that moved, with its old and new day.

        Raises:
            Conflict: Another program writes; the cases before it are kept.
            StorageError: The database cannot be used.
        """
        self._calendars.refresh()
        return recompute(self.context)

    def preview_recompute(self, notices: Iterable[Notice]) -> RecountPreview:
        """Work out what holiday notices of China would change before they are imported; nothing is written.

        Args:
            notices: The notices.

        Returns:
            The open deadlines that would move, from what to what, and the verdicts that would change.

        Raises:
            ChainBroken: The journal of a case was tampered with.
            StorageError: The database cannot be read.
        """
        return preview_recount(self.context, self._calendars.with_notices(notices))

    @arguments.typed
    def tick(
        self, now: datetime | None = None, *, cases: Sequence[str] | None = None, dry_run: bool = False
    ) -> tuple[Ticked, ...]:
        """Write what time alone has brought to cases: limits that lapsed, and what the law makes of that.

        Reading never needs it: every reading works the same out.  Each case is a transaction of its own; doing it again
        writes nothing.

        Args:
            now: The instant up to whose day time is taken to have passed; None for the present one.
            cases: The ids of the cases; None for all that time, a new edition or another calendar has overtaken.
            dry_run: True to find out what would be written, without writing.

        Returns:
            The cases in the order they were ticked, subcases before their parents, each with its new events.

        Raises:
            NotFound: There is no such case; those before it are kept.
            UsageError: ``now`` has no offset, or lies in the future.
            Conflict: Another program writes; the cases before are kept.
        """
        return tuple(tick(self.context, cases, now=arguments.instant(now), dry_run=dry_run))

    def checkpoint(self) -> Checkpoint:
        """Store the present version and hash of every case under one root hash.

        The root, written down elsewhere, proves later with `verify` that no case was taken away or written anew.

        Returns:
            The new checkpoint, or the last one again where nothing was written since.

        Raises:
            StorageError: The journal is read-only or cannot be used.
            Conflict: Another program takes a checkpoint at the same time.
        """
        ask_hook(self.context, AccessRequest("checkpoint"))
        return repeated(self.context, lambda: self.journal.checkpoint(self.context.now()))

    @arguments.typed
    def verify(self, root: str | None = None, *, replay: bool = False, evidence: bool = False) -> tuple[Finding, ...]:
        """Verify every hash chain, every checkpoint, and every copy that the journal keeps of its events.

        Whatever was done to the journal, all of it is verified: what cannot be read is a finding.

        Args:
            root: The root of a checkpoint that must be in the journal, as it was written down elsewhere, or its note.
            replay: True to ask the definition of each case, event by event, whether what was written was lawful then.
            evidence: True to read every attachment too and compare it with its hash.

        Returns:
            The first break of every case that was changed outside the engine, and every mismatch; empty when there is
            none.  Of the kinds, ``projection`` is a head or deadline row that differs from the events, ``subcase`` a
            parent case that differs from its subcase, ``lost`` a case that another names and that is gone,
            ``checkpoint`` a changed checkpoint, a missing ``root``, or a case that differs from its checkpoint,
            ``orphan`` a row that belongs to no case or event, ``unreadable`` what cannot be read or worked out,
            ``schema`` a table, trigger or property that is not as the migrations make it, ``unlawful`` an event that
            its definition did not allow.  ``erased`` reports a personal value or a file that was erased on record,
            ``stale`` a head that an earlier version wrote; these two are no breaks.  Of attachments,
            ``evidence_missing`` is a file that an event refers to and that is gone (or cannot be read),
            ``evidence_changed`` one that is another than it was, ``evidence_kept`` one that was erased on record and is
            still there; ``unreferenced`` reports one that no event refers to, which is no break.

        Raises:
            StorageError: The database cannot be read.
            UsageError: ZX5040, ``root`` has several lines and is no note; ZX5042, there is no place for attachments.
        """
        files = tuple(evidence_findings(self.context)) if evidence else ()
        findings = tuple(self.journal.verify(root))
        return (*findings, *mismatches(self.context, _reported(findings), among=True, replay=replay), *files)

    def rebuild(self) -> tuple[Finding, ...]:
        """Write the head and the deadline rows of every case anew, by what its events give today.

        A case whose chain is broken is left alone: nothing is built on its events.

        Returns:
            The differences that were found and repaired.

        Raises:
            StorageError: The journal is read-only or cannot be used.
            Conflict: Another program writes.
        """
        findings = tuple(self.journal.verify())
        reported = _reported(findings)
        return rebuild(self.context, reported, [finding for finding in findings if _rebuildable(finding)])


def _rebuildable(finding: Finding) -> bool:
    """True for what a rebuild repairs: a head, projected rows, and such rows of a case that is not there."""
    orphan = finding.kind == ORPHAN and (finding.found or "").startswith(("zx_deadlines", "zx_assignments"))
    return finding.kind == PROJECTION or orphan


def _reported(findings: Iterable[Finding]) -> Reported:
    """The cases that the journal itself reports, by what is wrong with them."""
    beside = NOTES | {PROJECTION, ORPHAN, SCHEMA, UNREADABLE}
    by_kind: dict[str, set[str]] = {}
    for finding in findings:
        by_kind.setdefault(finding.kind, set()).add(finding.case)
    return Reported(
        broken=frozenset(case for kind, cases in by_kind.items() if kind not in beside for case in cases),
        kept=frozenset(by_kind.get(PROJECTION, ())),
        erased=frozenset(by_kind.get(ERASED, ())),
    )

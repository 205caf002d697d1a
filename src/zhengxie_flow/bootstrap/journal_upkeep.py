"""Engine methods that look after the journal: recounted deadlines, checkpoints, verification, repair of projections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from zhengxie_flow.bootstrap.engine_parts import EngineParts
from zhengxie_flow.ports import Checkpoint, Finding
from zhengxie_flow.services import arguments
from zhengxie_flow.services.commands.projections import PROJECTION, mismatches, rebuild
from zhengxie_flow.services.commands.recompute import Shift, recompute
from zhengxie_flow.services.commands.ticking import Ticked, tick
from zhengxie_flow.services.queries.attachments import evidence_findings


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
        return self.journal.checkpoint(self.context.now())

    @arguments.typed
    def verify(self, root: str | None = None, *, evidence: bool = False) -> tuple[Finding, ...]:
        """Verify every hash chain, every checkpoint, and every copy that the journal keeps of its events.

        Args:
            root: The root of a checkpoint that must be in the journal, as it was written down elsewhere, or its note.
            evidence: True to read every attachment too and compare it with its hash.

        Returns:
            The first break of every case that was changed outside the engine, and every mismatch; empty when there is
            none.  Of the kinds, ``projection`` is a head or deadline row that differs from the events, ``subcase`` a
            parent case that differs from its subcase, ``lost`` a case that another names and that is gone,
            ``checkpoint`` a changed checkpoint, a missing ``root``, or a case that differs from its checkpoint.
            ``erased`` reports a personal value or a file that was erased on record, and is no break.  Of attachments,
            ``evidence_missing`` is a file that an event refers to and that is gone (or cannot be read),
            ``evidence_changed`` one that is another than it was, ``evidence_kept`` one that was erased on record and is
            still there; ``unreferenced`` reports one that no event refers to, which is no break.

        Raises:
            StorageError: The database cannot be read.
            UsageError: ZX5040, ``root`` has several lines and is no note; ZX5042, there is no place for attachments.
        """
        files = tuple(evidence_findings(self.context)) if evidence else ()
        findings = tuple(self.journal.verify(root))
        erased = {finding.case for finding in findings if finding.kind == "erased"}
        return (*findings, *mismatches(self.context, _broken(findings), among=True, erased=erased), *files)

    def rebuild(self) -> tuple[Finding, ...]:
        """Write heads and deadline rows anew where they differ from what the events give.

        A case whose chain is broken is left alone: nothing is built on its events.

        Returns:
            The differences that were found and repaired.

        Raises:
            StorageError: The journal is read-only or cannot be used.
            Conflict: Another program writes.
        """
        findings = tuple(self.journal.verify())
        projections = [finding for finding in findings if finding.kind == PROJECTION]
        return rebuild(self.context, _broken(findings), projections)


def _broken(findings: Iterable[Finding]) -> frozenset[str]:
    """The cases whose events themselves are in doubt."""
    return frozenset(finding.case for finding in findings if finding.kind not in {"erased", PROJECTION})

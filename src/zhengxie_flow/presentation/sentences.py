"""Sentences of verdicts: each line of an audit in one sentence, composed from its typed values.

The command line, JSON and every other door show the same sentence; the texts are ``i18n/messages/sentences.json``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zhengxie_flow.i18n import label
from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.model.bearer import assigned_bearers
from zhengxie_flow.model.verdict import REASONED, Audit, CaseAudit, Judgement, SubcaseAudit, Verdict, reason_kind
from zhengxie_flow.model.working import EndedBy, FailedConditions, LiftedBy, LineReason, PassedOver, ReasonKind
from zhengxie_flow.presentation.citations import cited
from zhengxie_flow.presentation.failures import failed_text
from zhengxie_flow.presentation.line_labels import LineLabels
from zhengxie_flow.presentation.record_sentences import record_sentence

if TYPE_CHECKING:
    from zhengxie_flow.presentation.labels import Labels

V = Verdict


def sentence(line: Judgement, labels: Labels) -> str:
    """Return the sentence that gives the reason of a line.

    Args:
        line: The line of an audit.
        labels: The labels of the definition that governs the case, in the language asked for.
    """
    text = _Composer(line, LineLabels.of(line, labels)).text()
    if line.follows_from is not None:
        cause = LineLabels.of(line, labels).any(line.follows_from)
        text = label("sentence.follows_from", labels.lang, text=text, cause=cause)
    if line.round > 1:
        text = label("sentence.round", labels.lang, text=text, number=line.round)
    if line.clause is None:
        return text
    law = labels.governing(line.edition).definition.law
    return label("sentence.with_clause", labels.lang, text=text, clause=cited(line.clause, law, labels.lang))


def with_sentences(audit: Audit, labels_for: Callable[[str], Labels]) -> Audit:
    """Return an audit with the sentence of every line.

    Args:
        audit: The audit.
        labels_for: The labels of the definition of a case, by its id.
    """
    reread = audit.reread
    if reread is not None:
        reread = replace(
            reread,
            cases=tuple(case_with_sentences(case, labels_for) for case in reread.cases),
            changes=tuple(
                replace(
                    change,
                    before=_optional(change.before, labels_for(change.case)),
                    after=_optional(change.after, labels_for(change.case)),
                )
                for change in reread.changes
            ),
        )
    return replace(audit, cases=tuple(case_with_sentences(case, labels_for) for case in audit.cases), reread=reread)


def case_with_sentences(case: CaseAudit, labels_for: Callable[[str], Labels]) -> CaseAudit:
    """Return the audit of a case, and of its subcases, with the sentence of every line."""
    labels = labels_for(case.case)
    return replace(
        case,
        verdicts=tuple(_worded(line, labels) for line in case.verdicts),
        subcases=tuple(_subcase(subcase, labels_for) for subcase in case.subcases),
    )


def _subcase(subcase: SubcaseAudit, labels_for: Callable[[str], Labels]) -> SubcaseAudit:
    return replace(subcase, audit=case_with_sentences(subcase.audit, labels_for))


def _optional(line: Judgement | None, labels: Labels) -> Judgement | None:
    return None if line is None else _worded(line, labels)


def _worded(line: Judgement, labels: Labels) -> Judgement:
    """A line with its sentence, the label of its obligation and its bearers."""
    title = labels.of(line.obligation, line.edition) or line.obligation
    return replace(
        line,
        sentence=sentence(line, labels),
        title=title,
        bearers=assigned_bearers(labels.bearers(line.who), line.assigned),
    )


@dataclass(frozen=True, slots=True)
class _Composer:
    """The sentence of one line, without its clause."""

    line: Judgement
    names: LineLabels

    def text(self) -> str:
        """The sentence, by the verdict and the kind of its reason."""
        line = self.line
        if line.reason is not None:
            return self._adverse(line.reason)
        match line.verdict:
            case V.PASS:
                return self._performed()
            case V.DEEMED:
                return self.say("deemed")
            case V.DEVIATION_JUSTIFIED:
                return self.say("justified", text=self._of_kind(reason_kind(line)), detail=self.names.details())
            case V.EXEMPT:
                lifted = self._exemptions()
                return self.say("exempt" if lifted else "exempt.plain", exemptions=lifted)
            case V.PENDING:
                return self._pending()
            case V.PROVISIONAL:
                return self.say("provisional.plain" if line.day is None else "provisional.due")
        return self._not_applicable()

    def say(self, key: str, **values: object) -> str:
        """A message about the line; its day, act and amounts are filled in."""
        return self.names.say(f"sentence.{key}", **values)

    def _adverse(self, reason: LineReason) -> str:
        return self._of_kind(reason.kind)

    def _of_kind(self, kind: ReasonKind) -> str:  # noqa: C901, PLR0912  # one case for each kind
        line, names = self.line, self.names
        match kind:
            case "record":
                return record_sentence(line, names)
            case "late":
                return self._by_verdict("late")
            case "undone":
                return self.say("undone.undated") if line.day is None else self._by_verdict("undone")
            case "early":
                return self.say("early")
            case "misordered":
                done = "undone" if line.actual is None else "done"
                return self.say(f"misordered.{done}", anchor=names.anchor())
            case "untimely":
                return self.say("untimely", needs=names.timeliness())
            case "ended":
                return self._ended()
            case "passed_over":
                return self._passed_over()
            case "left_open":
                return self.say("left_open", closer=names.closers(), missing=names.listed(line.missing))
            case "baseless":
                return self.say("baseless", missing=names.listed(map(names.quoted, line.missing)))
            case "unrecorded":
                return self.say("unrecorded", missing=names.listed(map(names.quoted, line.missing)))
            case "unmet":
                return self._unmet()
            case "retroactive":
                return self.say("retroactive", anchor=names.granted_before())
            case "unauthorised" | "void" | "capped":
                return self.say(kind, detail=names.details(), roles=names.roles(line.who))
            case "undetermined":
                return self._undetermined()
            case "unset":
                return self.say("unset", needs=names.listed(map(names.quoted, line.needs)))
        return self.say("departed")

    def _by_verdict(self, key: str) -> str:
        """The message of a missed limit, with its consequence where a right is lost by it."""
        own = f"{key}.{self.line.verdict}"
        return self.say(own if f"sentence.{own}" in texts() else key)

    def _ended(self) -> str:
        ended = self.line.note(EndedBy)
        states = [entry for entry in self.line.detail if self.names.is_state(entry)]
        if states:
            return self.say("ended", state=self.names.state(states[0]))
        closers = self.names.closers()
        return self.say("ended.closed" if ended is not None and closers else "ended.plain", closer=closers)

    def _passed_over(self) -> str:
        note = self.line.note(PassedOver)
        if note is None:
            return self.say("departed")
        return self.say("passed_over", state=self.names.state(note.passed_to), passed=note.passed_on)

    def _unmet(self) -> str:
        note = self.line.note(FailedConditions)
        failed = "" if note is None else failed_text(note.failed, self.names)
        if self.line.actual is None:
            return self.say("unmet.undone", failed=failed)
        return self.say("unmet" if failed else "unmet.unsaid", failed=failed)

    def _undetermined(self) -> str:
        """The facts that nobody has determined, and what they may come to."""
        text = self._unknown()
        verdicts = dict.fromkeys(label(f"verdict.{entry}", self.names.lang) for entry in self.line.outcomes)
        return self.say("outcomes", text=text, outcomes=self.names.alternatives(verdicts)) if verdicts else text

    def _unknown(self) -> str:
        line, names = self.line, self.names
        if line.needs in (("at",), ("calendar",)):
            return self.say(f"undetermined.{line.needs[0]}")
        if not line.needs:
            return self.say("undetermined.unsaid", roles=names.roles(line.who))
        return self.say("undetermined.met" if names.is_requirement else "undetermined", needs=self._needs())

    def _needs(self) -> str:
        """The facts that nobody has determined, each with the roles that may."""
        line, names = self.line, self.names
        return names.listed(
            self.say("need", fact=names.any(name), roles=names.roles(line.needs_by.get(name, ())))
            for name in line.needs
        )

    def _performed(self) -> str:
        line = self.line
        if line.actual is None:
            return self.say("pass.plain")
        if self.names.is_requirement:
            return self.say("pass.met")
        if line.due is None and line.latest is None:
            return self.say("pass.done" if line.earliest is None else "pass.earliest")
        return self.say("pass.due")

    def _exemptions(self) -> str:
        lifted = self.line.note(LiftedBy)
        if lifted is None:
            return ""
        return self.names.listed(
            self.say("lifted", exemption=self.names.any(entry.exemption), day=self.names.day(entry.date))
            for entry in lifted.lifted_by
        )

    def _pending(self) -> str:
        line = self.line
        if "suspended" in line.detail:
            return self.say("pending.suspended" if line.day is None else "pending.suspended.due")
        if line.needs and not self.names.is_requirement:
            return self.say("pending.undetermined", needs=self._needs())
        if line.day is not None:
            return self.say("pending.due" if line.earliest is None else "pending.earliest")
        waits = self.names.listed(map(self.names.quoted, line.waits_for))
        return self.say("pending.waits" if waits and not self.names.is_requirement else "pending.plain", waits=waits)

    def _not_applicable(self) -> str:
        for entry in self.line.detail:
            if self.names.is_state(entry):
                return self.say("not_applicable.ended", state=self.names.state(entry))
            if f"detail.{entry}" in texts():
                return self.say("not_applicable.item", detail=self.names.details())
        return self.say("not_applicable")


def reasoned_lines(lines: Iterable[Judgement]) -> list[Judgement]:
    """Return the lines that something is wrong with, or not settled."""
    return [line for line in lines if line.verdict in REASONED]

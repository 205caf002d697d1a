"""The forms of acts: what a screen has to ask of whoever acts, what stands against the act, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.errors import Reason
from zhengxie_flow.i18n import LANGUAGES
from zhengxie_flow.model.condition import Compare, Condition
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.document import one_of
from zhengxie_flow.model.process import Action, ByObligation, Requirement
from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.needs import AnyNeed
from zhengxie_flow.presentation.documents.processes import bilingual, bilingual_clause
from zhengxie_flow.presentation.documents.scenarios import Bilingual
from zhengxie_flow.presentation.labels import Labels
from zhengxie_flow.presentation.reasons import need_text, reason_sentence
from zhengxie_flow.services.queries.available_actions import Possible, new_item_type

if TYPE_CHECKING:
    from zhengxie_flow.presentation.readback.sentence import ReadStatement
    from zhengxie_flow.presentation.readback.words import ReadbackWords


@dataclass(frozen=True, slots=True)
class NamedId:
    """An id with its label in both languages."""

    id: str
    label: Bilingual


@dataclass(frozen=True, slots=True)
class FormChoice:
    """A value that a field may have, with its label in both languages."""

    value: str
    label: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A field of an act: ``required`` always, ``now`` because something asks for it as the case stands, or ``no``;
    ``asked_by`` are the requirements that look at it, ``evidence_for`` the duties that it proves.
    """

    name: str
    label: Bilingual
    type: str
    choices: tuple[FormChoice, ...]
    of_items: str | None
    required: Annotated[str, one_of("always", "now", "no")]
    asked_by: tuple[str, ...]
    evidence_for: tuple[str, ...]
    unit: str | None
    personal: bool
    fact: bool
    """Whether it is a fact of the case, which the act asserts."""
    presumed: Any


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """An item of the case, and whether the act is possible for it now."""

    id: str
    ready: bool


@dataclass(frozen=True, slots=True)
class FormItem:
    """The item that an act is about: its type, whether the act adds a new one, and those of the case with whether the
    act is possible for each.
    """

    type: str
    label: Bilingual
    creates: bool
    choices: tuple[ItemChoice, ...]


@dataclass(frozen=True, slots=True)
class FormRequirement:
    """A requirement of an act: what it says, its clause, and whether it stands against the act now."""

    id: str
    label: Bilingual
    sentence: Bilingual
    clause: Bilingual | None
    met: bool


@dataclass(frozen=True, slots=True)
class NeedDocument:
    """What would settle a reason: its kind, its name, and its label in both languages."""

    kind: str
    name: str
    label: Bilingual


@dataclass(frozen=True, slots=True)
class ReasonDocument:
    """A reason against an act, as a sentence with its clause, and what would settle it."""

    id: str
    value: Annotated[str, one_of("false", "unknown")]
    sentence: Bilingual
    clause: Bilingual | None
    needs: tuple[NeedDocument, ...]
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm:
    """The form of an act of a case: who may do it, what it asks for, whether the state allows it, and what stands
    against it now.
    """

    case: str
    action: str
    label: Bilingual
    clause: Bilingual | None
    ready: bool
    allowed: bool
    by: tuple[NamedId, ...]
    item: FormItem | None
    fields: tuple[FormField, ...]
    requirements: tuple[FormRequirement, ...]
    reasons: tuple[ReasonDocument, ...]


def act_forms(view: CaseView, acts: Iterable[Possible]) -> Iterator[ActForm]:
    """Build the forms of acts.

    Args:
        view: The case as of today.
        acts: Whether each act is possible now, and what stands against it.

    Yields:
        The forms.
    """
    sentences = RequirementSentences(view.compiled.definition)
    for possible in acts:
        yield _FormBuilder(view, possible, sentences).form()


class RequirementSentences:
    """Sentences of the requirements of a definition, composed when the first is asked for.

    Args:
        definition: The definition.
    """

    def __init__(self, definition: Definition) -> None:
        self._definition = definition

    @cached_property
    def _stated(self) -> Mapping[str | None, ReadStatement]:
        from zhengxie_flow.presentation.readback import compose  # most commands show no form

        statements = reversed(compose.statements(self._definition))
        return {entry.ident: entry for entry in statements if entry.kind in ("duty", "prohibition", "control")}

    @cached_property
    def _words(self) -> Mapping[str, ReadbackWords]:
        from zhengxie_flow.presentation.readback import compose

        return compose.words(self._definition)

    def of(self, ident: str) -> Bilingual | None:
        """Return the sentence of a requirement or an obligation; None where it has none."""
        from zhengxie_flow.presentation.readback import compose

        statement = self._stated.get(ident)
        if statement is None:
            return None
        return Bilingual(**{lang: compose.text(statement, words) for lang, words in self._words.items()})


@dataclass(frozen=True, slots=True)
class _FormBuilder:
    """The parts of the form of an act."""

    view: CaseView
    possible: Possible
    sentences: RequirementSentences

    @property
    def compiled(self) -> CompiledProcess:
        return self.view.compiled

    @property
    def action(self) -> Action:
        return self.compiled.process.actions[self.possible.action]

    def form(self) -> ActForm:
        possible, action = self.possible, self.action
        return ActForm(
            case=self.view.case.id,
            action=possible.action,
            label=bilingual(action, possible.action),
            clause=self.clause(str(action.law[0])) if action.law else None,
            ready=possible.ready,
            allowed=possible.allowed,
            by=tuple(NamedId(role, bilingual(self.compiled.process.roles.get(role), role)) for role in possible.by),
            item=self.item(),
            fields=tuple(self.fields()),
            requirements=tuple(self.requirements()),
            reasons=tuple(self.reason(reason) for reason in possible.reasons),
        )

    def clause(self, clause: str | None) -> Bilingual | None:
        return bilingual_clause(self.compiled, clause)

    def item(self) -> FormItem | None:
        kind = self.action.item_type
        if kind is None:
            return None
        present = [item.id for item in self.view.case.items.get(kind, {}).values() if item.ended is None]
        creates = new_item_type(self.action) is not None
        choices = () if creates else tuple(ItemChoice(name, name in self.possible.items) for name in present)
        return FormItem(kind, bilingual(self.compiled.process.items.get(kind), kind), creates, choices)

    def fields(self) -> Iterator[FormField]:
        declared: dict[str, ValueType | FactRef] = dict(self.action.fields)
        new_item = self.compiled.process.items.get(new_item_type(self.action) or "")
        if new_item is not None:
            declared = {**new_item.fields, **declared}
        outline = self.compiled.outlines[self.possible.action]
        for name, spec in declared.items():
            required = "always" if name in outline.required else "now" if name in self.possible.asks else "no"
            yield self.field(name, spec, required)

    def field(self, name: str, spec: ValueType | FactRef, required: str) -> FormField:
        process = self.compiled.process
        kind = process.facts.get(name) if isinstance(spec, FactRef) else spec
        options = kind.of if kind is not None and isinstance(kind.of, dict) else {}
        if kind is not None and kind.type == "role":
            options = {**process.roles}
        evidence = (
            ident
            for ident, duty in process.obligations.items()
            if self.possible.action in duty.do and name in duty.evidence
        )
        asked = (entry.id for entry in self.action.own_requirements if name in _names(entry))
        return FormField(
            name=name,
            label=bilingual(spec if spec.zh or spec.en else kind, name),
            type="text" if kind is None else kind.type,
            choices=tuple(FormChoice(value, bilingual(option, value)) for value, option in options.items()),
            of_items=kind.of if kind is not None and isinstance(kind.of, str) else None,
            required=required,
            asked_by=tuple(asked),
            evidence_for=tuple(evidence),
            unit=None if kind is None else kind.unit,
            personal=kind is not None and kind.personal,
            fact=isinstance(spec, FactRef),
            presumed=None if kind is None else kind.presumed,
        )

    def requirements(self) -> Iterator[FormRequirement]:
        against = {reason.id for reason in self.possible.reasons}
        for entry in self.action.requires:
            ident = entry.obligation if isinstance(entry, ByObligation) else entry.id
            element = entry if isinstance(entry, Requirement) else self.compiled.process.obligations.get(ident)
            label = bilingual(element, ident)
            clause = self.clause(str(element.law[0]) if element is not None and element.law else None)
            yield FormRequirement(ident, label, self.sentences.of(ident) or label, clause, ident not in against)

    def reason(self, reason: Reason) -> ReasonDocument:
        names = {lang: Labels(self.compiled, lang) for lang in LANGUAGES}
        sentence = Bilingual(**{lang: reason_sentence(reason, labels) for lang, labels in names.items()})
        needs = tuple(self.need(need, names) for need in reason.needs)
        return ReasonDocument(reason.id, reason.value, sentence, self.clause(reason.clause), needs, reason.day)

    def need(self, need: AnyNeed, names: Mapping[str, Labels]) -> NeedDocument:
        label = Bilingual(**{lang: need_text(need, labels) for lang, labels in names.items()})
        return NeedDocument(need.kind, str(need), label)


def _names(requirement: Requirement) -> frozenset[str]:
    """The facts and fields that a requirement looks at."""
    conditions = (requirement.that, requirement.when)
    return frozenset(name for condition in conditions if condition is not None for name in _compared(condition))


def _compared(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Compare):
        yield condition.name
    for child in condition.children():
        yield from _compared(child)

"""Phrases of the rules as sentences: labels of facts, actions and outcomes, with Chinese or English around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from zhengxie_flow.conditions.comparison import OF_EVERY_ACT
from zhengxie_flow.i18n import label
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.rules.policy import shown
from zhengxie_flow.rules.readback import Name, Phrase

if TYPE_CHECKING:
    from zhengxie_flow.model.decision import Decision
    from zhengxie_flow.model.item import ItemType
    from zhengxie_flow.model.process import Action, Process
    from zhengxie_flow.rules import Ruleset

_JOINED = {"all": "rules.join.and", "any": "rules.join.or"}
_ONE_OF = {
    ("or", "parts"), ("decided", "outcomes"), ("parameter.is", "values"), ("read.act", "who"),
    ("read.act.power", "who"),
    ("read.mark.by", "value"), ("read.judged", "roles"), ("read.duty.judged_by", "roles"), ("read.timely.by", "roles"),
    ("read.subcase.by", "roles"),
}  # fmt: skip
"""Parameters of which one value is meant, by the phrase."""
_ALWAYS_ONE_OF = frozenset({"states", "standings", "verdicts"})
_GROUPED = ("all", "any")


class WordSource(Protocol):
    """The meanings of names: decisions, parameters, and the processes that use them."""

    @property
    def rulesets(self) -> Mapping[str, Ruleset]:
        """The decisions, by name."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters, by name, each with its ``parameter``."""

    @property
    def processes(self) -> Sequence[Process]:
        """The processes."""


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary of some decisions in a language; a name without a label is shown as it is."""

    rules: WordSource
    lang: str

    def say(self, phrase: Phrase) -> str:
        """Return a phrase as text."""
        params = {name: self.parameter_text(phrase, name, value) for name, value in phrase.params.items()}
        return label(f"rules.{phrase.code}", self.lang, **params).strip()

    def parameter_text(self, phrase: Phrase, name: str, value: Any) -> str:
        """Return one parameter of a phrase as text; several values are joined as their name asks."""
        if isinstance(value, tuple):
            joint = _JOINED.get(phrase.code, "rules.join.list") if name == "parts" else "rules.join.list"
            if (phrase.code, name) in _ONE_OF or name in _ALWAYS_ONE_OF:
                return self.alternatives([self.text(entry) for entry in value])
            if name in ("tests", "bounds"):
                joint = "rules.join.and"
            texts = [self._grouped(entry) if name == "parts" else self.text(entry) for entry in value]
            if name == "notes":  # whole sentences, which Chinese does not part with a blank
                return ("" if self.lang == "zh" else " ").join(texts)
            return label(joint, self.lang).join(texts) or "-"
        return self._grouped(value) if name == "part" else self.text(value)

    def alternatives(self, texts: Sequence[str]) -> str:
        """Return several texts of which one is meant: all but the last as a list."""
        *listed, last = texts or ("-",)
        head = label("rules.join.list", self.lang).join(listed)
        return label("rules.join.either", self.lang).join((head, last)) if head else last

    def _grouped(self, value: Any) -> str:
        """Return a part of a larger condition, in brackets where it has parts of its own."""
        text = self.text(value)
        nested = isinstance(value, Phrase) and value.code in _GROUPED and len(value.params["parts"]) > 1
        return label("rules.group", self.lang, said=text) if nested else text

    def text(self, value: Any) -> str:
        """Return a phrase, a name or a value as text."""
        match value:
            case Phrase():
                return self.say(value)
            case Name():
                return self.name(value)
        return shown(value)

    def fact(self, name: str) -> str:
        """Return the label of a fact."""
        return self.name(Name("fact", name))

    def role(self, name: str | None) -> str:
        """Return the label of a role; a dash where there is none."""
        return "-" if name is None else self.name(Name("role", name))

    def value(self, name: str, value: Any) -> str:
        """Return the label of a value of a fact."""
        if isinstance(value, bool):
            return label("rules.word.true" if value else "rules.word.false", self.lang)
        if isinstance(value, list):
            return label("rules.join.list", self.lang).join(self.value(name, entry) for entry in value) or "-"
        return self.name(Name("value", value, name)) if isinstance(value, str) else shown(value)

    def name(self, name: Name) -> str:
        """Return the label of a name; the name itself where there is none."""
        if name.family == "verdict":
            return label(f"verdict.{name.id}", self.lang)
        if name.family == "fact" and name.id in OF_EVERY_ACT:
            return label(f"rules.act.{name.id}", self.lang)
        if name.family == "standing":
            return label(f"cli.subcase.{name.id}", self.lang)
        if name.family == "anchor":
            return self._anchor(name.id)
        element = self._labelled(name)
        if name.family == "reading":
            return element.label(self.lang, "-") if element is not None else "-"
        return (element.label(self.lang) if element is not None else "") or name.id

    def _anchor(self, ident: str) -> str:
        """Return the label of an act, a fact, or a field of an act, which names the act as well."""
        action, dot, part = ident.rpartition(".")
        labels = (self.name(Name(family, ident)) for family in ("action", "fact"))
        text = next((label for label in labels if label != ident), ident)
        if not dot or all(ident in process.acts for process in self.rules.processes):
            return text
        if any(action in process.acts for process in self.rules.processes):
            shown = part if text == ident else text
            return label("sentence.named", self.lang, text=shown, subject=self.name(Name("action", action)))
        return text

    def _labelled(self, name: Name) -> Any:
        if name.family in ("outcome", "output", "decision", "reading", "rule"):
            return self._of_decision(name)
        if name.family in ("fact", "field"):
            return self._own_type(name.id, name.within) or self._type(name.id)
        if name.family == "value":
            kind = self._own_type(name.of or "", name.within) or self._type(name.of or "")
            if kind is not None and isinstance(kind.of, dict):
                return kind.of.get(name.id)
            is_role = name.of == "by" or (kind is not None and kind.type == "role")
            return self._labelled(Name("role", name.id)) if is_role else None
        if name.family in ("parameter", "given"):
            return self._of_parameter(name)
        if name.family == "state" and name.of is not None:
            kinds = (process.items.get(name.of) for process in self.rules.processes)
            return next((kind.states.get(name.id) for kind in kinds if kind is not None), None)
        where = {
            "action": "acts",
            "item": "items",
            "state": "states",
            "duty": "obligations",
            "subcase": "subcases",
        }.get(name.family, "roles")
        tables = [where, "items"] if where == "roles" else [where]  # a participant acts under the name of its type
        elements = (getattr(process, table).get(name.id) for table in tables for process in self.rules.processes)
        element = next((element for element in elements if element is not None), None)
        return self._of_requirement(name.id) if element is None and name.family == "duty" else element

    def _of_requirement(self, ident: str) -> Any:
        for process in self.rules.processes:
            if ident in (requirements := process.requirements()):
                return requirements[ident][1]
            if ident in process.exemptions:
                return process.exemptions[ident]
        return None

    def _of_decision(self, name: Name) -> Any:
        ruleset = self.rules.rulesets.get(name.of or name.id)
        if ruleset is None:
            return None
        decision: Decision = ruleset.decision
        match name.family:
            case "outcome":
                return decision.outcomes.get(name.id)
            case "output":
                return decision.outputs.get(name.id)
            case "rule":
                return next((rule for rule in decision.rules if rule.id == name.id), None) or next(
                    (rule for rule in decision.constraints if rule.id == name.id), None
                )
            case "reading":
                return next((rule.reading for rule in decision.rules if rule.id == name.id), None)
        return decision

    def _of_parameter(self, name: Name) -> Any:
        """Return a parameter, or a value of one: a choice, or a role."""
        entry = self.rules.parameters.get(name.of or name.id)
        if entry is None or name.family == "parameter":
            return None if entry is None else entry.parameter
        kind = entry.parameter.kind
        if kind is not None and isinstance(kind.of, dict):
            return kind.of.get(name.id)
        if kind is None or kind.type != "role":
            return None
        return next((process.roles[name.id] for process in self.rules.processes if name.id in process.roles), None)

    def _own_type(self, name: str, owners: tuple[str, ...]) -> ValueType | None:
        """Return the type of a field of one of some actions, types of items or subcases."""
        tables = [
            table for process in self.rules.processes for table in (process.acts, process.items, process.subcases)
        ]
        fields = (table[owner].fields.get(name) for owner in owners for table in tables if owner in table)
        return next((kind for kind in fields if isinstance(kind, ValueType)), None)

    def _type(self, name: str) -> ValueType | None:
        kinds = (ruleset.types.get(name) for ruleset in self.rules.rulesets.values())
        hinted = next((kind for kind in kinds if kind is not None), None)
        return hinted or next(
            (field for field in (_field(process, name) for process in self.rules.processes) if field), None
        )


def _field(process: Process, name: str) -> ValueType | None:
    """Return the type of a fact, or of a field of an action (``serve.received``) or of an item, by its name."""
    if name in process.facts:
        return process.facts[name]
    action, _, part = name.rpartition(".")
    owners: list[Action | ItemType] = [process.acts[action]] if action in process.acts else []
    owners += [*process.actions.values(), *process.items.values()]
    types = (owner.fields.get(part) for owner in owners)
    return next((kind for kind in types if isinstance(kind, ValueType)), None)

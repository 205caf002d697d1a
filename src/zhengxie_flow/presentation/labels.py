"""Labels of a definition: the name of each id in the language of the user."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from zhengxie_flow.i18n import LANGUAGES, label, named
from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.i18n.ids import LabelledId
from zhengxie_flow.model.bearer import Bearer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhengxie_flow.engine import CompiledProcess
    from zhengxie_flow.model.item import ItemType
    from zhengxie_flow.model.process import Action
    from zhengxie_flow.model.values import ValueType

_METHODS = {
    "action": "action", "state": "state", "role": "role", "obligation": "of", "subcase": "subcase", "type": "item_type",
    "fact": "fact", "field": "field",
}  # fmt: skip
"""Method of `Labels` for the ids of each family."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one definition in one language; an id without a label is shown as it is.

    Attributes:
        compiled: The process whose ids are named.
        lang: ``zh`` or ``en``.
    """

    compiled: CompiledProcess
    lang: str

    def of(self, ident: str, edition: str | None = None) -> str:
        """Return the label of a duty, exemption or action, in the edition that judges; empty where there is none."""
        compiled = self.governing(edition)
        process = compiled.process
        element: Any = (
            process.obligations.get(ident)
            or compiled.requirements.get(ident, (None, None))[1]
            or process.exemptions.get(ident)
            or process.acts.get(ident)
        )
        return self._label(element) or (label(f"duty.{ident}", self.lang) if f"duty.{ident}" in texts() else "")

    def governing(self, edition: str | None) -> CompiledProcess:
        """Return the edition that judges a line; the process as it is where the line names none of it."""
        from zhengxie_flow.engine.audit_line import edition_label

        return next(
            (candidate for candidate in self.compiled.editions if edition_label(candidate) == edition), self.compiled
        )

    def named(self, family: str, ident: str) -> str:
        """Return the label of an id with the id in brackets: ``收到申请（receive）``.

        Args:
            family: The family of the id: ``action state role obligation subcase type fact field``.
            ident: The id.
        """
        return named(getattr(self, _METHODS[family])(ident), ident, self.lang)

    def labelled(self, family: str, ident: str) -> str:
        """Return an id with its labels in both languages, for a message; the id alone where it has none."""
        zh, en = (getattr(replace(self, lang=lang), _METHODS[family])(ident) for lang in LANGUAGES)
        return ident if zh in ("", ident) else LabelledId(ident, zh, en)

    def asked(self, action: str, field: str) -> str:
        """Return the label and id of a field that an action asks for: its own, else that of the name elsewhere."""
        spec = self.compiled.process.actions[action].fields.get(field)
        return named(shown, field, self.lang) if (shown := self._label(spec)) else self.any(field)

    def any(self, ident: str) -> str:
        """Return the label and id of a name of any family: field, obligation, action, role, state or type."""
        for family in ("field", "obligation", "action", "role", "state", "type"):
            shown = self.named(family, ident)
            if shown != ident:
                return shown
        verdict = f"verdict.{ident}"
        return named(label(verdict, self.lang), ident, self.lang) if verdict in texts() else ident

    def reason(self, ident: str) -> str:
        """Return the label and id of a reason of a refusal: a requirement, a field (``with.letter``), the role."""
        head, _, rest = ident.partition(".")
        inner = {"with": self.field, "subcases": self.subcase}.get(head)
        return named(inner(rest) if inner is not None and rest else self.of(ident), ident, self.lang)

    def choice(self, kind: ValueType | None, value: Any) -> Any:
        """Return a value with its label, where it is one of the choices of its type, or a role."""
        if isinstance(value, list):
            return [self.choice(kind, entry) for entry in value]
        if kind is None or not isinstance(value, str):
            return value
        if kind.type == "role":
            return self.named("role", value)
        option = kind.of.get(value) if isinstance(kind.of, dict) else None
        return named(self._label(option), value, self.lang)

    def field(self, name: str) -> str:
        """Return the label of a fact, or of a field of an action or of a type of item."""
        process = self.compiled.process
        if name in process.facts:
            return self.fact(name)
        owners: tuple[Action | ItemType, ...] = (*process.actions.values(), *process.items.values())
        fields = (owner.fields.get(name) for owner in owners)
        return next((label for field in fields if (label := self._label(field))), name)

    def edition(self) -> str:
        """Return the label of the edition that governs the life of the case."""
        from zhengxie_flow.engine.audit_line import edition_label

        return edition_label(self.compiled)

    def action(self, name: str) -> str:
        """Return the label of an action."""
        return self._label(self.compiled.process.acts.get(name)) or name

    def state(self, name: str) -> str:
        """Return the label of a state of the case, or of its items."""
        process = self.compiled.process
        states = (process.states, *(kind.states for kind in process.items.values()))
        return next((label for table in states if (label := self._label(table.get(name)))), name)

    def role(self, name: str) -> str:
        """Return the label of a role."""
        return self._label(self.compiled.process.roles.get(name)) or name

    def bearers(self, roles: Iterable[str]) -> tuple[Bearer, ...]:
        """Return roles, or types of items that act themselves, with their labels."""
        types = self.compiled.process.items
        return tuple(Bearer(role, self.item_type(role) if role in types else self.role(role)) for role in roles)

    def fact(self, name: str, item_type: str | None = None) -> str:
        """Return the label of a fact, or of a field of a type of item."""
        process = self.compiled.process
        field = None if item_type is None else process.items[item_type].fields.get(name)
        return self._label(field or process.facts.get(name)) or name

    def subcase(self, name: str) -> str:
        """Return the label of a kind of subcase."""
        return self._label(self.compiled.process.subcases.get(name)) or name

    def item_type(self, name: str) -> str:
        """Return the label of a type of item."""
        return self._label(self.compiled.process.items.get(name)) or name

    def item_state(self, item_type: str, name: str | None) -> str:
        """Return the label of a state of an item; empty where its type has none."""
        kind = self.compiled.process.items.get(item_type)
        return "" if kind is None or name is None else self._label(kind.states.get(name)) or name

    def volume(self, name: str | None, edition: str | None = None) -> str:
        """Return the label of a volume attached to the edition that judges; empty for the process's own text."""
        volumes = self.governing(edition).definition.volumes
        return next((self._label(volume) or volume.volume for volume in volumes if volume.volume == name), "")

    def process(self) -> str:
        """Return the label of the process."""
        return self._label(self.compiled.process) or self.compiled.id

    def _label(self, element: Any) -> str:
        return element.label(self.lang) if element is not None else ""

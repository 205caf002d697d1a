"""The vocabulary of a process read back: labels, citations, and the acts that subcases bring."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from zhengxie_flow.i18n import label
from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.presentation.citations import cited
from zhengxie_flow.presentation.phrases import Words
from zhengxie_flow.presentation.readback.sentence import CitedClauses, Titled
from zhengxie_flow.rules.readback import Name, Phrase

if TYPE_CHECKING:
    from zhengxie_flow.model.base import Labelled
    from zhengxie_flow.model.citation import Instrument
    from zhengxie_flow.model.process import Process

_OWN = {"note.register": "read.register"}
_SEPARATED = {"marks": "rules.join.marks"}
_ONCE = re.compile(r"(?<![.。])([.。]|[?？])[.。](?![.。])")
"""A full stop after another, or after a question mark."""


@dataclass(frozen=True, slots=True)
class ReadbackWords(Words):
    """The words of one process in one language."""

    law: Instrument | None = None
    conventions: Mapping[str, Labelled] = field(default_factory=dict)
    subcases: Mapping[str, Process] = field(default_factory=dict)

    def text(self, value: Any) -> str:
        """Return a phrase, a name, a citation or a value as text."""
        match value:
            case Titled():
                return value.element.label(self.lang, value.ident)
            case CitedClauses():
                clauses = ", ".join(str(ref) for ref in value.law)
                return cited(clauses, self.law, self.lang) if value.law else "-"
        return Words.text(self, value)

    def parameter_text(self, phrase: Phrase, name: str, value: Any) -> str:
        """Return one parameter of a phrase as text; clauses as people cite them, notes as whole sentences."""
        if name in _SEPARATED and isinstance(value, tuple):
            return label(_SEPARATED[name], self.lang).join(map(self.text, value))
        if name == "notes" and isinstance(value, tuple):
            return self._sentences(value)
        if name == "law" and isinstance(value, tuple) and value:
            return cited(", ".join(value), self.law, self.lang)
        return Words.parameter_text(self, phrase, name, value)

    def _sentences(self, notes: tuple[Any, ...]) -> str:
        """Return whole sentences, each with one full stop and, in English, a capital."""
        wording = [_ONCE.sub(r"\1", self.text(note)) for note in notes]
        return "".join(wording) if self.lang == "zh" else " ".join(text[:1].upper() + text[1:] for text in wording)

    def say(self, phrase: Phrase) -> str:
        """Return a phrase as text; a text of the definition that is quoted keeps its own full stop alone."""
        renamed = replace(phrase, code=_OWN.get(phrase.code, phrase.code))
        return _ONCE.sub(r"\1", Words.say(self, renamed))

    def name(self, name: Name) -> str:
        """Return the label of a name; of an act that a subcase brings, that of the subcase and what it did."""
        if name.family == "choice":  # a word of the language itself
            key = f"rules.{name.of}.{name.id}"
            return label(key, self.lang) if key in texts() else name.id
        if name.family == "convention":
            convention = self.conventions.get(name.id)
            return name.id if convention is None else convention.label(self.lang, name.id)
        if name.family == "subcase_state":
            return self._subcase_state(name.of or "", name.id)
        if name.family in ("action", "anchor"):
            subcase, _, state = name.id.rpartition(".")
            if any(subcase in process.subcases for process in self.rules.processes):
                return self._brought(subcase, state)
        return Words.name(self, name)

    def _brought(self, subcase: str, state: str) -> str:
        code = f"rules.read.brought.{state}"
        code = code if code in texts() else "rules.read.brought.state"
        return label(code, self.lang, subcase=Words.name(self, Name("subcase", subcase)),
                     state=self._subcase_state(subcase, state))  # fmt: skip

    def _subcase_state(self, subcase: str, state: str) -> str:
        """Return the label of a state of a subcase, by its own process."""
        process = self.subcases.get(subcase)
        return (
            state if process is None or state not in process.states else process.states[state].label(self.lang, state)
        )

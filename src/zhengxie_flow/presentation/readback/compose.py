"""Composition of a readback: all sentences of a definition, in the order of its clauses, numbered, in two languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from zhengxie_flow.i18n import LANGUAGES
from zhengxie_flow.model.base import Labelled
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.parameter import ParameterRow
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.rule import Constraint, Rule
from zhengxie_flow.presentation.line_labels import NamedParameter, ProcessVocabulary
from zhengxie_flow.presentation.readback.acts import actions, subcases
from zhengxie_flow.presentation.readback.counting import conventions
from zhengxie_flow.presentation.readback.duties import obligations, requirements
from zhengxie_flow.presentation.readback.exceptions import exemptions
from zhengxie_flow.presentation.readback.facts import facts, items
from zhengxie_flow.presentation.readback.frame import frame
from zhengxie_flow.presentation.readback.register import judgements, readings
from zhengxie_flow.presentation.readback.reminders import reminders
from zhengxie_flow.presentation.readback.sentence import (
    PARTS,
    ReadSentence,
    ReadStatement,
    SentenceKind,
    Titled,
)
from zhengxie_flow.presentation.readback.words import ReadbackWords
from zhengxie_flow.rules import compiled, types_of
from zhengxie_flow.rules.parameters import ParameterRules, readback_parameter
from zhengxie_flow.rules.readback import Name, Phrase, readback

_RANKS = {kind: rank for rank, kind in enumerate(get_args(SentenceKind))}
_RANKS["limit"] = _RANKS["prohibition"] = _RANKS["duty"]  # a limit stands behind the obligation that has it


def read_process(definition: Definition, subcases: Mapping[str, Process] | None = None) -> tuple[ReadSentence, ...]:
    """Read a whole process back as numbered sentences.

    Args:
        definition: The process with its law, register, decisions, parameters and conventions.
        subcases: The processes of its subcases by their names there, for the labels of their states.

    Returns:
        The sentences by part: the frame; the clauses in the order of the law, each with its obligations and their
        limits, powers, exceptions and what a person judges; what cites none; controls; readings; rules of counting.
    """
    words_ = words(definition, subcases)
    sentences: list[ReadSentence] = []
    for number, statement in enumerate(statements(definition), 1):
        cites = tuple(map(str, statement.law))
        texts = {lang: text(statement, words_[lang]) for lang in LANGUAGES}
        first = cites[0] if cites else None
        sentences.append(ReadSentence(number, statement.part, first, cites, statement.ident, statement.kind, **texts))
    return tuple(sentences)


def clauses_of(definition: Definition) -> tuple[ClauseRef, ...]:
    """Return every clause of the law of a process, and of the instruments it incorporates, in order."""
    law = definition.law
    if law is None:
        return ()
    own_clauses = [ClauseRef(clause=number) for number in law.clauses]
    others = [ClauseRef(instrument=name, clause=number) for name, other in law.incorporates.items()
              for number in other.clauses]  # fmt: skip
    return (*own_clauses, *others)


def statements(definition: Definition) -> list[ReadStatement]:
    """Return every statement of a definition, in the order in which they are numbered."""
    return _ordered(definition, _statements(definition))


def words(definition: Definition, subcases: Mapping[str, Process] | None = None) -> Mapping[str, ReadbackWords]:
    """Return the words of a definition in each language."""
    vocabulary = _vocabulary(definition)
    rest = (definition.law, definition.conventions, subcases or {})
    return {lang: ReadbackWords(vocabulary, lang, *rest) for lang in LANGUAGES}


def text(statement: ReadStatement, words_: ReadbackWords) -> str:
    """Return the sentence of a statement, which begins with a capital where the language has any."""
    wording = words_.say(statement.phrase)
    return wording[:1].upper() + wording[1:]


def _statements(definition: Definition) -> Iterator[ReadStatement]:
    yield from frame(definition)
    yield from judgements(definition)
    yield from obligations(definition)
    yield from requirements(definition)
    yield from exemptions(definition)
    yield from reminders(definition)
    yield from actions(definition)
    yield from subcases(definition)
    yield from facts(definition)
    yield from items(definition)
    yield from _rules(definition)
    yield from readings(definition)
    yield from conventions(definition)


def _rules(definition: Definition) -> Iterator[ReadStatement]:
    """The decisions and parameters, in the sentences in which they are read back by themselves."""
    zone = ZoneInfo(definition.process.zone)
    types = types_of(definition.process, definition.decisions)
    for name, decision in definition.decisions.items():
        phrases = readback(compiled(decision, types, zone))
        owners: list[Rule | Constraint | ParameterRow] = [*decision.rules, *decision.constraints]
        yield from _ruled(_Rules("decision", name, decision.law, owners), phrases)
    for name, parameter in definition.parameters.items():
        phrases = readback_parameter(ParameterRules(name, parameter, types, zone))
        yield from _ruled(_Rules("parameter", name, parameter.law, parameter.rows), phrases)


@dataclass(frozen=True, slots=True)
class _Rules:
    """A decision or parameter, with the rules that have sentences of their own."""

    kind: Literal["decision", "parameter"]
    name: str
    law: tuple[ClauseRef, ...]
    rules: Sequence[Rule | Constraint | ParameterRow]

    def label(self, ident: str) -> Phrase | Titled:
        """The label of a rule; its number where it has none."""
        number, rule = next((place, rule) for place, rule in enumerate(self.rules, 1) if rule.id == ident)
        if isinstance(rule, Labelled) and (rule.zh or rule.en):
            return Titled(rule, ident)
        return Phrase("read.rule_number", {"number": number})


def _ruled(rules: _Rules, phrases: Sequence[Phrase]) -> Iterator[ReadStatement]:
    """A decision as a whole in one sentence, then each of its rules, which names the decision."""
    whole = tuple(phrase for phrase in phrases if "id" not in phrase.params)
    yield ReadStatement(rules.kind, rules.name, rules.law, Phrase("read.whole", {"notes": whole}))
    for phrase in phrases:
        if "id" in phrase.params:
            ident = str(phrase.params["id"])
            law = next(rule.law for rule in rules.rules if rule.id == ident) or rules.law
            wording = replace(
                phrase, params={**phrase.params, "id": rules.label(ident), "notes": _notes(rules, phrase)}
            )
            name = Name(rules.kind, rules.name)
            yield ReadStatement(
                rules.kind, f"{rules.name}.{ident}", law, Phrase("read.of", {"name": name, "said": wording})
            )


def _notes(rules: _Rules, phrase: Phrase) -> tuple[Phrase, ...]:
    """The notes of a rule, which names others by their labels."""
    return tuple(
        replace(note, params={"rules": tuple(map(rules.label, note.params["rules"]))})
        if note.code == "note.over"
        else note
        for note in phrase.params.get("notes", ())
    )


def _ordered(definition: Definition, statements: Iterable[ReadStatement]) -> list[ReadStatement]:
    places = {ref: place for place, ref in enumerate(clauses_of(definition))}
    own_clauses = None if definition.law is None else definition.law.law
    last = len(places)

    def place(statement: ReadStatement) -> tuple[int, int, int]:
        if statement.part != "clauses":
            return PARTS.index(statement.part), 0, 0
        ref = statement.law[0]
        plain = ClauseRef(clause=ref.clause) if ref.instrument == own_clauses else ref
        return PARTS.index("clauses"), places.get(plain, last), _RANKS[statement.kind]

    return sorted(statements, key=place)


def _vocabulary(definition: Definition) -> ProcessVocabulary:
    types, zone = types_of(definition.process, definition.decisions), ZoneInfo(definition.process.zone)
    parameters = {name: NamedParameter(entry) for name, entry in definition.parameters.items()}
    rulesets = {name: compiled(decision, types, zone) for name, decision in definition.decisions.items()}
    return ProcessVocabulary((definition.process,), rulesets, parameters)

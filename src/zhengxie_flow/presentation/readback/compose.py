"""Composition of a readback: all sentences of a definition, in the order of its clauses, numbered, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import get_args
from zoneinfo import ZoneInfo

from zhengxie_flow.i18n import LANGUAGES
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.presentation.line_labels import NamedParameter, ProcessVocabulary
from zhengxie_flow.presentation.readback.acts import actions, subcases
from zhengxie_flow.presentation.readback.counting import conventions
from zhengxie_flow.presentation.readback.duties import obligations, requirements
from zhengxie_flow.presentation.readback.exceptions import exemptions
from zhengxie_flow.presentation.readback.facts import facts, items
from zhengxie_flow.presentation.readback.frame import frame
from zhengxie_flow.presentation.readback.register import judgements, readings
from zhengxie_flow.presentation.readback.sentence import PARTS, ReadSentence, SentenceKind, Statement
from zhengxie_flow.presentation.readback.words import ReadbackWords
from zhengxie_flow.rules import compiled, types_of
from zhengxie_flow.rules.parameters import ParameterRules, readback_parameter
from zhengxie_flow.rules.readback import Name, Phrase, readback

_RANKS = {kind: rank for rank, kind in enumerate(get_args(SentenceKind))}
_RANKS["limit"] = _RANKS["prohibition"] = _RANKS["duty"]  # a limit stands behind the obligation that has it


def read_process(definition: Definition) -> tuple[ReadSentence, ...]:
    """Read a whole process back as numbered sentences.

    Args:
        definition: The process with its law, register, decisions, parameters and conventions.

    Returns:
        The sentences by part: the frame; the clauses in the order of the law, each with its obligations and their limits,
        powers, exceptions and what a person judges; what cites no clause; controls; readings; rules of counting.
    """
    words_ = words(definition)
    sentences: list[ReadSentence] = []
    for number, statement in enumerate(statements(definition), 1):
        cites = tuple(map(str, statement.law))
        texts = {lang: text(statement, words_[lang]) for lang in LANGUAGES}
        first = cites[0] if cites else None
        sentences.append(
            ReadSentence(number, statement.part, first, cites, statement.ident, statement.kind, **texts)
        )
    return tuple(sentences)


def clauses_of(definition: Definition) -> tuple[ClauseRef, ...]:
    """Return every clause of the law of a process, and of the instruments it incorporates, in order."""
    law = definition.law
    if law is None:
        return ()
    own = [ClauseRef(clause=number) for number in law.clauses]
    others = [ClauseRef(instrument=name, clause=number) for name, other in law.incorporates.items()
              for number in other.clauses]  # fmt: skip
    return (*own, *others)


def statements(definition: Definition) -> list[Statement]:
    """Return every statement of a definition, in the order in which they are numbered."""
    return _ordered(definition, _statements(definition))


def words(definition: Definition) -> Mapping[str, ReadbackWords]:
    """Return the words of a definition in each language."""
    vocabulary = _vocabulary(definition)
    return {lang: ReadbackWords(vocabulary, lang, definition.law, definition.conventions) for lang in LANGUAGES}


def text(statement: Statement, words_: ReadbackWords) -> str:
    """Return the sentence of a statement, which begins with a capital where the language has any."""
    said = words_.say(statement.phrase)
    return said[:1].upper() + said[1:]


def _statements(definition: Definition) -> Iterator[Statement]:
    yield from frame(definition)
    yield from judgements(definition)
    yield from obligations(definition)
    yield from requirements(definition)
    yield from exemptions(definition)
    yield from actions(definition)
    yield from subcases(definition)
    yield from facts(definition)
    yield from items(definition)
    yield from _rules(definition)
    yield from readings(definition)
    yield from conventions(definition)


def _rules(definition: Definition) -> Iterator[Statement]:
    """The decisions and parameters, in the sentences in which they are read back by themselves."""
    zone = ZoneInfo(definition.process.zone)
    types = types_of(definition.process, definition.decisions)
    for name, decision in definition.decisions.items():
        laws = {rule.id: rule.law for rule in (*decision.rules, *decision.constraints)}
        for ident, phrase in _gathered(readback(compiled(decision, types, zone)), Name("decision", name)):
            yield Statement("decision", _inner(name, ident), laws.get(ident or "", ()) or decision.law, phrase)
    for name, parameter in definition.parameters.items():
        rows = {row.id: row.law for row in parameter.rows}
        phrases = readback_parameter(ParameterRules(name, parameter, types, zone))
        for ident, phrase in _gathered(phrases, Name("parameter", name)):
            yield Statement("parameter", _inner(name, ident), rows.get(ident or "", ()) or parameter.law, phrase)


def _gathered(phrases: Sequence[Phrase], name: Name) -> Iterator[tuple[str | None, Phrase]]:
    """What a decision says as a whole in one sentence, then each of its rules, which names the decision."""
    whole = tuple(phrase for phrase in phrases if "id" not in phrase.params)
    yield None, Phrase("read.whole", {"notes": whole})
    for phrase in phrases:
        if "id" in phrase.params:
            yield str(phrase.params["id"]), Phrase("read.of", {"name": name, "said": phrase})


def _inner(name: str, ident: str | None) -> str:
    return name if ident is None else f"{name}.{ident}"


def _ordered(definition: Definition, statements: Iterable[Statement]) -> list[Statement]:
    places = {ref: place for place, ref in enumerate(clauses_of(definition))}
    own = None if definition.law is None else definition.law.law
    last = len(places)

    def place(statement: Statement) -> tuple[int, int, int]:
        if statement.part != "clauses":
            return PARTS.index(statement.part), 0, 0
        ref = statement.law[0]
        plain = ClauseRef(clause=ref.clause) if ref.instrument == own else ref
        return PARTS.index("clauses"), places.get(plain, last), _RANKS[statement.kind]

    return sorted(statements, key=place)


def _vocabulary(definition: Definition) -> ProcessVocabulary:
    types, zone = types_of(definition.process, definition.decisions), ZoneInfo(definition.process.zone)
    parameters = {name: NamedParameter(entry) for name, entry in definition.parameters.items()}
    rulesets = {name: compiled(decision, types, zone) for name, decision in definition.decisions.items()}
    return ProcessVocabulary((definition.process,), rulesets, parameters)

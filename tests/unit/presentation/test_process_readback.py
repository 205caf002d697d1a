"""A process read back: every word of the language has a part in a sentence, in both languages."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import zip_longest
from typing import Any, get_args

from pydantic import BaseModel
from tests.support import DATA

from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.i18n import LANGUAGES
from zhengxie_flow.model.base import Labelled
from zhengxie_flow.model.citation import Instrument, Interpretation
from zhengxie_flow.model.convention import Convention
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.definition import Definition, resolve
from zhengxie_flow.model.edition import EditionInfo
from zhengxie_flow.model.item import State
from zhengxie_flow.model.limit import Part
from zhengxie_flow.model.parameter import Parameter
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.rule import Rule
from zhengxie_flow.model.signature import Signatures
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.model.volume import AttachedVolume
from zhengxie_flow.presentation.documents.readbacks import process_readback
from zhengxie_flow.presentation.readback import read_process
from zhengxie_flow.presentation.readback.compose import statements, text, words
from zhengxie_flow.presentation.readback.sentence import ReadStatement
from zhengxie_flow.reading.sources import plain
from zhengxie_flow.reading.yaml_reader import read_yaml

ROOTS = (Process, Instrument, Interpretation, Decision, Parameter, Convention, EditionInfo, AttachedVolume)
PLACES = ("process", "law", "interpretations", "decisions", "parameters", "conventions", "edition", "volumes")
UNSAID = {
    "language": "the format of the file, and no part of the law",
    "Decision.inputs": "the types by which the program reads its cells; each cell says its values",
    "was": "names of before, by which old files are read, and no part of the law",
    "Process.law": "the id of the instrument, whose title is said",
    "Convention.convention": "the id under which it is kept, and said",
    "AttachedVolume.volume": "the id under which it is kept; its name is said",
    "Rung.id": "the id by which its reminders are told apart; its label is said",
    "Exemption.effective": "it has one value, which is said",
    "Extension.before": "it has one value, which is said",
}
"""Keys without a sentence, each with its reason."""

NO_DEFINITION = (InvalidDefinition, ValueError, RuntimeError, LookupError, StopIteration)
"""What is raised where the rest of a definition cannot be read without what was taken away."""

Key = tuple[str, str]
Said = dict[str, set[str]]
Step = str | int


@cache
def every_word() -> Definition:
    source = (DATA / "readback" / "every_word.yaml").read_text(encoding="utf-8")
    return resolve(plain(read_yaml(source, "every_word.yaml", top="map").value))


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every model in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models(inner)


def reachable() -> set[type[BaseModel]]:
    """Every model that a definition can hold."""
    reached: set[type[BaseModel]] = set()
    waiting = list(ROOTS)
    while waiting:
        model = waiting.pop()
        if model not in reached:
            reached.add(model)
            waiting += [inner for info in model.model_fields.values() for inner in models(info.annotation)]
    return reached


def key_of(model: type[BaseModel], name: str) -> Key:
    """The word that a field is: parts of limits, and types of values, have theirs from one class."""
    for owner in (Part, Rule, ValueType):
        if issubclass(model, owner) and name in owner.model_fields and name not in Labelled.model_fields:
            return owner.__name__, name
    return model.__name__, name


def language() -> set[Key]:
    """Every word of the language that has to be said."""
    every = {key_of(model, name) for model in reachable() for name in model.model_fields}
    return {key for key in every if key[1] not in UNSAID and ".".join(key) not in UNSAID}


def places(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], BaseModel, str]]:
    """Every field of every model in a value that says something, with its path."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name in value.model_fields_set:
                yield (*path, name), value, name
            yield from places(inner, (*path, name))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*path, name))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


def replaced(value: Any, path: tuple[Step, ...], change: Callable[[Any], Any]) -> Any:
    """A value with what stands at a path changed; nothing is validated again."""
    if not path:
        return change(value)
    step, rest = path[0], path[1:]
    if isinstance(value, BaseModel):
        return value.model_copy(update={str(step): replaced(getattr(value, str(step)), rest, change)})
    if isinstance(value, dict):
        return {name: replaced(inner, rest, change) if name == step else inner for name, inner in value.items()}
    return tuple(replaced(inner, rest, change) if index == step else inner for index, inner in enumerate(value))


def changes(model: BaseModel, name: str) -> Iterator[Callable[[Any], Any]]:
    """What a field can be instead: its default, and something else."""
    info = type(model).model_fields[name]
    if not info.is_required():
        yield lambda _: info.get_default(call_default_factory=True)
    words_of_it = list(literals(info.annotation))
    yield lambda value: changed(value, words_of_it)


def changed(value: Any, choices: Sequence[str]) -> Any:
    """Something else of the type of a value; another of its choices where it has any."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case date():
            return value + timedelta(days=1)
        case str():
            return next((word for word in choices if word != value), f"{value}x")
        case tuple() if len(value) == 1:
            return value * 2 if isinstance(value[0], BaseModel) else ("other",)
    return changed_mapping(value) if isinstance(value, dict) else value[:-1] if isinstance(value, tuple) else value


def changed_mapping(value: dict[str, Any]) -> dict[str, Any]:
    """A mapping with the last key left out; with another name where it is the only one."""
    if len(value) == 1:
        return {f"{name}x": inner for name, inner in value.items()}
    return dict(list(value.items())[:-1])


def literals(annotation: Any) -> Iterator[str]:
    for inner in get_args(annotation):
        if isinstance(inner, str):
            yield inner
        else:
            yield from literals(inner)


def heads(definition: Definition) -> dict[str, list[str]]:
    """What stands above the sentences of each clause, by language."""
    document = process_readback(definition, Signatures(language=1, process=definition.id))
    return {
        lang: [f"{clause.cited} {getattr(clause, lang)} {clause.force}" for clause in document.clauses]
        for lang in LANGUAGES
    }


def said(definition: Definition, standing: Sequence[ReadStatement], unlike: Sequence[ReadStatement] = ()) -> Said:
    """The sentences by language; those of statements equal to the ones given are left out."""
    own = words(definition)
    new = [one for one, other in zip_longest(standing, unlike) if one is not None and one != other]
    return {lang: {f"{one.law} {one.kind} {one.ident} {text(one, own[lang])}" for one in new} for lang in LANGUAGES}


class Original:
    """The definition with every word, and what its readback says."""

    def __init__(self) -> None:
        self.definition = every_word()
        self.standing = statements(self.definition)
        self.sentences = said(self.definition, self.standing)
        self.titles = heads(self.definition)

    def differs(self, other: Definition, langs: Sequence[str], *, whole: bool) -> bool:
        """Whether another definition reads otherwise; ``whole`` compares sentences of equal statements too."""
        after = statements(other)
        if len(after) < len(self.standing):
            return True
        new = said(other, after, () if whole else self.standing)
        if all(new[lang] - self.sentences[lang] for lang in langs):
            return True
        above = heads(other) if other.law != self.definition.law else self.titles
        return all(above[lang] != self.titles[lang] for lang in langs)


def unsaid(original: Original, waiting: set[Key], *, whole: bool) -> set[Key]:
    """The words whose change leaves the readback as it is."""
    definition = original.definition
    for top in PLACES:
        for path, model, name in places(getattr(definition, top)):
            key = key_of(type(model), name)
            if key not in waiting:
                continue
            if type(model).model_fields[name].is_required() and isinstance(getattr(model, name), BaseModel):
                waiting.discard(key)  # what stands in it are words of their own
                continue
            langs = [name] if name in LANGUAGES else LANGUAGES
            for change in changes(model, name):
                with contextlib.suppress(*NO_DEFINITION):
                    other = dataclasses.replace(definition, **{top: replaced(getattr(definition, top), path, change)})
                    if original.differs(other, langs, whole=whole):
                        waiting.discard(key)
                        break
    return waiting


NO_LABELS = {"cn", "NL", "DE", "GB", "payment", "state", "city", "sitting", "ended", "void"}
"""Names that the language gives no label: calendars, kinds of a convention, layers, states of a subcase read alone."""


def outside_brackets(sentence: str) -> str:
    """A sentence without what stands in brackets."""
    before = ""
    while before != sentence:
        before, sentence = sentence, re.sub(r"（[^（）]*）|\([^()]*\)", "", sentence)
    return sentence


def test_ids_stand_in_brackets_alone() -> None:
    bare = {
        word
        for sentence in read_process(every_word())
        for word in re.findall(r"[A-Za-z0-9]*[A-Za-z_][\w.-]*", outside_brackets(sentence.zh), re.ASCII)
    }
    assert bare - NO_LABELS == set()


def test_the_states_of_a_subcase_have_the_labels_of_its_process() -> None:
    hearing = every_word().process.model_copy(update={"states": {"sitting": State(zh="开庭", en="Sitting")}})
    read = {sentence.id: sentence for sentence in read_process(every_word(), {"hearing": hearing})}
    assert "「开庭」、「ended」" in read["hearing"].zh
    assert '"Sitting", "ended"' in read["hearing"].en


def test_no_part_of_a_definition_is_left_out_of_the_search() -> None:
    technical = {"id", "bundle", "hash", "sources"}
    assert {entry.name for entry in dataclasses.fields(Definition)} - technical == set(PLACES)


def test_every_word_of_the_language_is_in_a_sentence() -> None:
    original = Original()
    rest = unsaid(original, language(), whole=False)
    rest = unsaid(original, rest, whole=True)  # labels, which a statement has by name
    assert sorted(".".join(key) for key in rest) == [], (
        "write a sentence for these words, and use them in every_word.yaml"
    )

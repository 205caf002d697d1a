"""A process read back: every word of the language has a part in a sentence, in both languages."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import zip_longest
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from tests.support import DATA

from zhengxie_flow import load_process
from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.i18n import LANGUAGES
from zhengxie_flow.model.base import Labelled
from zhengxie_flow.model.citation import Instrument, Interpretation
from zhengxie_flow.model.convention import Convention
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.definition import Definition, resolve
from zhengxie_flow.model.edition import EditionInfo
from zhengxie_flow.model.limit import Part
from zhengxie_flow.model.parameter import Parameter
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.rule import Rule
from zhengxie_flow.model.signature import Signatures
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.presentation.documents.readbacks import process_readback
from zhengxie_flow.presentation.readback import read_process
from zhengxie_flow.presentation.readback.compose import statements, text, words
from zhengxie_flow.presentation.readback.sentence import Statement
from zhengxie_flow.reading.sources import plain
from zhengxie_flow.reading.yaml_reader import read_yaml

ROOTS = (Process, Instrument, Interpretation, Decision, Parameter, Convention, EditionInfo)
PLACES = ("process", "law", "interpretations", "decisions", "parameters", "conventions", "edition")
UNSAID = {
    "language": "the format of the file, and no part of the law",
    "Decision.inputs": "the types by which the program reads its cells; each cell says its values",
    "Process.law": "the id of the instrument, whose title is said",
    "Convention.convention": "the id under which it is kept, and said",
    "Exemption.effective": "it has one value, which is said",
    "Extension.before": "it has one value, which is said",
}
"""Keys without a sentence, each with its reason."""

NO_DEFINITION = (InvalidDefinition, ValueError, RuntimeError, LookupError, StopIteration)
"""What is raised where the rest of a definition cannot be read without what was taken away."""

Key = tuple[str, str]
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

    def changed(value: Any) -> Any:
        match value:
            case bool():
                return not value
            case int():
                return value + 1
            case date():
                return value + timedelta(days=1)
            case str():
                return f"{value}x" if info.annotation is str or "Literal" not in str(info.annotation) else other(value)
            case tuple() if len(value) == 1:
                return value * 2 if isinstance(value[0], BaseModel) else ("other",)
            case tuple():
                return value[:-1]
            case dict() if len(value) == 1:
                return {f"{name}x": inner for name, inner in value.items()}
            case dict():
                return dict(list(value.items())[:-1])
        return value

    def other(value: str) -> str:
        return next((word for word in literals(info.annotation) if word != value), value)

    yield changed


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


def said(definition: Definition, unlike: Sequence[Statement] = ()) -> dict[str, list[str]]:
    """The sentences by language; those of statements equal to the ones given are left out."""
    own, texts = words(definition), {lang: [] for lang in LANGUAGES}
    for statement, other in zip_longest(statements(definition), unlike):
        if statement is not None and statement != other:
            for lang, sentences in texts.items():
                sentences.append(f"{statement.law} {statement.kind} {statement.ident} {text(statement, own[lang])}")
    return texts


def test_every_word_of_the_language_is_in_a_sentence() -> None:
    definition = every_word()
    standing = statements(definition)
    sentences, titles = said(definition), heads(definition)
    waiting = language()
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
                whole = replaced(getattr(definition, top), path, change)
                with contextlib.suppress(*NO_DEFINITION):
                    other = dataclasses.replace(definition, **{top: whole})
                    after = said(other, standing)
                    above = heads(other) if top == "law" else titles
                    if all(above[lang] != titles[lang] or set(after[lang]) - set(sentences[lang])
                           or len(statements(other)) < len(standing) for lang in langs):  # fmt: skip
                        waiting.discard(key)
                        break
    assert sorted(waiting) == [], "write a sentence for these words, and use them in every_word.yaml"


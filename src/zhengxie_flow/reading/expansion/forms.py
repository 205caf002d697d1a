"""Shapes of the short forms that are expanded on reading: groups of articles, gates, vocabularies, translations."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from zhengxie_flow.model.base import Id, Labelled, Model, Number, Text
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.process import Entries, IdList, Role
from zhengxie_flow.model.values import ValueType

Section = dict[Id, Any]
"""Entries of a section by id; what they hold is looked at once they are expanded."""


class Elements(Model):
    """The elements of a gate, each a fact that a person determines and that does not count until then."""

    of: Annotated[dict[Id, Text], Field(min_length=1)]
    by: IdList = ()
    interpretation: Entries = ()


class Gate(Model):
    """Gate before an act: what has to be determined and done before it, if a decision says so.

    The decision has the name of the gate and the outcomes ``required`` and ``not_required``.  ``before`` names the act
    that it is a gate of, ``asked`` when it is asked at all, ``until`` the states in which a case that never came to the
    act owes it no more.  ``elements`` and ``finding`` are the facts it turns on: the elements, and the finding of the
    whole.  ``determined`` is the requirement that the question was answered, ``acts`` are the obligations it comes to,
    ``conduct`` the requirement on how an act was ``done``.
    """

    before: Id
    asked: Condition | None = None
    until: IdList = ()
    elements: Elements | None = None
    finding: Section = Field(default_factory=dict)
    determined: Section = Field(default_factory=dict)
    acts: Section
    conduct: Section = Field(default_factory=dict)


class ArticleGroup(Model):
    """Sections of a process under one clause, which their entries cite where they say nothing else."""

    roles: Section = Field(default_factory=dict)
    facts: Section = Field(default_factory=dict)
    items: Section = Field(default_factory=dict)
    states: Section = Field(default_factory=dict)
    subcases: Section = Field(default_factory=dict)
    actions: Section = Field(default_factory=dict)
    obligations: Section = Field(default_factory=dict)
    requirements: Section = Field(default_factory=dict)
    gates: dict[Id, Gate] = Field(default_factory=dict)
    publications: Section = Field(default_factory=dict)
    expected: Section = Field(default_factory=dict)
    exemptions: Section = Field(default_factory=dict)


class ShortForms(Model):
    """The short forms of a process file that are no words of the process itself."""

    articles: dict[Number, ArticleGroup] = Field(default_factory=dict)
    requirements: Section = Field(default_factory=dict)
    gates: dict[Id, Gate] = Field(default_factory=dict)
    publications: Section = Field(default_factory=dict)
    expected: Section = Field(default_factory=dict)


class SharedVocabulary(Model):
    """Roles, facts, fields and lists of values that the processes of a folder share.

    An entry of a process that has no label of its own takes the one called like it; what it writes itself goes before.
    ``values`` are named by ``of`` of an enum or set.
    """

    language: Literal[1]
    vocabulary: Number
    roles: dict[Id, Role] = Field(default_factory=dict)
    facts: dict[Id, ValueType] = Field(default_factory=dict)
    fields: dict[Id, ValueType] = Field(default_factory=dict)
    values: dict[Id, dict[str, Labelled]] = Field(default_factory=dict)


class Translations(Model):
    """English labels of the processes of a folder, by the Chinese label that they translate."""

    language: Literal[1]
    labels: Literal["en"]
    texts: dict[Text, Text]


__all__ = ["ArticleGroup", "Elements", "Gate", "SharedVocabulary", "ShortForms", "Translations"]

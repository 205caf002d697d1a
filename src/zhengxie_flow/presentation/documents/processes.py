"""The processes of a project, and the labels of every id of a process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zhengxie_flow.engine import CompiledProcess
from zhengxie_flow.i18n import LANGUAGES
from zhengxie_flow.model.base import Labelled
from zhengxie_flow.model.citation import Citations
from zhengxie_flow.model.document import Hash
from zhengxie_flow.presentation.citations import cited
from zhengxie_flow.presentation.documents.scenarios import Bilingual


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A process: its label, the instrument that it encodes, the period in which it is in force, its first state, and
    the roles that may open a case (none: any).
    """

    process: str
    label: Bilingual
    law: Bilingual | None
    in_force_from: date | None
    in_force_to: date | None
    definition: Hash
    start: str
    opened_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcessList:
    """The processes of a project, by id."""

    processes: tuple[ProcessRow, ...]


@dataclass(frozen=True, slots=True)
class CitedLabel:
    """An id with its label in both languages, and the clause it rests on, as people cite it."""

    id: str
    label: Bilingual
    clause: Bilingual | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessLabels:
    """The labels of all ids of a definition, by family, in the order of its file."""

    process: str
    definition: Hash
    label: Bilingual
    roles: tuple[CitedLabel, ...]
    states: tuple[CitedLabel, ...]
    final: tuple[str, ...]
    actions: tuple[CitedLabel, ...]
    obligations: tuple[CitedLabel, ...]
    requirements: tuple[CitedLabel, ...]
    exemptions: tuple[CitedLabel, ...]
    facts: tuple[CitedLabel, ...]
    items: tuple[CitedLabel, ...]
    subcases: tuple[CitedLabel, ...]


def process_row(compiled: CompiledProcess) -> ProcessRow:
    """Build the row of a process."""
    process, law = compiled.process, compiled.definition.law
    return ProcessRow(
        compiled.id,
        bilingual(process, compiled.id),
        None if law is None else bilingual(law, law.law),
        process.in_force.from_,
        process.in_force.to,
        compiled.hash,
        process.start,
        process.statements.by("open"),
    )


def process_list(processes: Iterable[CompiledProcess]) -> ProcessList:
    """Build the document of the processes of a project."""
    return ProcessList(tuple(map(process_row, processes)))


def process_labels(compiled: CompiledProcess) -> ProcessLabels:
    """Build the document of the labels of a definition."""
    process = compiled.process
    return ProcessLabels(
        process=compiled.id,
        definition=compiled.hash,
        label=bilingual(process, compiled.id),
        roles=_family(compiled, process.roles),
        states=_family(compiled, process.states),
        final=tuple(name for name in process.states if compiled.final.get(name)),
        actions=_family(compiled, process.actions),
        obligations=_family(compiled, process.obligations),
        requirements=_family(compiled, {ident: entry for ident, (_, entry) in compiled.requirements.items()}),
        exemptions=_family(compiled, process.exemptions),
        facts=_family(compiled, process.facts),
        items=_family(compiled, process.items),
        subcases=_family(compiled, process.subcases),
    )


def bilingual(element: Labelled | None, ident: str) -> Bilingual:
    """Return the label of an element in both languages; its id where it has none."""
    zh, en = (ident if element is None else element.label(lang, ident) for lang in LANGUAGES)
    return Bilingual(zh, en)


def bilingual_clause(compiled: CompiledProcess, clause: str | None) -> Bilingual | None:
    """Return a clause as people cite it, in both languages."""
    if clause is None:
        return None
    zh, en = (cited(clause, compiled.definition.law, lang) for lang in LANGUAGES)
    return Bilingual(zh, en)


def _family(compiled: CompiledProcess, elements: Mapping[str, Labelled]) -> tuple[CitedLabel, ...]:
    return tuple(_labelled(compiled, ident, element) for ident, element in elements.items())


def _labelled(compiled: CompiledProcess, ident: str, element: Labelled) -> CitedLabel:
    law: Citations = getattr(element, "law", ())
    return CitedLabel(ident, bilingual(element, ident), bilingual_clause(compiled, str(law[0]) if law else None))

"""Short forms of a process file, expanded to the words of the language: engine, audit and checks see these alone.

Articles group what stands under one clause, gates and requirements stand beside the acts they bind, a vocabulary holds
what the processes of a folder share, and a file of translations their English labels.  Every value keeps the place
where it is written, so that a message points into the file that people edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.expansion.binding import bind_requirements
from zhengxie_flow.reading.expansion.entries import Entries
from zhengxie_flow.reading.expansion.expected import expect_controls
from zhengxie_flow.reading.expansion.filling import fill_in
from zhengxie_flow.reading.expansion.forms import SharedVocabulary, ShortForms, Translations
from zhengxie_flow.reading.expansion.gates import opened_gates
from zhengxie_flow.reading.expansion.publications import open_publications
from zhengxie_flow.reading.expansion.sections import SECTIONS, SHORT_SECTIONS, Sections, collected
from zhengxie_flow.reading.expansion.translations import translated
from zhengxie_flow.reading.expansion.trees import listing, rebuilt
from zhengxie_flow.reading.file_names import LABELS, NO_PROCESS, VOCABULARY
from zhengxie_flow.reading.nodes import Node, with_source
from zhengxie_flow.reading.sources import SourceFile, read_any, validate

__all__ = ["LABELS", "NO_PROCESS", "VOCABULARY", "SharedFiles", "expanded", "read_beside"]

_OWN = ("articles", *SHORT_SECTIONS)


@dataclass(frozen=True, slots=True)
class SharedFiles:
    """Files beside the processes of a folder that serve all of them.

    Attributes:
        vocabulary: the shared vocabulary, its entries in full.
        labels: the English labels.
    """

    vocabulary: SourceFile | None = None
    labels: SourceFile | None = None


def read_beside(folder: Path, root: Path, problems: list[Problem]) -> SharedFiles:
    """Read the vocabulary and the English labels of the processes of a folder, where it has any."""
    shared, faults = _shared_files(folder, root, tuple(_stamp(folder / name) for name in (VOCABULARY, LABELS)))
    problems.extend(faults)
    return shared


def _stamp(path: Path) -> tuple[int, int] | None:
    """The time and size of a file, by which a change of it is noticed; None where there is none."""
    if not path.is_file():
        return None
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=16)
def _shared_files(folder: Path, root: Path, _stamps: tuple[object, ...]) -> tuple[SharedFiles, tuple[Problem, ...]]:
    problems: list[Problem] = []
    vocabulary = read_any(folder / VOCABULARY, root, problems, top="map") if (folder / VOCABULARY).is_file() else None
    labels = read_any(folder / LABELS, root, problems, top="map") if (folder / LABELS).is_file() else None
    if vocabulary is not None:
        full = replace(vocabulary, node=_vocabulary_in_full(vocabulary, problems))
        vocabulary = full if validate(full.node, full.label, SharedVocabulary, problems) else None
    if labels is not None and not validate(labels.node, labels.label, Translations, problems):
        labels = None
    return SharedFiles(_placed(vocabulary), _placed(labels)), tuple(problems)


def _placed(source: SourceFile | None) -> SourceFile | None:
    return None if source is None else replace(source, node=with_source(source.node, source.label))


def _vocabulary_in_full(source: SourceFile, problems: list[Problem]) -> Node:
    fields = dict(source.node.fields)
    plain = Entries(source.label)
    for section, full in (("roles", plain.labelled), ("values", _labelled_values)):
        if section in fields and fields[section].kind == "map":
            inner = fields[section]
            fields[section] = rebuilt(inner, {name: full(entry) for name, entry in inner.fields.items()})
    reading = Entries(source.label, rebuilt(source.node, fields), problems)
    for section in ("facts", "fields"):
        if section in fields and fields[section].kind == "map":
            fields[section] = _opened_entries(fields[section], reading)
    return rebuilt(source.node, fields)


def _opened_entries(section: Node, reading: Entries) -> Node:
    filled: dict[str, Node] = {}
    for name, entry in section.fields.items():
        filled |= reading.opened(name, reading.typed(entry))
    return rebuilt(section, filled)


def _labelled_values(entry: Node) -> Node:
    if entry.kind != "map":
        return entry
    return rebuilt(entry, {name: Entries("").labelled(inner) for name, inner in entry.fields.items()})


def expanded(source: SourceFile, beside: SharedFiles, problems: list[Problem]) -> SourceFile:
    """Return a process file with its short forms expanded.

    Args:
        source: the file as read.
        beside: the vocabulary and the English labels of its folder.
        problems: takes what is wrong with the short forms.

    Returns:
        The file with its text, and its values in the words of the process alone.
    """
    if source.node.kind != "map":
        return source
    if not source.text:
        return _in_full(source, beside, problems)
    texts = (source.label, source.text, *(file.text if file else None for file in (beside.vocabulary, beside.labels)))
    full, faults = _kept(_Asked(texts, source, beside))
    problems.extend(faults)
    return full


@dataclass(frozen=True, slots=True)
class _Asked:
    """A file to expand, told from others by its text and the texts beside it."""

    texts: tuple[str | None, ...]
    source: SourceFile = field(compare=False)
    beside: SharedFiles = field(compare=False)


@lru_cache(maxsize=64)
def _kept(asked: _Asked) -> tuple[SourceFile, tuple[Problem, ...]]:
    problems: list[Problem] = []
    full = _in_full(asked.source, asked.beside, problems)
    return full, tuple(problems)


def _in_full(source: SourceFile, beside: SharedFiles, problems: list[Problem]) -> SourceFile:
    forms = _only(source.node, _OWN)
    if forms.fields and not validate(forms, source.label, ShortForms, problems):
        return replace(source, node=_with(source.node, dict.fromkeys(_OWN)))
    vocabulary = beside.vocabulary
    shared = vocabulary.node if vocabulary is not None else Entries("").vocabulary
    reading = Entries(source.label, shared, problems)
    sections = collected(source.node, source.label, problems)
    opened_gates(sections)
    open_publications(sections)
    expect_controls(sections)
    fill_in(sections, reading)
    bind_requirements(sections, reading)
    filled = {
        section: _section(source.node, section, sections) for section in SECTIONS if sections.entries.get(section)
    }
    if sections.controls:
        filled["controls"] = listing(source.node.fields.get("controls", source.node), sections.controls.values())
    node = _with(source.node, {**dict.fromkeys(_OWN), **filled})
    if beside.labels is not None:
        node = translated(node, beside.labels.node.fields["texts"].fields)
    return replace(source, node=node)


def _only(node: Node, keys: tuple[str, ...]) -> Node:
    return rebuilt(node, {name: inner for name, inner in node.fields.items() if name in keys})


def _with(node: Node, changes: Mapping[str, Node | None]) -> Node:
    fields = {**node.fields, **changes}
    return rebuilt(node, {name: inner for name, inner in fields.items() if inner is not None})


def _section(node: Node, section: str, sections: Sections) -> Node:
    return rebuilt(node.fields.get(section, node), sections.entries[section], sections.keys[section])

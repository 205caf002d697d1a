"""Files that no process reads: the faults of their shape."""

from __future__ import annotations

from pathlib import Path

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.base import Model
from zhengxie_flow.model.citation import Instrument, Register
from zhengxie_flow.model.convention import Convention
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.edition import Adoption, Edition, Overlay
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.scenario import CaseFile, Scenario
from zhengxie_flow.model.signature import Signatures
from zhengxie_flow.model.volume import Volume
from zhengxie_flow.reading.checks.locations import Place, fault
from zhengxie_flow.reading.compiling import compile_all
from zhengxie_flow.reading.expansion.forms import SharedVocabulary, Translations
from zhengxie_flow.reading.sources import SourceFile, entries, read_any, validate

UNKNOWN_KIND = "ZX1217"
_KINDS: dict[str, type[Model]] = {
    "signatures": Signatures,
    "process": Process,
    "extends": Overlay,
    "adopts": Adoption,
    "amends": Edition,
    "volume": Volume,
    "law": Instrument,
    "register": Register,
    "convention": Convention,
    "vocabulary": SharedVocabulary,
    "labels": Translations,
    "decision": Decision,
    "scenario": Scenario,
    "case": CaseFile,
}
_FIRST = (
    "scenario",
    "case",
    "extends",
    "adopts",
    "amends",
    "volume",
    "signatures",
    "process",
    "convention",
    "decision",
    "vocabulary",
    "labels",
    "register",
    "law",
)
"""In this order: a scenario names its process, an overlay and an edition theirs, a process its law."""


def kind_of(path: Path, root: Path) -> str | None:
    """Kind of a file, by its keys; None where no key decides it or the file cannot be read."""
    source = read_any(path, root, [])
    return None if source is None else _kind(source)


def _kind(source: SourceFile) -> str | None:
    nodes = entries(source)
    return next((kind for kind in _FIRST if kind in nodes[0].fields), None) if nodes else None


def loose(path: Path, root: Path) -> list[Problem]:
    """The faults of shape in a file; decisions are compiled as well."""
    problems: list[Problem] = []
    source = read_any(path, root, problems)
    if source is None:
        return problems
    kind = _kind(source)
    if kind is None:
        return [fault(UNKNOWN_KIND, Place(source, source.node), known=", ".join(_KINDS))]
    for node in entries(source):
        validate(node, source.label, _KINDS[kind], problems)
    if kind == "decision" and not problems:
        nodes = {str(node.value["decision"]): (source, node) for node in entries(source)}
        decisions = {name: Decision.model_validate(node.value) for name, (_, node) in nodes.items()}
        compile_all(decisions, nodes, {}, problems)
    return problems

"""The documents of scenarios that were run, and of the law that they cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from zhengxie_flow.model.document import OPTIONAL, Force, one_of
from zhengxie_flow.model.verdict import Judgement
from zhengxie_flow.services.queries.coverage import DefinitionPart


@dataclass(frozen=True, slots=True)
class FailureDocument:
    """An expectation of a scenario that did not hold, or an event that could not happen."""

    line: int
    what: str
    expected: Any
    got: Any


@dataclass(frozen=True, slots=True)
class ScenarioDocument:
    """One scenario that was run; where it failed and they are asked for, with its lines, the worst first."""

    file: str
    scenario: str
    passed: bool
    failures: tuple[FailureDocument, ...]
    verdicts: tuple[Judgement, ...] | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class ExercisedParts:
    """The parts of a process that the scenarios exercised, and those that none did."""

    clauses: DefinitionPart
    actions: DefinitionPart
    obligations: DefinitionPart
    requirements: DefinitionPart
    exemptions: DefinitionPart
    rules: DefinitionPart


@dataclass(frozen=True, slots=True)
class ScenarioResults:
    """The scenarios that were run, and what they exercised of each process."""

    scenarios: tuple[ScenarioDocument, ...]
    coverage: Mapping[str, ExercisedParts]


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in both languages."""

    zh: str | None
    en: str | None


@dataclass(frozen=True, slots=True)
class EncodedPart:
    """A part of a process that implements a clause: its kind, its place, the scenarios that exercise it."""

    id: str
    kind: str
    process: str
    place: str
    force: Force | None
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseCoverage:
    """The coverage of a clause: whether it is computable, the parts that implement it, the number of scenarios."""

    clause: str
    force: Force | None
    status: Annotated[str, one_of("computable", "partly", "not_computable")]
    why: Bilingual | None
    encoded: tuple[EncodedPart, ...]
    scenarios: int


@dataclass(frozen=True, slots=True)
class InstrumentCoverage:
    """One instrument, clause by clause."""

    folder: str
    law: str
    clauses: tuple[ClauseCoverage, ...]


@dataclass(frozen=True, slots=True)
class LawCoverage:
    """Every instrument of a project."""

    laws: tuple[InstrumentCoverage, ...]

"""Coverage of the law, clause by clause: the parts that implement it and the scenarios that exercise them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from zhengxie_flow.bootstrap import scenario_files
from zhengxie_flow.model.citation import ClauseRef, Instrument
from zhengxie_flow.presentation.documents.scenarios import (
    Bilingual,
    ClauseCoverage,
    EncodedPart,
    InstrumentCoverage,
    LawCoverage,
)
from zhengxie_flow.reading.checks.law import Citation, citations, cites_own_law
from zhengxie_flow.services.queries.coverage import Coverage

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap.scenario_files import Played
    from zhengxie_flow.model.case import Case
    from zhengxie_flow.ports import Calendars
    from zhengxie_flow.reading.definitions import Files, Loaded


@dataclass(frozen=True, slots=True)
class Encoded:
    """A part of a process that implements a clause: its kind, its process, its place, its scenarios."""

    id: str
    kind: str
    process: str
    place: str
    force: str | None
    refs: tuple[ClauseRef, ...]
    scenarios: tuple[str, ...]


@dataclass(slots=True)
class Law:
    """An instrument with every part that implements it."""

    folder: str
    instrument: Instrument
    encoded: list[Encoded] = field(default_factory=list)

    def of(self, clause: str) -> list[Encoded]:
        """Return the parts that implement a clause itself, without those below it."""
        return [part for part in self.encoded if any(ref.clause == clause for ref in part.refs)]


def laws(files: Files, played: Iterable[Played]) -> list[Law]:
    """Collect every instrument of a project with the parts that implement it.

    Raises:
        InvalidDefinition: A process cannot be read.
    """
    tried = _scenarios_by_part(played)
    by_folder: dict[str, Law] = {}
    for process in files.ids():
        loaded = files.read(process)
        if loaded.definition.law is not None:
            folder = str(PurePosixPath(process).parent)
            law = by_folder.setdefault(folder, Law(folder, loaded.definition.law))
            law.encoded += _encoded_parts(process, loaded, tried[process], {part.place for part in law.encoded})
    return list(by_folder.values())


Part = tuple[str, str]
"""A part of a process: its kind (``done`` for all that is done, owed or decided) and its id."""


def _scenarios_by_part(played: Iterable[Played]) -> dict[str, dict[Part, list[str]]]:
    """Return the names of the scenarios that exercise each part, by process and part."""
    scenarios: dict[str, dict[Part, list[str]]] = defaultdict(lambda: defaultdict(list))
    for run in played:
        cover = Coverage(run.compiled)
        cover.add(run.outcome, run.calendars)
        covers = [(cover, run.outcome.case)]
        for subcase in run.outcome.below:
            covers.append((Coverage(subcase.compiled), subcase.case))
            covers[-1][0].add_below(subcase, run.written.scenario.as_of)
        for coverage, case in covers:
            for part in _parts(coverage, case):
                scenarios[coverage.compiled.id][part].append(run.written.scenario.scenario)
    return scenarios


def _parts(cover: Coverage, case: Case | None) -> Iterator[Part]:
    """Yield every part that a scenario exercised: acts, duties, rules, stated facts, items and states."""
    yield from (("done", ident) for ident in sorted(cover.actions | cover.duties | cover.rows))
    if case is not None:
        yield from (("fact", name) for item, name in case.facts if item is None)
        yield from (("item", kind) for kind in case.items)
        yield from (("state", state) for state in dict.fromkeys(stay.state for stay in case.stays))


def _encoded_parts(process: str, loaded: Loaded, tried: dict[Part, list[str]], places: set[str]) -> Iterator[Encoded]:
    grouped: dict[int, list[Citation]] = defaultdict(list)
    for cited in citations(loaded):
        if cited.encodes and cites_own_law(loaded, cited.ref):
            grouped[id(cited.by)].append(cited)
    for group in grouped.values():
        where = group[0].part.where()
        place = f"{where.file}:{where.line}"
        if place in places:
            continue  # a decision that another process of the folder asks for too
        node: Any = group[0].by
        ident, kind = _name(loaded, node)
        part = (kind if kind in ("fact", "item", "state") else "done", ident)
        yield Encoded(
            id=ident, kind=kind, process=process, place=place, force=getattr(node, "force", None),
            refs=tuple(cited.ref for cited in group), scenarios=tuple(dict.fromkeys(tried.get(part, ()))),
        )  # fmt: skip


def _name(loaded: Loaded, node: Any) -> tuple[str, str]:
    """Return the id and the kind of a model node."""
    process = loaded.definition.process
    tables: dict[str, dict[str, Any]] = {
        "role": process.roles, "fact": process.facts, "item": process.items, "state": process.states,
        "action": process.actions, "obligation": process.obligations, "exemption": process.exemptions,
        "subcase": process.subcases, "decision": loaded.definition.decisions,
        "requirement": {name: entry for name, (_, entry) in process.requirements().items()},
    }  # fmt: skip
    for kind, table in tables.items():
        for name, entry in table.items():
            if entry is node:
                return name, kind
    for name, decision in loaded.definition.decisions.items():
        for rule in decision.rules:
            if rule is node:
                return f"{name}/{rule.id}", "rule"
    return getattr(node, "id", None) or type(node).__name__.lower(), "part"


OWED = ("obligation", "requirement", "exemption")


def document(laws: Iterable[Law]) -> LawCoverage:
    """Build the document of the coverage."""
    return LawCoverage(tuple(_law(law) for law in laws))


def _law(law: Law) -> InstrumentCoverage:
    clauses = (
        ClauseCoverage(
            clause=number,
            force=clause.force,
            status=clause.status,
            why=None if clause.why is None else Bilingual(clause.why.zh, clause.why.en),
            encoded=tuple(_encoded(part) for part in law.of(number)),
            scenarios=len(scenarios_under(law, number)),
        )
        for number, clause in law.instrument.clauses.items()
    )
    return InstrumentCoverage(law.folder, law.instrument.law, tuple(clauses))


def _encoded(part: Encoded) -> EncodedPart:
    return EncodedPart(part.id, part.kind, part.process, part.place, part.force, part.scenarios)


def scenarios_under(law: Law, clause: str) -> set[str]:
    """Return the scenarios that exercise a part under a clause or below it."""
    return {
        f"{part.process}: {name}"
        for part in law.encoded
        if any(ClauseRef(clause=ref.clause).under(clause) for ref in part.refs)
        for name in part.scenarios
    }


def coverage_of(files: Files, calendars: Calendars) -> LawCoverage:
    """Play every scenario of a project, and build the document of the coverage of its laws.

    Args:
        files: The project.
        calendars: The calendars by name.

    Raises:
        InvalidDefinition: A process or a scenario cannot be read.
    """
    written = scenario_files.read(list(files.scenarios()), files.root)
    return document(laws(files, scenario_files.play(files, calendars, written)))

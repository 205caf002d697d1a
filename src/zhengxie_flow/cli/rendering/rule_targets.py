"""Targets of the commands about rules: the decisions of the project, of a file, or of a case by its journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zhengxie_flow.errors import NotFound, UsageError
from zhengxie_flow.spelling import hint

if TYPE_CHECKING:
    from zhengxie_flow.cli.session import Session
    from zhengxie_flow.conditions import View
    from zhengxie_flow.reading.rulesets import RuleFolder
    from zhengxie_flow.rules import Ruleset
    from zhengxie_flow.rules.partial_facts import Inquiry
    from zhengxie_flow.rules.trace import ProvenanceOf


@dataclass(frozen=True, slots=True)
class Matter:
    """A decision to be explained, over a case or over facts."""

    rules: RuleFolder
    ruleset: Ruleset
    inquiry: Inquiry
    view: View
    origin: ProvenanceOf


def select_rulesets(
    session: Session, decision: str | None, *, parameters: bool = False
) -> Iterator[tuple[RuleFolder, Ruleset]]:
    """Yield the decisions that a command is about.

    Args:
        session: The session, with its project.
        decision: The name of one decision, or a file or folder with decisions; None for all of the project.
        parameters: Include the rules of parameters.

    Raises:
        NotFound: There is no such decision (ZX3140).
    """
    from zhengxie_flow.bootstrap import project_files
    from zhengxie_flow.reading import rulesets

    path = Path(decision) if decision is not None else None
    if path is not None and (path.suffix in (".yaml", ".yml") or path.is_dir()):
        for rules in rulesets.of_path(path):
            yield from ((rules, ruleset) for ruleset in _of(rules, parameters=parameters))
        return
    every = [
        (rules, ruleset)
        for rules in rulesets.of_project(project_files(session.folder))
        for ruleset in _of(rules, parameters=parameters)
    ]
    matches = [
        (rules, ruleset)
        for rules, ruleset in every
        if decision in (None, ruleset.name, f"{rules.folder}/{ruleset.name}")
    ]
    if not matches:
        raise unknown_decision(decision or "", [ruleset.name for _, ruleset in every])
    yield from matches


def _of(rules: RuleFolder, *, parameters: bool) -> Sequence[Ruleset]:
    return rules.all_rulesets if parameters else tuple(rules.rulesets.values())


def unknown_decision(name: str, names: Sequence[str]) -> NotFound:
    """Return the error for an unknown decision."""
    return NotFound("ZX3140", name=name, suggestion=hint(name, names), known=tuple(dict.fromkeys(names)))


def matters(session: Session, case: str | None, facts: Sequence[str], decision: str | None, day: date) -> list[Matter]:
    """Return the decisions to be explained.

    Raises:
        UsageError: Not exactly one of case and facts is given (ZX3141).
    """
    if (case is None) == (not facts):
        raise UsageError("ZX3141")
    return _of_case(session, case, decision, day) if case is not None else _of_facts(session, facts, decision, day)


def _of_facts(session: Session, facts: Sequence[str], decision: str | None, day: date) -> list[Matter]:
    from zhengxie_flow.cli.parsing import pairs
    from zhengxie_flow.rules.partial_facts import inquiry

    values = pairs(facts)
    matters: list[Matter] = []
    names: set[str] = set()
    for rules, ruleset in select_rulesets(session, decision):
        inquired = inquiry(ruleset, rules.rulesets)
        names |= set(inquired.names)
        relevant = {name: value for name, value in values.items() if name in inquired.names}
        presumed = {name: kind.presumed for name, kind in ruleset.types.items()
                    if kind.presumed is not None and name not in relevant}  # fmt: skip
        parsed = {
            name: value for other in (*rules.rulesets.values(), ruleset) for name, value in other.read(relevant).items()
        }
        view = inquired.over({**presumed, **parsed}, day, presumed=frozenset(presumed))
        if relevant or decision is not None:
            matters.append(Matter(rules, ruleset, inquired, view, lambda _: None))
    for name in values:
        if name not in names:
            raise unknown_fact(name, sorted(names))
    return matters


def unknown_fact(name: str, names: Sequence[str]) -> UsageError:
    """Return the error for a fact that no decision reads."""
    return UsageError("ZX3142", name=name, suggestion=hint(name, names), known=tuple(names))


def _of_case(session: Session, case: str, decision: str | None, day: date) -> list[Matter]:
    from zhengxie_flow.model.case import BEGINNING
    from zhengxie_flow.reading.rulesets import of_definition
    from zhengxie_flow.rules.partial_facts import inquiry
    from zhengxie_flow.rules.trace import Provenance
    from zhengxie_flow.services.queries.derived_cases import read_derived

    context = session.engine(read_only=True).context
    derived = read_derived(context, case, day)
    compiled, view = derived.compiled, derived.view
    rules = of_definition(compiled.definition, compiled.rulesets)
    selected = [ruleset for ruleset in rules.rulesets.values() if decision in (None, ruleset.name)]
    if not selected and decision is not None:
        raise unknown_decision(decision, list(rules.rulesets))

    def origin(name: str) -> Provenance | None:
        assertion = view.assertion(name)
        if assertion is None:
            return None
        opened = derived.case.events[0]
        day, event = (derived.case.opened, opened.sequence) if assertion.key == BEGINNING else assertion.key
        return Provenance(assertion.by, day, event)

    return [Matter(rules, ruleset, inquiry(ruleset, rules.rulesets), view, origin) for ruleset in selected]

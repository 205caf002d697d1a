"""The register of interpretations as sentences, and what of a clause a machine cannot judge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zhengxie_flow.model.citation import Alternative, Clause, ClauseRef, Interpretation
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.patch import steps_of, tree_of
from zhengxie_flow.presentation.readback.sentence import CitedClauses, ReadStatement, Titled, note
from zhengxie_flow.rules.readback import Name, Phrase


def readings(definition: Definition) -> Iterator[ReadStatement]:
    """Every entry of the register."""
    for number, entry in definition.interpretations.items():
        yield ReadStatement("reading", number, entry.law, _reading(definition, number, entry))


def judgements(definition: Definition) -> Iterator[ReadStatement]:
    """The clauses of which a machine judges a part, or nothing."""
    if definition.law is None:
        return
    instruments: dict[str | None, Mapping[str, Clause]] = {None: definition.law.clauses}
    instruments |= {name: other.clauses for name, other in definition.law.incorporates.items()}
    for instrument, clauses in instruments.items():
        for number, clause in clauses.items():
            law = (ClauseRef(instrument=instrument, clause=number),)
            if clause.status != "computable":
                yield ReadStatement("judgement", None, law, _clause(clause, law))


def _clause(clause: Clause, law: tuple[ClauseRef, ...]) -> Phrase:
    notes = note("read.clause.why", None if clause.why is None else Titled(clause.why, "-"))
    return Phrase(f"read.clause.{clause.status}", {"law": CitedClauses(law), "notes": notes})


def _reading(definition: Definition, number: str, entry: Interpretation) -> Phrase:
    notes = (
        Phrase("read.reading.question", {"question": Titled(entry.question, "-")}),
        Phrase("read.reading.answer", {"answer": Titled(entry.answer, "-")}),
        *note("read.reading.sets", settings(definition, entry.sets)),
        *(_alternative(definition, name, other) for name, other in entry.alternatives.items()),
        Phrase(f"read.reading.status.{entry.status}"),
        *note("read.reading.would_set", places(definition, entry.would_set)),
        *note("read.reading.assumption", entry.working_assumption(definition.law)),
        _signer(entry),
    )
    return Phrase(
        "read.reading",
        {"reading": Titled(entry, number), "law": CitedClauses(entry.law), "day": entry.date, "notes": notes},
    )


def _signer(entry: Interpretation) -> Phrase:
    return Phrase("read.reading.signer", {"name": entry.signer}) if entry.signed else Phrase("read.reading.unsigned")


def _alternative(definition: Definition, name: str, other: Alternative) -> Phrase:
    marks = (
        *note("read.alternative.sets", settings(definition, other.sets)),
        *note("read.alternative.why_not", None if other.why_not is None else Titled(other.why_not, "-")),
    )
    code = "read.alternative.with" if marks else "read.alternative"
    return Phrase(code, {"name": name, "reading": Titled(other, name), **({"marks": marks} if marks else {})})


_SECTIONS = {
    "obligations": "duty", "exemptions": "duty", "requires": "duty", "actions": "action", "facts": "fact",
    "decisions": "decision", "parameters": "parameter", "items": "item", "roles": "role", "states": "state",
    "subcases": "subcase", "fields": "fact", "with": "fact",
}  # fmt: skip
"""Sections of a definition that readings set something in, each with the family of its labels."""


def settings(definition: Definition, sets: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """Return what a reading sets: the label of the thing, then the path and the value.

    Args:
        definition: The definition.
        sets: The values by path.
    """
    tree = tree_of(definition.bundle)
    return tuple(_setting(tree, path, value) for path, value in sets.items())


def places(definition: Definition, paths: Iterable[str]) -> tuple[Phrase, ...]:
    """Return what a signed interpretation would set: the label of each thing, then its path.

    Args:
        definition: The definition.
        paths: The paths.
    """
    tree = tree_of(definition.bundle)
    return tuple(_labelled(tree, path, Phrase("read.place", {"path": path})) for path in paths)


def _setting(tree: Mapping[str, Any], path: str, value: Any) -> Phrase:
    return _labelled(tree, path, Phrase("read.setting", {"path": path, "value": _short(value)}))


def _labelled(tree: Mapping[str, Any], path: str, wording: Phrase) -> Phrase:
    """The wording about a path, after the label of the last thing on it that has one."""
    steps = steps_of(tree, path)
    families = [_SECTIONS.get(step) for step in steps]
    named = [Name(family, ident) for family, ident in zip(families, steps[1:], strict=False) if family is not None]
    return Phrase("read.setting.of", {"name": named[-1], "said": wording}) if named else wording


def _short(value: Any) -> str:
    """A value in one word; what is longer than that stands in the file."""
    return "…" if isinstance(value, dict | list | tuple) else json.dumps(value, ensure_ascii=False, default=str)

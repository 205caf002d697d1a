"""The register of interpretations as sentences, and what of a clause a machine cannot judge."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from zhengxie_flow.model.citation import Alternative, Clause, ClauseRef, Interpretation
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.presentation.readback.sentence import Citation, Own, Statement, note
from zhengxie_flow.rules.readback import Phrase


def readings(definition: Definition) -> Iterator[Statement]:
    """Every entry of the register."""
    for number, entry in definition.interpretations.items():
        yield Statement("reading", number, entry.law, _reading(number, entry))


def judgements(definition: Definition) -> Iterator[Statement]:
    """The clauses of which a machine judges a part, or nothing."""
    if definition.law is None:
        return
    instruments: dict[str | None, Mapping[str, Clause]] = {None: definition.law.clauses}
    instruments |= {name: other.clauses for name, other in definition.law.incorporates.items()}
    for instrument, clauses in instruments.items():
        for number, clause in clauses.items():
            law = (ClauseRef(instrument=instrument, clause=number),)
            if clause.status != "computable":
                yield Statement("judgement", None, law, _clause(clause, law))


def _clause(clause: Clause, law: tuple[ClauseRef, ...]) -> Phrase:
    notes = note("read.clause.why", None if clause.why is None else Own(clause.why, "-"))
    return Phrase(f"read.clause.{clause.status}", {"law": Citation(law), "notes": notes})


def _reading(number: str, entry: Interpretation) -> Phrase:
    notes = (
        Phrase("read.reading.question", {"question": Own(entry.question, "-")}),
        Phrase("read.reading.answer", {"answer": Own(entry.answer, "-")}),
        *note("read.reading.sets", _settings(entry.sets)),
        *(_alternative(name, other) for name, other in entry.alternatives.items()),
        Phrase(f"read.reading.status.{entry.status}"),
        _signer(entry.signer),
    )
    return Phrase(
        "read.reading",
        {"number": number, "reading": Own(entry, number), "law": Citation(entry.law), "day": entry.date, "notes": notes},
    )


def _signer(signer: str) -> Phrase:
    return Phrase("read.reading.unsigned") if signer == "unsigned" else Phrase("read.reading.signer", {"name": signer})


def _alternative(name: str, other: Alternative) -> Phrase:
    marks = (
        *note("read.alternative.sets", _settings(other.sets)),
        *note("read.alternative.why_not", None if other.why_not is None else Own(other.why_not, "-")),
    )
    code = "read.alternative.with" if marks else "read.alternative"
    return Phrase(code, {"name": name, "reading": Own(other, name), **({"marks": marks} if marks else {})})


def _settings(sets: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(f"{path} = {_short(value)}" for path, value in sets.items())


def _short(value: Any) -> str:
    """A value in one word; what is longer than that stands in the file."""
    return "…" if isinstance(value, dict | list | tuple) else json.dumps(value, ensure_ascii=False, default=str)

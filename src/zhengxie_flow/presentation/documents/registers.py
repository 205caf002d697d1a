"""The document of the interpretation registers: the readings of unclear clauses, and who signed them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from zhengxie_flow.model.citation import Alternative, Instrument, Interpretation
from zhengxie_flow.model.document import one_of
from zhengxie_flow.presentation.documents.scenarios import Bilingual

if TYPE_CHECKING:
    from zhengxie_flow.reading.definitions import Files


@dataclass(frozen=True, slots=True)
class AlternativeReading:
    """An alternative reading of a clause, and the reason where no verdict can be given under it."""

    reading: str
    zh: str | None
    en: str | None
    sets: Mapping[str, Any]
    why_not: Bilingual | None


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One entry of a register: the reading taken, its signer, and the alternatives."""

    number: str
    zh: str | None
    en: str | None
    law: tuple[str, ...]
    status: Annotated[str, one_of("adopted", "default", "not_in_text")]
    signer: str
    signed: bool
    working_assumption: bool
    sets: Mapping[str, Any]
    would_set: tuple[str, ...]
    alternatives: tuple[AlternativeReading, ...]


@dataclass(frozen=True, slots=True)
class RegisterDocument:
    """One register."""

    file: str
    entries: tuple[RegisterEntry, ...]


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers of a project."""

    registers: tuple[RegisterDocument, ...]


@dataclass(frozen=True, slots=True)
class OwnRegister:
    """The register of a process, with the instrument that it reads."""

    entries: Mapping[str, Interpretation]
    law: Instrument | None


def registers(by_file: Mapping[str, OwnRegister]) -> Registers:
    """Build the document of the registers.

    Args:
        by_file: Each register by its file.
    """
    return Registers(tuple(RegisterDocument(file, tuple(_entries(register))) for file, register in by_file.items()))


def own_registers(files: Files, process: str | None = None) -> dict[str, OwnRegister]:
    """Read the registers of a project that have entries, by their files.

    Args:
        files: The process files.
        process: Only that of this process; None for all.

    Raises:
        NotFound: The project has no such process.
        InvalidDefinition: The files have faults.
    """
    by_label: dict[str, OwnRegister] = {}
    for ident in [process] if process is not None else files.ids():
        loaded = files.read(ident)
        label = ident.rpartition("/")[0] if loaded.register is None else loaded.register.label
        by_label.setdefault(label, OwnRegister(loaded.definition.interpretations, loaded.definition.law))
    return {label: register for label, register in by_label.items() if register.entries}


def registers_of(files: Files, process: str | None = None) -> Registers:
    """Build the document of the registers of a project (see `own_registers`)."""
    return registers(own_registers(files, process))


def _entries(register: OwnRegister) -> Iterator[RegisterEntry]:
    for number, entry in register.entries.items():
        yield _entry(number, entry, register.law)


def _entry(number: str, entry: Interpretation, law: Instrument | None) -> RegisterEntry:
    return RegisterEntry(
        number=number,
        zh=entry.zh,
        en=entry.en,
        law=tuple(map(str, entry.law)),
        status=entry.status,
        signer=entry.signer,
        signed=entry.signed,
        working_assumption=entry.working_assumption(law),
        sets=entry.sets,
        would_set=entry.would_set,
        alternatives=tuple(map(_alternative, entry.alternatives, entry.alternatives.values())),
    )


def _alternative(name: str, alternative: Alternative) -> AlternativeReading:
    reason = alternative.why_not
    why_not = None if reason is None else Bilingual(reason.zh, reason.en)
    return AlternativeReading(name, alternative.zh, alternative.en, alternative.sets, why_not)

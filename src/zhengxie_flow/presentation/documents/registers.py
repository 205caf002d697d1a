"""The document of the interpretation registers: the readings of unclear clauses, and who signed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from zhengxie_flow.model.citation import Interpretation
from zhengxie_flow.model.document import one_of
from zhengxie_flow.presentation.documents.scenarios import Bilingual

UNSIGNED = "unsigned"


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
    sets: Mapping[str, Any]
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


def registers(by_file: Mapping[str, Mapping[str, Interpretation]]) -> Registers:
    """Build the document of the registers.

    Args:
        by_file: The entries of each register by number, by the file of the register.
    """
    return Registers(
        tuple(
            RegisterDocument(file, tuple(_entry(number, entry) for number, entry in entries.items()))
            for file, entries in by_file.items()
        )
    )


def signed(entry: Interpretation) -> bool:
    """Return whether a reading is signed: its signer is a name and not ``unsigned``."""
    return entry.signer != UNSIGNED


def _entry(number: str, entry: Interpretation) -> RegisterEntry:
    return RegisterEntry(
        number=number,
        zh=entry.zh,
        en=entry.en,
        law=tuple(map(str, entry.law)),
        status=entry.status,
        signer=entry.signer,
        signed=signed(entry),
        sets=entry.sets,
        alternatives=tuple(
            AlternativeReading(
                reading=name,
                zh=alternative.zh,
                en=alternative.en,
                sets=alternative.sets,
                why_not=None
                if alternative.why_not is None
                else Bilingual(alternative.why_not.zh, alternative.why_not.en),
            )
            for name, alternative in entry.alternatives.items()
        ),
    )

"""The document of a process read back: its clauses, the sentences that say what the encoding says, and who signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from zhengxie_flow.model.citation import Clause, ClauseRef
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.document import Hash, one_of
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.signature import Signatures
from zhengxie_flow.presentation.citations import cited
from zhengxie_flow.presentation.documents.scenarios import Bilingual
from zhengxie_flow.presentation.readback.compose import clauses_of, read_process
from zhengxie_flow.presentation.readback.sentence import ReadSentence


@dataclass(frozen=True, slots=True)
class ReadClause:
    """One clause of the sources of law beside the sentences that rest on it.

    ``sentences`` are those that cite it first, ``also`` those that cite it beside another; none at all means that
    nothing of the process rests on it.
    """

    clause: str
    cited: Bilingual
    zh: str | None
    en: str | None
    force: str | None
    status: Annotated[str, one_of("computable", "partly", "not_computable")]
    sentences: tuple[int, ...]
    also: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SignatureDocument:
    """One signature; ``current`` is whether the content that was signed is what stands."""

    name: str
    date: dt.date
    edition: str | None
    hash: Hash
    current: bool


@dataclass(frozen=True, slots=True)
class SignedText:
    """The signature that was added, and the file it was written to; null on a trial run."""

    name: str
    date: dt.date
    dry_run: bool
    written: str | None


@dataclass(frozen=True, slots=True)
class ProcessReadback:
    """A process read back: every word of it in numbered sentences, in the order of the clauses."""

    process: str
    zh: str | None
    en: str | None
    edition: str | None
    hash: Hash
    clauses: tuple[ReadClause, ...]
    sentences: tuple[ReadSentence, ...]
    signatures: tuple[SignatureDocument, ...]
    signed: SignedText | None


def process_readback(
    definition: Definition,
    signatures: Signatures,
    signed: SignedText | None = None,
    subcases: Mapping[str, Process] | None = None,
) -> ProcessReadback:
    """Read a process back.

    Args:
        definition: The definition.
        signatures: The signatures of its process.
        signed: The signature that was added just now, if any.
        subcases: The processes of its subcases by their names there, for the labels of their states.
    """
    sentences = read_process(definition, subcases)
    process, edition = definition.process, edition_of(definition)
    return ProcessReadback(
        definition.id,
        process.zh,
        process.en,
        edition,
        definition.hash,
        tuple(_clause(definition, ref, sentences) for ref in clauses_of(definition)),
        sentences,
        tuple(
            SignatureDocument(entry.name, entry.date, entry.edition, entry.hash, entry.hash == definition.hash)
            for entry in signatures.signatures
            if entry.edition == edition
        ),
        signed,
    )


def edition_of(definition: Definition) -> str | None:
    """Return the name of the edition of a definition; None for the first."""
    return None if definition.edition is None else definition.edition.edition


def _clause(definition: Definition, ref: ClauseRef, sentences: Sequence[ReadSentence]) -> ReadClause:
    law, name = definition.law, str(ref)
    names = {name} if law is None or ref.instrument is not None else {name, f"{law.law} {name}"}
    source = None if law is None else law.source(ref.instrument)
    clause = Clause() if source is None else source.clauses[ref.clause]
    beside = [sentence for sentence in sentences if sentence.part == "clauses"]
    return ReadClause(
        name,
        Bilingual(cited(name, law, "zh"), cited(name, law, "en")),
        clause.zh,
        clause.en,
        clause.force,
        clause.status,
        tuple(sentence.number for sentence in beside if sentence.clause in names),
        tuple(
            sentence.number
            for sentence in sentences
            if not names.isdisjoint(sentence.law) and (sentence.part != "clauses" or sentence.clause not in names)
        ),
    )

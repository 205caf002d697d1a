"""The texts that a definition rests on: of the clauses that something cites, and of the register entries behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zhengxie_flow.model.base import Labelled
from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.reading.sources import Loaded

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources of a statement: the clauses it cites, and entries of the register."""

    law: tuple[ClauseRef, ...] = ()
    interpretation: tuple[str, ...] = ()

    def __add__(self, other: Sources) -> Sources:
        return Sources((*self.law, *other.law), (*self.interpretation, *other.interpretation))


def sources_of(model: object) -> Sources:
    """The clauses and entries that a model cites under ``law`` and ``interpretation``."""
    named = getattr(model, "interpretation", None) or ()
    return Sources(getattr(model, "law", ()), (named,) if isinstance(named, str) else tuple(named))


def clause_texts(loaded: Loaded, refs: Iterable[ClauseRef], lang: str) -> Iterator[str]:
    """The texts of some clauses, each with everything below it."""
    return _texts(loaded, refs, lang, above=False)


def surrounding_texts(loaded: Loaded, sources: Sources, lang: str) -> Iterator[str]:
    """The texts around some clauses, which may say how they are meant: of those above them, and of register entries."""
    yield from _texts(loaded, sources.law, lang, above=True)
    for number in sources.interpretation:
        entry = loaded.definition.interpretations.get(number)
        for label in () if entry is None else (entry, entry.question, entry.answer):
            yield from _said(label, lang)


def _texts(loaded: Loaded, refs: Iterable[ClauseRef], lang: str, *, above: bool) -> Iterator[str]:
    law = loaded.definition.law
    for ref in refs:
        source = law.source(ref.instrument) if law is not None else None
        for number, clause in source.clauses.items() if source is not None else ():
            within = number == ref.clause or number.startswith(f"{ref.clause}.")
            if ref.clause.startswith(f"{number}.") if above else within:
                yield from _said(clause, lang)


def _said(label: Labelled, lang: str) -> Iterator[str]:
    text = getattr(label, lang)
    if text is not None:
        yield text

"""Names that lead nowhere, each with what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zhengxie_flow.errors import Problem
from zhengxie_flow.i18n.naming import language_names
from zhengxie_flow.reading.checks.memory import remembered
from zhengxie_flow.reading.checks.mentions import Mention, mentions
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.stories import told_names
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.spelling import hint, likest, normal


def unknown(loaded: Loaded, kind: str, code: str, mentioned: Iterable[Mention] | None = None) -> Iterator[Problem]:
    """The names of a kind that lead nowhere, each with the one that was probably meant."""
    for mention in (*mentions(loaded), *told_names(loaded)) if mentioned is None else mentioned:
        if mention.kind == kind and mention.name not in mention.known:
            yield fault(code, mention.place, **suggestion(mention.name, mention.known, names_in(loaded)))


def suggestion(name: str, known: Iterable[str], names: Mapping[str, Iterable[str]] | None = None) -> dict[str, str]:
    """The parameters of "no such name": the name, what was meant (``-`` where nothing is near), and what there is."""
    choices = tuple(dict.fromkeys(known))
    shown = likest(name, choices)
    listed = ", ".join(shown) + (", …" if len(shown) < len(choices) else "")
    return {"name": name, "suggestion": hint(name, choices, names or language_names()), "known": listed or "-"}


def names_in(loaded: Loaded) -> Mapping[str, Iterable[str]]:
    """Ids by what people call them: the labels of the definition, and the words of the language."""
    names = {word: list(ids) for word, ids in language_names().items()}
    for label, ident in _labels(loaded):
        names.setdefault(label, []).append(ident)
    return names


@remembered
def _labels(loaded: Loaded) -> Iterator[tuple[str, str]]:
    """Every label of a definition, as it is compared, with the id of what it labels."""
    yield from _labelled(loaded.definition.bundle)


def _labelled(values: Any) -> Iterator[tuple[str, str]]:
    for ident, entry in values.items() if isinstance(values, dict) else enumerate(values):
        if isinstance(entry, dict) and isinstance(ident, str):
            yield from ((normal(entry[lang]), ident) for lang in ("zh", "en") if isinstance(entry.get(lang), str))
        if isinstance(entry, dict | list):
            yield from _labelled(entry)

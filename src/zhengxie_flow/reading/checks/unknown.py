"""Unknown names, each with a suggestion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zhengxie_flow.i18n.naming import language_names
from zhengxie_flow.reading.checks.cache import cached
from zhengxie_flow.reading.checks.catalogue import Defect
from zhengxie_flow.reading.checks.name_references import NameReference, name_references
from zhengxie_flow.reading.checks.scenario_references import scenario_references
from zhengxie_flow.reading.labels import ids_by_label
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.spelling import closest, hint


def unknown(loaded: Loaded, kind: str, mentioned: Iterable[NameReference] | None = None) -> Iterator[Defect]:
    """Yield the unknown names of a kind, each with a suggestion."""
    for reference in (*name_references(loaded), *scenario_references(loaded)) if mentioned is None else mentioned:
        if reference.kind == kind and reference.name not in reference.choices:
            yield Defect(reference.place, kind, **suggestion(reference.name, reference.choices, names_in(loaded)))


def suggestion(name: str, choices: Iterable[str], names: Mapping[str, Iterable[str]] | None = None) -> dict[str, Any]:
    """Return the parameters of an unknown name: the name, a suggestion (``-`` where none is near), and the choices."""
    distinct = tuple(dict.fromkeys(choices))
    shown = closest(name, distinct)
    listed = (*shown, "…") if len(shown) < len(distinct) else tuple(shown)
    return {"name": name, "suggestion": hint(name, distinct, names or language_names()), "known": listed}


def names_in(loaded: Loaded) -> Mapping[str, Iterable[str]]:
    """Return ids by label and by word of the language, as people may write them."""
    names = {word: list(ids) for word, ids in language_names().items()}
    for label, ids in _labels(loaded):
        names.setdefault(label, []).extend(ids)
    return names


@cached
def _labels(loaded: Loaded) -> Iterable[tuple[str, list[str]]]:
    return ids_by_label(loaded.definition.bundle).items()

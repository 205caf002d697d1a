"""Labels of the ids of a loaded definition, for the findings about it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from zhengxie_flow.reading.id_labels import IdLabel, IdLabels, labels_in_file
from zhengxie_flow.reading.sources import Loaded

_LABELS: WeakKeyDictionary[Loaded, IdLabels] = WeakKeyDictionary()


def labelled_ids(
    loaded: Loaded, params: Mapping[str, Any], kind: str | None = None, around: Collection[object] = ()
) -> dict[str, Any]:
    """Return the parameters of a finding with the labels of the ids in them.

    Args:
        loaded: the definition that the finding is about.
        params: the parameters of its message.
        kind: the kind of what its ``name``, ``suggestion`` and ``known`` are; None: the one that the
            parameters say, or any.
        around: the keys on the way to its place.

    Returns:
        The parameters, see `IdLabels.params`.
    """
    labels = _LABELS.get(loaded)
    if labels is None:
        parts = (entry for edition in (loaded, *loaded.editions) for entry in _parts(edition))
        labels = _LABELS[loaded] = IdLabels.of(parts)
    return labels.params(params, kind, around)


def _parts(loaded: Loaded) -> Iterator[IdLabel]:
    """Yield the labels of everything in a definition, and of the acts that its subcases bring."""
    bundle, process = loaded.definition.bundle, loaded.definition.process
    yield IdLabel("process", "", loaded.definition.id, process.zh, process.en)
    for values in (bundle["process"], bundle["law"], bundle["register"], *bundle["decisions"]):
        yield from labels_in_file(values)
    yield from labels_in_file({"parameters": bundle["parameters"]})
    for name, act in process.acts.items():
        yield IdLabel("action", "", name, act.zh, act.en)

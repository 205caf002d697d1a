"""Labels of the ids in an error, from the definition that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhengxie_flow.i18n.catalogue import UNKNOWN
from zhengxie_flow.spelling import closest

if TYPE_CHECKING:
    from zhengxie_flow.errors import ZhengxieError
    from zhengxie_flow.presentation.labels import Labels

_FAMILIES: Final = {
    "action": "action", "subject": "action", "state": "state", "role": "role", "obligation": "obligation",
    "subcase": "subcase", "type": "type",
}  # fmt: skip
"""Parameters that are ids of a definition, with the family of the id."""

_OF_KIND: Final = {
    "action": "action", "role": "role", "state": "state", "fact": "fact", "field": "field", "item_type": "type",
    "obligation": "obligation", "subcase": "subcase",
}  # fmt: skip
"""Kinds of unknown names that a definition has labels for, with the family of the ids."""

_OF_CODE: Final = {
    "ZX4014": "role", "ZX4020": "field", "ZX4021": "field", "ZX4032": "obligation", "ZX4038": "field",
    "ZX4073": "subcase", "ZX4074": "subcase", "ZX4075": "subcase",
}  # fmt: skip
"""Family of the ids under ``name``, ``suggestion`` and ``known`` of any other error."""

_UNKNOWN_FIELD: Final = "ZX4021"


def labelled_params(error: ZhengxieError, labels: Labels | None) -> dict[str, Any]:
    """Return the parameters of an error with the labels of the ids in them; of many choices the most similar ones."""
    params, of_kind = dict(error.params), error.code == UNKNOWN
    family = _OF_KIND.get(error.params.get("kind", "")) if of_kind else _OF_CODE.get(error.code)
    if family is not None and (of_kind or error.code == _UNKNOWN_FIELD):
        params["known"] = _most_similar(str(params["name"]), params["known"])
    if labels is None:
        return params
    families = dict(_FAMILIES)
    if family is not None:
        families |= dict.fromkeys(("name", "suggestion", "known"), family)
    if error.code == "ZX4020":  # about the type of a value
        del families["type"]
    for name in families.keys() & params.keys():
        params[name] = _labelled(params[name], families[name], labels)
    return params


def _most_similar(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the choices spelt most like a name; those in a file are chosen where it is read."""
    shown = closest(name, known)
    return known if "…" in known else (*shown, *(["…"] if len(shown) < len(known) else ()))


def _labelled(value: Any, family: str, labels: Labels) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_labelled(entry, family, labels) for entry in value)
    return labels.labelled(family, value) if isinstance(value, str) else value

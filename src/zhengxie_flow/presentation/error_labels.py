"""Labels of the ids in an error, from the definition that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhengxie_flow.spelling import closest

if TYPE_CHECKING:
    from zhengxie_flow.errors import ZhengxieError
    from zhengxie_flow.presentation.labels import Labels

_FAMILIES: Final = {
    "action": "action", "subject": "action", "state": "state", "role": "role", "obligation": "obligation",
    "subcase": "subcase", "type": "type",
}  # fmt: skip
"""Parameters that are ids of a definition, with the family of the id."""

_CHOICES: Final = {
    "ZX4010": "action", "ZX4011": "role", "ZX4014": "role", "ZX4020": "field", "ZX4021": "field", "ZX4026": "state",
    "ZX4027": "fact", "ZX4028": "type", "ZX4032": "obligation", "ZX4038": "field", "ZX4073": "subcase",
    "ZX4074": "subcase", "ZX4075": "subcase",
}  # fmt: skip
"""Family of the ids under ``name``, ``suggestion`` and ``known`` of an error."""

_UNKNOWN: Final = {"ZX4010": "action", "ZX4011": "role", "ZX4021": "name", "ZX4026": "state", "ZX4027": "name",
                   "ZX4028": "type"}  # fmt: skip
"""Errors that list the choices: the parameter that is none of them."""


def labelled_params(error: ZhengxieError, labels: Labels | None) -> dict[str, Any]:
    """Return the parameters of an error with the labels of the ids in them; of many choices the most similar ones."""
    params = dict(error.params)
    if error.code in _UNKNOWN:
        shown = closest(str(params[_UNKNOWN[error.code]]), params["known"])
        params["known"] = (*shown, *(["…"] if len(shown) < len(params["known"]) else ()))
    if labels is None:
        return params
    families = dict(_FAMILIES)
    if error.code in _CHOICES:
        families |= dict.fromkeys(("name", "suggestion", "known"), _CHOICES[error.code])
    if error.code == "ZX4020":  # about the type of a value
        del families["type"]
    for name in families.keys() & params.keys():
        params[name] = _labelled(params[name], families[name], labels)
    return params


def _labelled(value: Any, family: str, labels: Labels) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_labelled(entry, family, labels) for entry in value)
    return labels.labelled(family, value) if isinstance(value, str) else value

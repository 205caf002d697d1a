"""Validation of values that were validated before: what a change leaves as it is, is not read again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, get_args, get_origin

from pydantic import ValidationError

from zhengxie_flow.model.base import Model

M = TypeVar("M", bound=Model)
T = TypeVar("T")


class Validator(Protocol):
    """Makes models of plain values."""

    def __call__(self, model: type[M], value: Any) -> M:
        """Return the model of a value.

        Raises:
            ValidationError: The value does not fit.
        """


def validate(model: type[M], value: Any) -> M:
    """Return the model of a value, read anew."""
    return model.model_validate(value)


class ByIdentity(Generic[T]):
    """Results by object, for as long as this lives; the objects are held, so that none takes the place of another."""

    def __init__(self, work_out: Callable[[Any], T]) -> None:
        self._work_out = work_out
        self._results: dict[int, tuple[Any, T]] = {}

    def __call__(self, value: Any) -> T:
        """Return the result for an object."""
        entry = self._results.get(id(value))
        if entry is None:
            entry = self._results[id(value)] = (value, self._work_out(value))
        return entry[1]


class ValidatedParts:
    """A validator that keeps the models of values, and the entries of each section of a model.

    A changed definition shares most of its values with the one it was changed from.  Those are the same objects; so
    each entry of a section is validated once, and a process is put together from what is there.  What does not fit is
    validated as a whole, so that its errors are those of any other reading.
    """

    def __init__(self) -> None:
        self._kept: dict[type[Model], ByIdentity[Any]] = {}
        self._sections: dict[type[Model], dict[str, type[Model]]] = {}

    def __call__(self, model: type[M], value: Any) -> M:
        """Return the model of a value (see `Validator`)."""
        kept = self._kept.get(model)
        if kept is None:
            kept = self._kept[model] = ByIdentity(lambda whole: self._validated(model, whole))
        made: M = kept(value)
        return made

    def _validated(self, model: type[M], value: Any) -> M:
        sections = self._sections_of(model)
        if isinstance(value, dict) and any(name in value for name in sections):
            try:
                return model.model_validate({
                    name: self._entries(sections[name], inner) if name in sections else inner
                    for name, inner in value.items()
                })  # fmt: skip
            except ValidationError:
                pass
        return model.model_validate(value)

    def _entries(self, model: type[Model], section: Any) -> Any:
        if not isinstance(section, dict):
            return section
        return {name: self(model, entry) if isinstance(entry, dict) else entry for name, entry in section.items()}

    def _sections_of(self, model: type[Model]) -> dict[str, type[Model]]:
        """The fields of a model that hold other models by their names."""
        if model not in self._sections:
            self._sections[model] = {
                field.alias or name: entry
                for name, field in model.model_fields.items()
                if (entry := _entry_model(field.annotation)) is not None
            }
        return self._sections[model]


def _entry_model(annotation: Any) -> type[Model] | None:
    if get_origin(annotation) is not dict:
        return None
    _, entry = get_args(annotation)
    return entry if isinstance(entry, type) and issubclass(entry, Model) else None

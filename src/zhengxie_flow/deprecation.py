"""Deprecated aliases: names of an earlier release that stay importable for one more, with a warning."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["deprecated_names", "deprecated_property"]


def deprecated_names(module: str, aliases: Mapping[str, str]) -> Callable[[str], Any]:
    """Build the ``__getattr__`` of a module some of whose names were renamed or moved.

    Assign it under ``if not TYPE_CHECKING``: a type checker that sees a ``__getattr__`` takes every name for granted,
    and would neither report a misspelt import nor the use of an old name.

    Args:
        module: the module, its ``__name__``.
        aliases: the new name of each old name; ``package.module:name`` where it has moved to another module.

    Returns:
        A function that looks an old name up under its new one, warns with `DeprecationWarning` each time, and raises
        AttributeError for a name that is no alias.

    Examples:
        >>> import warnings
        >>> lookup = deprecated_names("datetime", {"day": "date"})
        >>> with warnings.catch_warnings(record=True) as caught:
        ...     warnings.simplefilter("always")
        ...     lookup("day")
        <class 'datetime.date'>
        >>> str(caught[0].message)
        'datetime.day is deprecated and will be removed in the next release: use datetime.date'
    """

    def lookup(name: str) -> Any:
        if name not in aliases:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        home, _, new_name = aliases[name].rpartition(":")
        home = home or module
        warnings.warn(
            f"{module}.{name} is deprecated and will be removed in the next release: use {home}.{new_name}",
            DeprecationWarning,
            stacklevel=2,
        )
        return getattr(import_module(home), new_name)

    return lookup


def deprecated_property(old: str, new: str) -> property:
    """Build a property that was renamed: the old name answers with the new one, and warns.

    Args:
        old: The old name, with its class: ``Snapshot.edition``.
        new: The name of the property that answers.

    Returns:
        The property, which warns with `DeprecationWarning` each time it is read.
    """

    def answer(instance: Any) -> Any:
        warnings.warn(
            f"{old} is deprecated and will be removed in the next release: use {new}", DeprecationWarning, stacklevel=2
        )
        return getattr(instance, new)

    return property(answer, doc=f"Deprecated: `{new}`.")

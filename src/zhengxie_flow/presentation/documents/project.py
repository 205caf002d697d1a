"""The documents of the program and of a project folder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    """The version of the program."""

    version: str


@dataclass(frozen=True, slots=True)
class NewProject:
    """A new project folder, and its content."""

    folder: str
    created: tuple[str, ...]

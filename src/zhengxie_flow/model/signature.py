"""Signatures of a process that was read back: who signed which content, kept beside the process and no part of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from zhengxie_flow.model.base import Day, Model, Number

ContentHash = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
"""The hash of the content of a resolved definition."""


class Signature(Model):
    """One signature: the name, the day, and the content that was signed; ``edition`` None is the first edition."""

    name: Number
    date: Day
    edition: Number | None = None
    hash: ContentHash


class Signatures(Model):
    """The signatures of one process, oldest first."""

    language: Literal[1]
    process: Annotated[str, Field(min_length=1, max_length=200)]
    signatures: tuple[Signature, ...] = ()

    def standing(self) -> dict[tuple[str, str | None], tuple[int, Signature]]:
        """The latest signature of each person on each edition, with its place in the list."""
        latest: dict[tuple[str, str | None], tuple[int, Signature]] = {}
        for place, signature in enumerate(self.signatures):
            latest[signature.name, signature.edition] = (place, signature)
        return latest

"""The context of a subscriber: the write that is about to be committed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from zhengxie_flow.bootstrap.case_reading import CaseReading


class WriteContext:
    """Context of a subscriber: the write that is about to be committed.

    Attributes:
        connection: The connection of the write; what is done on it is kept or undone with the write.
    """

    def __init__(self, connection: Connection, reader: Callable[[Connection], CaseReading]) -> None:
        self.connection = connection
        self._reader = reader

    @property
    def engine(self) -> CaseReading:
        """The reading methods of an engine, on the connection: they see what the write has made of its cases."""
        return self._reader(self.connection)

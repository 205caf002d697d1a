"""Reading of many rows as they lie there: one that cannot be read is reported, and the others are read all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Table

from zhengxie_flow.errors import StorageError, Where
from zhengxie_flow.ports import Damaged
from zhengxie_flow.storage.raw import SHOWN, AnyRow, tests
from zhengxie_flow.storage.texts import as_text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reading of rows of a table as they lie there, each checked and converted.

    Attributes:
        table: The table.
        dialect: The name of the database.
        damaged: Called with each row that cannot be read; None to end there.
    """

    table: Table
    dialect: str
    damaged: Damaged | None = None

    def read(self, stored: Iterable[AnyRow], convert: Callable[[AnyRow], T]) -> Iterator[T]:
        """Convert rows one by one.

        Args:
            stored: The rows, which begin with all columns of the table in their order.
            convert: The conversion of one row.

        Yields:
            The values.

        Raises:
            StorageError: ZX5019, a row was made unreadable.
        """
        checks = tests(self.table, self.dialect)
        for row in stored:
            wrong: str | None = None
            for value, (name, fits, nullable) in zip(row, checks, strict=False):  # it begins with all columns
                if not (nullable if value is None else fits(value)):
                    wrong = f"{name}={as_text(value)[:SHOWN]}"
                    break
            if wrong is None:
                try:
                    value = convert(row)
                except (ValueError, TypeError) as error:
                    wrong = str(error)
                else:
                    yield value
                    continue
            self.report(row, "ZX5019", table=self.table.name, detail=wrong)

    def report(self, row: AnyRow, code: str, **params: str) -> None:
        """Report a row: raise the error, or hand it over.

        Args:
            row: The row.
            code: The code of the error.
            params: Its parameters.

        Raises:
            StorageError: Nobody takes it.
        """
        error = StorageError(code, where=Where(case=as_text(row.case_id)), **params)
        if self.damaged is None:
            raise error
        self.damaged(error)

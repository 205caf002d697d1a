"""Damage met on the way of a list: named on stderr and in the document, while the rest is listed."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhengxie_flow.cli import language
from zhengxie_flow.cli.failures import DONE, exit_code, text
from zhengxie_flow.cli.output.stream import write

if TYPE_CHECKING:
    from zhengxie_flow.errors import ZhengxieError
    from zhengxie_flow.presentation.documents.problems import ErrorDocument


@dataclass(slots=True)
class Damage:
    """Collector of the errors of what could not be read.

    Attributes:
        errors: The errors, each once.
    """

    errors: list[ZhengxieError] = field(default_factory=list)

    def __call__(self, error: ZhengxieError) -> None:
        """Take an error."""
        if str(error) not in map(str, self.errors):
            self.errors.append(error)

    def documents(self) -> tuple[ErrorDocument, ...] | None:
        """Return the errors as documents; None where there are none."""
        from zhengxie_flow.presentation.documents.problems import error_document

        return tuple(error_document(error, language.json_language()) for error in self.errors) or None

    def report(self) -> int:
        """Write the errors to stderr.

        Returns:
            The exit code: that of the first error.
        """
        for error in self.errors:
            write(text(error, language.text_language()), sys.stderr)
        return exit_code(self.errors[0]) if self.errors else DONE

"""The documents of errors and of findings about files, with their messages in one language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from zhengxie_flow.errors import InvalidInput, Problem, Reason, Refused, ZhengxieError
from zhengxie_flow.i18n import problem, render
from zhengxie_flow.model.document import OPTIONAL, DocumentForm, one_of
from zhengxie_flow.presentation.error_labels import labelled_params

if TYPE_CHECKING:
    from zhengxie_flow.presentation.labels import Labels

Code = Annotated[str, DocumentForm(pattern=r"^ZX\d{4}$")]


@dataclass(frozen=True, slots=True)
class ProblemDocument:
    """One finding about a file, with its place and how to mend it."""

    code: Code
    severity: Annotated[str, one_of("error", "warning", "advice")]
    file: str | None
    line: int | None
    column: int | None
    message: str
    fix: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorDocument:
    """An error that stopped a command: its place, the reasons of a refusal, and how to mend it.

    ``problems`` where there are several.
    """

    code: Code
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    case: str | None = None
    event: int | None = None
    reasons: tuple[Reason, ...] = ()
    fix: str | None = None
    clause: str | None = None
    problems: tuple[ProblemDocument, ...] | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class ExpandedText:
    """One edition of a process with its short forms expanded, as YAML."""

    process: str
    edition: str | None
    yaml: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings of a check in all files; ``expanded`` where the processes were asked for in full."""

    findings: tuple[ProblemDocument, ...]
    expanded: tuple[ExpandedText, ...] | None = field(default=None, metadata=OPTIONAL)


def error_document(error: ZhengxieError, lang: str, labels: Labels | None = None) -> ErrorDocument:
    """Build the document of an error.

    Args:
        error: The error that was raised.
        lang: The language of its message, ``zh`` or ``en``.
        labels: The labels of the definition concerned, which the message names ids by.

    Returns:
        The code with message, place, reasons and how to mend it; several problems of input are listed.
    """
    text, where = render(error.code, labelled_params(error, labels), lang), error.where
    problems = error.problems if isinstance(error, InvalidInput) and len(error.problems) > 1 else None
    return ErrorDocument(
        code=error.code,
        message=text.message,
        file=where.file,
        line=where.line,
        column=where.column,
        case=where.case,
        event=where.event,
        reasons=error.reasons if isinstance(error, Refused) else (),
        fix=text.fix or None,
        clause=error.clause,
        problems=None if problems is None else tuple(problem_document(finding, lang) for finding in problems),
    )


def problem_document(finding: Problem, lang: str) -> ProblemDocument:
    """Build the document of a finding about a file, with its message in a language."""
    text, where = problem(finding, lang), finding.where
    return ProblemDocument(
        finding.code, finding.severity, where.file, where.line, where.column, text.message, text.fix or None
    )  # fmt: skip

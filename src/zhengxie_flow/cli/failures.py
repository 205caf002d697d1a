"""Errors as output: the exit code, the JSON document, and the text with message, place, reasons and remedy."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from zhengxie_flow.cli import language
from zhengxie_flow.cli.output.stream import write, write_json
from zhengxie_flow.errors import (
    ChainBroken,
    Conflict,
    InternalError,
    InvalidInput,
    NotFound,
    Problem,
    Reason,
    Refused,
    StorageError,
    UsageError,
    ZhengxieError,
)
from zhengxie_flow.i18n import label, labelled, problem, render
from zhengxie_flow.spelling import hint

if TYPE_CHECKING:
    from zhengxie_flow.presentation.labels import Labels

DONE, NO, USAGE, INPUT, NOT_FOUND, CONFLICT, STORAGE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 70, 130

_CODES: Final[Sequence[tuple[type[ZhengxieError], int]]] = (
    (Refused, NO),
    (ChainBroken, NO),
    (StorageError, STORAGE),
    (Conflict, CONFLICT),
    (NotFound, NOT_FOUND),
    (InvalidInput, INPUT),
    (UsageError, USAGE),
)


def exit_code(error: ZhengxieError) -> int:
    """Return the exit code of an error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), INTERNAL)


def as_zhengxie_error(error: BaseException) -> ZhengxieError:
    """Convert any exception to a `ZhengxieError`: the parser's to usage errors, unforeseen ones to internal errors."""
    if isinstance(error, ZhengxieError):
        return error
    if hasattr(error, "format_message"):
        return _usage(error)
    if isinstance(error, OSError) and error.filename is not None:
        return InvalidInput("ZX6013", file=str(error.filename), reason=error.strerror or str(error))
    return InternalError("ZX9000", kind=type(error).__name__, detail=str(error)[:500])


def _usage(error: Any) -> UsageError:
    """Convert an exception of the command-line parser to a usage error, by its kind."""
    param = getattr(error, "param", None)
    name = "" if param is None else _called(param)
    match type(error).__name__:
        case "NoSuchOption":
            near = getattr(error, "possibilities", None) or ()
            return UsageError("ZX6003", option=error.option_name, suggestion=hint(error.option_name, near))
        case "MissingParameter":
            return UsageError("ZX6004", name=name)
        case "BadParameter":
            return UsageError("ZX6005", name=name, detail=_own_words(error.message.removeprefix("Value error, ")))
        case "NoArgsIsHelpError":
            return UsageError("ZX6006")
    return UsageError("ZX6001", detail=error.format_message())


def _own_words(message: str) -> str | None:
    """What a message of the parser adds: of a choice what was written and the choices, in no language.

    That of the library which reads numbers says nothing to who typed one.
    """
    value, between, choices = message.rstrip(". ").partition(" is not one of ")
    if between:
        return f"{value.strip(chr(39))} ({' | '.join(choice.strip(chr(39)) for choice in choices.split(', '))})"
    return None if message.startswith("Input should") else message.rstrip(". ")


def _called(param: Any) -> str:
    if param.param_type_name == "option":
        return str(max(param.opts, key=len))
    return str(param.name).upper()


def report(error: BaseException, labels: Labels | None = None) -> int:
    """Report an error in the format that was asked for.

    Args:
        error: The exception that ended the command.
        labels: The labels of the definition concerned, which name its ids.

    Returns:
        The exit code.
    """
    ours = as_zhengxie_error(error)
    if os.environ.get("ZHENGXIE_DEBUG") == "1" and isinstance(ours, InternalError):
        traceback.print_exception(error, file=sys.stderr)
    if language.wants_json() and ours.code != "ZX6016":  # where the answer could not go, the error cannot either
        write_error(ours, labels)
    else:
        write(text(ours, language.text_language(), labels), sys.stderr)
    return exit_code(ours)


def write_error(error: ZhengxieError, labels: Labels | None = None) -> None:
    """Write an error as the one JSON document."""
    from zhengxie_flow.presentation.documents.problems import error_document
    from zhengxie_flow.presentation.serialise import serialise

    write_json({"error": serialise(error_document(error, language.json_language(), labels))})


def report_fallback() -> int:
    """Report an internal error without the catalogue of texts, which may be what failed; return the exit code."""
    if language.wants_json():
        absent = dict.fromkeys(("file", "line", "column", "case", "event", "fix", "clause"))
        write_json(
            {"error": {"code": InternalError.default_code, "message": "internal error", "reasons": [], **absent}}
        )
    else:
        write(f"error {InternalError.default_code}\n", sys.stderr)
    return INTERNAL


def text(error: ZhengxieError, lang: str, labels: Labels | None = None) -> str:
    """Return the text of an error: every problem with its place, or the message, its reasons and its remedy."""
    from zhengxie_flow.presentation.error_labels import labelled_params

    if isinstance(error, InvalidInput) and any(finding.where.file for finding in error.problems):
        return "".join(problem_text(finding, lang) for finding in error.problems)
    rendered = render(error.code, labelled_params(error, labels), lang)
    place = f"{error.where}: " if str(error.where) else ""
    lines = [f"{place}{label('cli.error', lang)} {error.code} {rendered.message}"]
    if error.clause:
        lines.append(f"  {labelled('cli.clause', error.clause, lang)}")
    if isinstance(error, Refused):
        lines += [_reason(reason, lang, labels) for reason in error.reasons]
    if rendered.fix:
        lines.append(f"  {labelled('cli.fix', rendered.fix, lang)}")
    return "\n".join(lines) + "\n"


def problem_text(finding: Problem, lang: str) -> str:
    """Return a finding as ``file:line:col: severity CODE message``, with its remedy below."""
    rendered = problem(finding, lang)
    place = f"{finding.where}: " if str(finding.where) else ""
    severity = label(f"cli.severity.{finding.severity}", lang)
    fix = f"  {labelled('cli.fix', rendered.fix, lang)}\n" if rendered.fix else ""
    return f"{place}{severity} {finding.code} {rendered.message}\n{fix}"


def _reason(reason: Reason, lang: str, labels: Labels | None) -> str:
    from zhengxie_flow.presentation.reasons import reason_text

    clause = f" [{label('cli.clause', lang)} {reason.clause}]" if reason.clause else ""
    return f"  - {reason_text(reason, lang, labels)}{clause}"

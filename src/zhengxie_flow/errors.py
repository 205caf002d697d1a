"""Errors of the package: every error a user or an embedding program can meet.

    ZhengxieError
    ├── InvalidInput            something read cannot be understood
    │   └── InvalidDefinition   YAML of a definition, decision, law, register or scenario (all problems at once)
    ├── UsageError              a command that makes no sense as asked
    ├── CalendarError           legal time: reversed range, date outside the data, naive instant
    ├── NotFound                no such case, process, event, file
    ├── Refused                 an authorisation that the law does not allow now (reasons attached)
    ├── SubscriberFailed        a subscriber of the embedding program raised, so nothing was written
    ├── Conflict                somebody else was faster: version, key, lock
    ├── StorageError            database missing, read-only, locked away, or at another schema
    │   └── ChainBroken         the journal was changed behind the engine's back
    └── InternalError           a fault of ours, never of the user

An error carries a stable ``code``, parameters and where it happened; it carries no prose.  Chinese and English text is
made at the rim (``zhengxie_flow.i18n``) from the code and the parameters, so a message can be complete in both.

Example:
    >>> from zhengxie_flow import load_process
    >>> try:
    ...     load_process("jilin/consultatoin")
    ... except NotFound as error:
    ...     print(error.code, error.params["suggestion"])
    ZX4003 jilin/consultation
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from zhengxie_flow.needs import AnyNeed, needs_of

__all__ = [
    "CalendarError",
    "ChainBroken",
    "Conflict",
    "InternalError",
    "InvalidDefinition",
    "InvalidInput",
    "NotFound",
    "Problem",
    "Reason",
    "Refused",
    "StorageError",
    "SubscriberFailed",
    "UsageError",
    "Where",
    "ZhengxieError",
]


@dataclass(frozen=True, slots=True)
class Where:
    """Location of a problem: a position in a file, or a case and an event of it.

    Args:
        file: the file, as messages name it.
        line: the line, from 1.
        column: the column, from 1.
        case: the id of a case.
        event: the sequence number of an event in that case.

    Example:
        >>> str(Where("processes/fee.yaml", 12, 5))
        'processes/fee.yaml:12:5'
        >>> str(Where(case="matter-1", event=3))
        'matter-1#3'
    """

    file: str | None = None
    line: int | None = None
    column: int | None = None
    case: str | None = None
    event: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        matter = self.case if self.event is None else f"{self.case}#{self.event}"
        return " ".join(part for part in (place, matter) if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """Problem in an input.

    Args:
        code: the stable code; `zhengxie_flow.i18n` has its text in both languages.
        where: its location, as far as known.
        params: the parameters of the message.
        severity: ``error``, or ``warning`` or ``advice`` where the input can be used all the same.

    Example:
        >>> str(Problem("ZX1110", Where("fee.yaml", 2), {"id": "Fee"}))
        "fee.yaml:2 ZX1110 id='Fee'"
    """

    code: str
    where: Where = Where()
    params: dict[str, Any] = field(default_factory=dict)
    severity: str = "error"  # error | warning | advice

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return " ".join(part for part in (str(self.where), self.code, details) if part)


Retry = Literal["never", "at_once", "in_time"]
"""What repeating a write may do after a conflict (see `Conflict`)."""

Unmet = Literal["false", "unknown"]
"""Truth value of a requirement that is not met."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Ground of a refusal: one requirement that is not met.

    Args:
        id: the id of the requirement, or the name of a built-in condition such as ``role`` or ``state``.
        value: ``false``, or ``unknown`` where a fact is missing.
        needs: what would settle it, each of a kind; texts are brought to their kinds.
        clause: the clause of the law it rests on, where it has one.
        detail: what an act that would be void or forbidden would be, such as ``capped`` or ``too_early``.
        left: the amount that is left to a capped extension.
        unit: the unit of that amount.
        day: the first day on which the act may be done.
    """

    id: str
    value: Unmet
    needs: tuple[AnyNeed, ...] = ()
    clause: str | None = None
    detail: str | None = None
    left: int | None = None
    unit: str | None = None
    day: date | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            id: str,  # noqa: A002  # the key of the document
            value: Unmet,
            needs: tuple[str, ...] = (),
            clause: str | None = None,
            detail: str | None = None,
            left: int | None = None,
            unit: str | None = None,
            day: date | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Bring the needs to their kinds."""
        object.__setattr__(self, "needs", needs_of(self.id, self.value, self.needs))


class ZhengxieError(Exception):
    """Base of all errors: ``except ZhengxieError`` catches everything this package raises on purpose.

    Args:
        code: the stable code; None: the ``default_code`` of the class.
        where: the location of the cause.
        clause: the clause of the law behind it.
        params: the parameters of the message.

    Attributes:
        code: as given, never empty.
        where: as given; an empty `Where` where nothing is known.
        clause: as given.
        params: as given, by name.

    Example:
        >>> error = UsageError("ZX4016", name="as_of", given="soon", wanted="date")
        >>> error.code, error.params["wanted"]
        ('ZX4016', 'date')
        >>> isinstance(error, ZhengxieError)
        True
    """

    default_code: ClassVar[str] = "ZX9000"

    def __init__(
        self, code: str | None = None, /, *, where: Where | None = None, clause: str | None = None, **params: Any
    ) -> None:
        self.code = code or self.default_code
        self.where = where or Where()
        self.clause = clause
        self.params = params
        super().__init__(str(Problem(self.code, self.where, params)))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.code, self.__dict__)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """For pydantic: an instance as it is, written with its code, clause and parameters, and what it says."""
        from pydantic_core import core_schema

        shown = core_schema.plain_serializer_function_ser_schema(
            lambda error: {"code": error.code, "clause": error.clause, "params": error.params, "message": str(error)},
            return_schema=core_schema.dict_schema(core_schema.str_schema()),
        )
        return core_schema.is_instance_schema(source, serialization=shown)


def _rebuild(kind: type[ZhengxieError], code: str, state: dict[str, Any]) -> ZhengxieError:
    """Unpickle an error: exceptions with keyword-only arguments need help to cross a process border."""
    error = kind.__new__(kind)
    error.__dict__.update(state)
    Exception.__init__(error, str(Problem(code, state["where"], state["params"])))
    return error


class InvalidInput(ZhengxieError):
    """Input that cannot be understood.

    Args:
        code: the stable code; None: that of the first problem.
        where: its location; with ``problems`` and no code, that of the first one.
        clause: the clause of the law behind it.
        problems: every problem of the input, not just the first.
        params: the parameters of the message.

    Attributes:
        problems: as given; without any, the one problem that the error itself is.

    Example:
        >>> error = InvalidInput(problems=(Problem("ZX1110", params={"id": "Fee"}), Problem("ZX2003")))
        >>> error.code, [problem.code for problem in error.problems]
        ('ZX1110', ['ZX1110', 'ZX2003'])
    """

    default_code = "ZX1000"

    def __init__(
        self,
        code: str | None = None,
        /,
        *,
        where: Where | None = None,
        clause: str | None = None,
        problems: tuple[Problem, ...] = (),
        **params: Any,
    ) -> None:
        if problems and code is None:
            first = problems[0]
            code, where, params = first.code, first.where, first.params
        super().__init__(code, where=where, clause=clause, **params)
        self.problems = problems or (Problem(self.code, self.where, self.params),)


class InvalidDefinition(InvalidInput):
    """Definition, decision, law, register or scenario in YAML that cannot be used.

    Raised by `load_process` and by everything else that reads definitions, with the problems of all files at once.
    """


class UsageError(ZhengxieError):
    """Command or call that makes no sense as asked: an unknown action, role or field, an argument of another type."""

    default_code = "ZX6000"


class CalendarError(UsageError):
    """Question to a calendar that has no answer: a reversed range, a date outside the data, a naive instant.

    Example:
        >>> from datetime import date
        >>> from zhengxie_flow import load_calendar
        >>> try:
        ...     load_calendar("cn").count(date(2026, 3, 2), date(2026, 3, 1))
        ... except CalendarError as error:
        ...     print(error.code)
        ZX2007
    """

    default_code = "ZX2000"


class NotFound(ZhengxieError):
    """Unknown id or missing file: no such case, process, event, calendar or file.

    Where the name was near another one, ``params["suggestion"]`` is that one (``-`` where none was).
    """

    default_code = "ZX4004"


class Refused(ZhengxieError):
    """Refusal of an act that the definition does not allow now.

    Args:
        code: the stable code.
        where: the case it was asked for in.
        clause: the clause of the law that stands against it.
        reasons: every requirement that is not met.
        params: the parameters of the message.

    Attributes:
        reasons: as given.

    Example:
        >>> error = Refused(action="close", state="open", reasons=(Reason("r1", "unknown", ("amount",)),))
        >>> [(reason.id, reason.value, reason.needs) for reason in error.reasons]
        [('r1', 'unknown', ('amount',))]
    """

    default_code = "ZX4001"

    def __init__(
        self,
        code: str | None = None,
        /,
        *,
        where: Where | None = None,
        clause: str | None = None,
        reasons: tuple[Reason, ...] = (),
        **params: Any,
    ) -> None:
        super().__init__(code, where=where, clause=clause, **params)
        self.reasons = reasons


class Conflict(ZhengxieError):
    """Concurrent change: another version than expected, a key used for another act, or a lock that is held.

    Nothing was written; read the case again and decide anew.

    Args:
        code: the stable code.
        where: the case or event it is about.
        clause: the clause of the law behind it.
        retry: whether repeating the whole write may help, which the engine does by itself within bounds: ``never``;
            ``at_once``, where the write lost a race or was chosen to end a deadlock; ``in_time``, where a lock was
            held, as long as the patience for locks is not used up.
        params: the parameters of the message.

    Attributes:
        retry: as given.

    Example:
        >>> Conflict("ZX4031", expected=1, version=2).retry
        'never'
    """

    default_code = "ZX4009"

    def __init__(
        self,
        code: str | None = None,
        /,
        *,
        where: Where | None = None,
        clause: str | None = None,
        retry: Retry = "never",
        **params: Any,
    ) -> None:
        super().__init__(code, where=where, clause=clause, **params)
        self.retry: Retry = retry


class SubscriberFailed(ZhengxieError):
    """Write in which a subscriber of the embedding program failed: it raised, or ended the transaction.

    ``params["subscriber"]`` names it, ``__cause__`` is what it raised, and ``params["outcome"]`` says what became of
    the write: ``nothing`` of it is stored; it is ``undone`` with the transaction around it; it is ``stored``, as the
    subscriber committed it past SQLAlchemy; ``unknown``, as the connection is lost.
    """

    default_code = "ZX4095"


class StorageError(ZhengxieError):
    """Database that is missing, read-only, unusable or at another schema."""

    default_code = "ZX5000"


class ChainBroken(StorageError):
    """Tampered journal: it was changed behind the engine's back.

    ``where`` is the first break, ``params`` has its kind.
    """

    default_code = "ZX5900"


class InternalError(ZhengxieError):
    """Fault of the engine itself; please report it with the code and the parameters."""

    default_code = "ZX9000"

"""Every error a user or an embedding program can meet.

    ZhengxieError
    ├── InvalidInput            something read cannot be understood
    │   └── InvalidDefinition   YAML of a definition, decision, law, register or scenario (all problems at once)
    ├── UsageError              a command that makes no sense as asked
    ├── CalendarError           legal time: reversed range, date outside the data, naive instant
    ├── NotFound                no such case, process, event, file
    ├── Refused                 an authorisation that the law does not allow now (reasons attached)
    ├── Conflict                somebody else was faster: version, key, lock
    ├── StorageError            database missing, read-only, locked away, or at another schema
    │   └── ChainBroken         the journal was changed behind the engine's back
    └── InternalError           a fault of ours, never of the user

An error carries a stable ``code``, parameters and where it happened; it carries no prose.  Chinese and English text is
made at the rim (``zhengxie_flow.i18n``) from the code and the parameters, so a message can be complete in both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

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
    "UsageError",
    "Where",
    "ZhengxieError",
]


@dataclass(frozen=True, slots=True)
class Where:
    """A place a person can open: a file position (1-based line and column), or a case and an event of it."""

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
    """One finding about input: a stable code, its severity, where it is, and the parameters of its message."""

    code: str
    where: Where = Where()
    params: dict[str, Any] = field(default_factory=dict)
    severity: str = "error"  # error | warning

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return " ".join(part for part in (str(self.where), self.code, details) if part)


Unmet = Literal["false", "unknown"]
"""How a requirement stands that is not met."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an act is refused: a requirement's id, its value (``false``, ``unknown``) and the facts to settle it."""

    id: str
    value: Unmet
    needs: tuple[str, ...] = ()
    clause: str | None = None


class ZhengxieError(Exception):
    """The root: ``except ZhengxieError`` catches everything this package raises on purpose."""

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


def _rebuild(kind: type[ZhengxieError], code: str, state: dict[str, Any]) -> ZhengxieError:
    """Unpickle: exceptions with keyword-only arguments need help to cross a process border."""
    error = kind.__new__(kind)
    error.__dict__.update(state)
    Exception.__init__(error, str(Problem(code, state["where"], state["params"])))
    return error


class InvalidInput(ZhengxieError):
    """Something read cannot be understood; ``problems`` lists every fault found, not just the first."""

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
    """A definition, decision, law, register or scenario in YAML that cannot be used."""


class UsageError(ZhengxieError):
    """A command or call that makes no sense as asked (unknown action, role or field; reversed range)."""

    default_code = "ZX6000"


class CalendarError(UsageError):
    """Legal time asked in a way that has no answer: a reversed range, a date outside the data, a naive instant."""

    default_code = "ZX2000"


class NotFound(ZhengxieError):
    """No such case, process, event, calendar or file."""

    default_code = "ZX4004"


class Refused(ZhengxieError):
    """An act asked for now that the definition does not allow; ``reasons`` names every requirement not met."""

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
    """Somebody else was faster, or a key was used for something else: version, key, lock."""

    default_code = "ZX4009"


class StorageError(ZhengxieError):
    """The database is missing, read-only, unusable or at another schema."""

    default_code = "ZX5000"


class ChainBroken(StorageError):
    """The journal was changed behind the engine's back; names the first break and its kind."""

    default_code = "ZX5900"


class InternalError(ZhengxieError):
    """A fault of the engine itself; please report it with the code and the parameters."""

    default_code = "ZX9000"

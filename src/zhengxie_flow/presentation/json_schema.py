"""The JSON Schema of all outputs, built from the very types that `serialise` writes.

It is needed when the reference is written and when it is tested, never by a command.
"""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from inspect import cleandoc
from pathlib import Path
from typing import Annotated, Any, Final, ForwardRef, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from zhengxie_flow.calendars import Day, LimitCount, difference
from zhengxie_flow.model.document import DocumentForm
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.verdict import Audit, Judgement, Verdict
from zhengxie_flow.needs import Need
from zhengxie_flow.ports import Finding
from zhengxie_flow.presentation.documents import (
    calendars,
    cases,
    deadlines,
    events,
    exemptions,
    feeds,
    health,
    impacts,
    journals,
    notices,
    problems,
    project,
    readbacks,
    registers,
    rules,
    scenarios,
    schedules,
    users,
    work,
)
from zhengxie_flow.presentation.event_schema import event_schemas
from zhengxie_flow.presentation.forms import FORMS
from zhengxie_flow.presentation.serialise import Key, keys
from zhengxie_flow.rules.prove import Counterexample
from zhengxie_flow.rules.trace import Ending

Schema = dict[str, Any]

OUTPUTS: Final[Mapping[str, Any]] = {
    "version": project.Version,
    "init": project.NewProject,
    "db.upgrade": journals.UpgradedDatabase,
    "db.current": journals.DatabaseSchema,
    "db.rebuild": journals.Rebuilt,
    "db.checkpoint": journals.CheckpointTaken,
    "db.backup": journals.DatabaseBackup,
    "doctor": health.Health,
    "check": problems.Findings,
    "test": scenarios.ScenarioResults,
    "coverage": scenarios.LawCoverage,
    **dict.fromkeys(
        ("open", "link", "advance", "record", "determine", "plan", "explain", "assign", "urge", "correct"),
        events.WrittenEvent,
    ),
    "move": journals.MovedCase | journals.MovedCases,
    "erase": journals.ErasedValues,
    "show": cases.CaseDocument,
    **dict.fromkeys(("cases", "list"), journals.CaseList),
    "due": deadlines.DueList,
    "tick": journals.TickSummary,
    "worker": work.WorkSummary,
    "schedule": schedules.ScheduleDocument,
    "audit": Audit,
    "feed": feeds.Feed,
    "exemptions": exemptions.ExemptionYears,
    "verify": journals.Verification,
    **dict.fromkeys(("user.add", "user.passwd", "user.disable"), users.UserDocument),
    "user.role": users.HoldingDocument,
    "user.list": users.DirectoryDocument,
    "user.refusals": users.RefusalList,
    "import": journals.ImportSummary,
    "case.export": journals.ExportedCaseFile,
    "case.import": journals.ImportedCaseFile,
    "calendar.day": calendars.CalendarDay,
    "calendar.add": calendars.CalculatedTerm,
    "calendar.within": calendars.CalculatedTerm,
    "calendar.before": calendars.CalculatedTerm,
    "calendar.count": calendars.DayCount,
    "calendar.import": notices.CalendarImport,
    "calendar.doctor": notices.CalendarExamination,
    "calendar.diff": calendars.CalendarDifference,
    "rules.explain": rules.Explanations,
    "rules.ask": rules.Questions,
    "rules.prove": rules.Proofs,
    "rules.diff": rules.RuleChanges,
    "rules.readback": rules.Readback,
    "register": registers.Registers | impacts.RegisterImpact,
    "readback": readbacks.ProcessReadback,
}
"""The class of the data of every command, in the order of the help."""

NAMES: Final[Mapping[Any, str]] = {
    events.WrittenEvent: "written",
    users.UserDocument: "user",
    users.HoldingDocument: "holding",
    problems.ErrorDocument: "error",
    problems.ProblemDocument: "finding",
    Finding: "journal_finding",
    Judgement: "verdict",
    Verdict: "verdict_name",
    Day: "calendar_day",
    LimitCount: "reckoning",
    difference.DayChange: "calendar_change",
    Counterexample: "rule_case",
    Ending: "rule_ending",
}
"""Names of classes in the schema that follow neither from a command nor from the class."""

BASICS: Final[Schema] = {
    "day": {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": "A civil day."},
    "instant": {"type": "string", "format": "date-time", "description": "An instant with its offset."},
}
_SIMPLE: Final[Mapping[Any, Schema]] = {
    Any: {},
    type(None): {"type": "null"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    Decimal: {"type": "string"},
    Path: {"type": "string"},
    date: {"$ref": "#/$defs/day"},
    datetime: {"$ref": "#/$defs/instant"},
}
_ABOUT = (
    "Standard output is one such document. The data of a command stands under $defs by its name; keys may be added, "
    "none is renamed or removed while format stays 1."
)


def output_schema() -> Schema:
    """Build the JSON Schema of every document that a command writes."""
    definitions = _Definitions()
    for name, kind in OUTPUTS.items():
        definitions.command(name, kind)
    error = definitions.of(problems.ErrorDocument)
    data = [{"$ref": f"#/$defs/{name}"} for name in OUTPUTS]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://zhengxie-flow.example/output.schema.json",
        "title": "Output of zhengxie --format json",
        "description": _ABOUT,
        "oneOf": [_answer("data", {"anyOf": data}), _answer("error", error)],
        "$defs": {**definitions.schemas, **BASICS},
    }


def _answer(key: str, content: Schema) -> Schema:
    return {"type": "object", "properties": {"format": {"const": 1}, key: content}, "required": ["format", key]}


@dataclass(slots=True)
class _Definitions:
    """The parts of the schema, each class under its own name."""

    schemas: Schema = field(default_factory=dict)
    names: dict[Any, str] = field(default_factory=dict)

    def command(self, name: str, kind: Any) -> None:
        """Define the data of a command: its own class under the command's name, a shared class under its own name."""
        if get_origin(kind) is types.UnionType:
            self.schemas[name] = {"description": "One of several documents, by the options.", **self.of(kind)}
        elif kind in NAMES or sum(other is kind for other in OUTPUTS.values()) > 1:
            self.schemas[name] = self.of(kind)
        else:
            self._define(name, kind)

    def of(self, kind: Any) -> Schema:
        """Return the schema of an annotated type."""
        if kind in _SIMPLE:
            return dict(_SIMPLE[kind])
        if isinstance(kind, type) and issubclass(kind, Need):
            return dict(_SIMPLE[str])
        origin, inner = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self._formed(inner)
        if origin in (Union, types.UnionType):
            return self._union(inner)
        if origin is Literal:
            return {"enum": list(inner)}
        if origin in (tuple, list, Sequence):
            return {"type": "array", "items": self.of(inner[0])}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.of(inner[1]) or True}
        return {"$ref": f"#/$defs/{self.names.get(kind) or self._define(_name(kind, self.schemas), kind)}"}

    def _formed(self, inner: Sequence[Any]) -> Schema:
        """Return the schema of an annotated type, restricted by its `DocumentForm`."""
        schema = self.of(inner[0])
        for form in inner[1:]:
            if isinstance(form, DocumentForm):
                schema |= {"enum": list(form.values)} if form.values else {}
                facets = ("pattern", "format", "description")
                schema |= {facet: getattr(form, facet) for facet in facets if getattr(form, facet)}
        return schema

    def _union(self, kinds: Sequence[Any]) -> Schema:
        """Return the schema of a union: simple types as one list, any other as alternatives."""
        schemas: list[Schema] = []
        for schema in map(self.of, kinds):
            schemas += [] if schema in schemas else [schema]
        if len(schemas) == 1:
            return schemas[0]
        if all(set(schema) == {"type"} for schema in schemas):
            return {"type": [schema["type"] for schema in schemas]}
        return {"anyOf": schemas}

    def _define(self, name: str, kind: Any) -> str:
        """Add a class to the definitions; it is named first, because it may contain itself."""
        self.names[kind] = name
        if kind is Event:  # its fields have a table of their own
            self.schemas |= event_schemas()
            return name
        self.schemas[name] = {}
        self.schemas[name] = self._described(kind, self._class(kind))
        return name

    def _described(self, kind: Any, schema: Schema) -> Schema:
        text = " ".join(cleandoc(kind.__doc__ or "").partition("\n\n")[0].split()).replace("``", "").replace("`", "")
        return {"description": text, **schema}

    def _class(self, kind: Any) -> Schema:
        if kind in FORMS:
            return self._class(get_type_hints(FORMS[kind])["return"])
        if issubclass(kind, Enum):
            return {"enum": [member.value for member in kind]}
        if issubclass(kind, tuple):  # with named entries
            entries = [self.of(_annotation(kind, name)) for name in kind._fields]
            return {"type": "array", "prefixItems": entries, "minItems": len(entries), "maxItems": len(entries)}
        properties, required = self._keys(kind)
        return {"type": "object", "properties": properties, "required": required}

    def _keys(self, kind: Any) -> tuple[Schema, list[str]]:
        """Return the keys of a document with their schemas, and the names of the required ones."""
        if is_typeddict(kind):
            hints = get_type_hints(kind, include_extras=True)
            return {name: self.of(hint) for name, hint in hints.items()}, list(hints)
        collected: dict[str, list[Schema]] = {}
        required: list[str] = []
        for key in _declared(kind):
            annotation = _annotation(kind, key.attribute)
            if key.flat:
                inner, always = self._flat(annotation)
            else:
                inner = {key.name: self.of(_present(annotation) if key.optional else annotation)}
                always = [] if key.optional else [key.name]
            _add(collected, inner)
            required += always
        return _joined(collected), required

    def _flat(self, annotation: Any) -> tuple[Schema, list[str]]:
        """Return the keys that a flattened field adds; of a union or a tuple, none is required."""
        several = get_origin(annotation) is tuple
        kind = get_args(annotation)[0] if several else annotation
        if not several and get_origin(kind) not in (Union, types.UnionType):
            return self._keys(kind)
        collected: dict[str, list[Schema]] = {}
        for alternative in get_args(kind):
            if alternative is not type(None):
                _add(collected, self._keys(alternative)[0])
        return _joined(collected), []


def _add(collected: dict[str, list[Schema]], properties: Schema) -> None:
    """Merge properties: a key that is present already gets an alternative."""
    for name, schema in properties.items():
        schemas = collected.setdefault(name, [])
        schemas += [] if schema in schemas else [schema]


def _joined(collected: Mapping[str, list[Schema]]) -> Schema:
    return {name: schemas[0] if len(schemas) == 1 else {"anyOf": schemas} for name, schemas in collected.items()}


def _declared(kind: Any) -> Iterator[Key]:
    """Yield the keys of a class that is a document.  Raises `TypeError` for any other."""
    if not is_dataclass(kind) and not hasattr(kind, "KEYS"):
        raise TypeError(f"{kind} is no document")
    yield from keys(kind)


def _present(annotation: Any) -> Any:
    """Return the type of an optional field where it is present."""
    rest = tuple(kind for kind in get_args(annotation) if kind is not type(None))
    return Union[rest]  # noqa: UP007  # of types that are only known now


def _annotation(kind: Any, attribute: str) -> Any:
    """Return the annotation of a field or a property, evaluated in the module of the class that declares it.

    Raises:
        TypeError: It is not annotated.
    """
    for owner in kind.__mro__:
        member = vars(owner).get(attribute)
        if isinstance(member, property) and member.fget is not None:
            return _read(member.fget.__annotations__["return"], member.fget)
        if attribute in vars(owner).get("__annotations__", {}):
            return _read(owner.__annotations__[attribute], owner)
    raise TypeError(f"{kind.__name__}.{attribute} is not annotated")


def _read(annotation: Any, written_in: Callable[..., Any] | type[Any]) -> Any:
    if isinstance(annotation, ForwardRef):  # as a named tuple keeps it
        annotation = annotation.__forward_arg__
    if not isinstance(annotation, str):
        return annotation
    return eval(annotation, vars(sys.modules[written_in.__module__]))  # noqa: S307  # our own source


def _name(kind: Any, taken: Mapping[str, Any]) -> str:
    """Return the name of a class in the schema.

    Raises:
        TypeError: Another class has that name.
    """
    if kind in NAMES:
        return NAMES[kind]
    short, whole = (_snake(name) for name in (kind.__name__.removesuffix("Document"), kind.__name__))
    if (name := whole if short in taken or short in OUTPUTS else short) in taken:
        raise TypeError(f"two classes are called {name}")
    return name


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()

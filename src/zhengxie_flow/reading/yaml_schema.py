"""JSON Schema of the YAML files, for editors: what the models take, short forms included.

The models take more than their fields say, because validators spell out what people write short (a word for a list of
one, ``{phase: early}`` for a comparison).  Each such validator is described here beside what it leads to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from zhengxie_flow.i18n import LANGUAGES, label
from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.model.base import ID_PATTERN, RESERVED
from zhengxie_flow.model.citation import Instrument, Register
from zhengxie_flow.model.condition import HEADS
from zhengxie_flow.model.convention import Convention
from zhengxie_flow.model.counting import MONTHS
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.edition import Adoption, Edition, Overlay
from zhengxie_flow.model.limit import AMOUNTS, Part
from zhengxie_flow.model.parameter import Parameters
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.scenario import KINDS, CaseFile, Scenario
from zhengxie_flow.model.signature import Signatures
from zhengxie_flow.model.values import TYPES
from zhengxie_flow.model.volume import Volume
from zhengxie_flow.reading.expansion.forms import SharedVocabulary, ShortForms, Translations
from zhengxie_flow.reading.short_form_schema import vocabulary_with_short_forms, with_short_forms

Schema = dict[str, Any]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

FILES: Final[Mapping[str, Any]] = {
    "process": Process,
    "edition": Edition,
    "overlay": Overlay,
    "adoption": Adoption,
    "volume": Volume,
    "law": Instrument,
    "register": Register,
    "signatures": Signatures,
    "convention": Convention,
    "vocabulary": SharedVocabulary,
    "labels": Translations,
    "decision": Decision | list[Decision],
    "parameters": Parameters,
    "scenario": Scenario | list[Scenario],
    "case": CaseFile | list[CaseFile],
}
"""What each kind of file holds."""


def schema_of(kind: str) -> Schema:
    """Return the JSON Schema (draft 2020-12) of one kind of file.

    Args:
        kind: one of `FILES`.

    Raises:
        KeyError: for another kind.

    Example:
        >>> schema_of("scenario")["title"]
        'scenario'
    """
    schema = _described(FILES[kind])
    if kind == "process":
        schema = with_short_forms(schema, _described(ShortForms))
    elif kind == "vocabulary":
        schema = vocabulary_with_short_forms(schema)
    head = {"$schema": DIALECT, "$id": f"{kind}.schema.json", "title": kind}
    return head | {key: _plain_words(schema[key]) for key in sorted(schema, key=_definitions_last)}


def _described(model: Any) -> Schema:
    adapter: TypeAdapter[Any] = TypeAdapter(model)
    return adapter.json_schema(schema_generator=_Generator, mode="validation")


def _definitions_last(key: str) -> tuple[bool, str]:
    return key == "$defs", key


class _Generator(GenerateJsonSchema):
    """As pydantic describes the models, with the short forms that their validators take."""

    def model_schema(self, schema: core_schema.ModelSchema) -> Schema:
        json_schema = super().model_schema(schema)
        json_schema.pop("title", None)
        if issubclass(schema["cls"], Part):
            _hovered(json_schema.get("properties", {}))
        form = _MODELS.get(schema["cls"].__name__)
        return json_schema if form is None else form(json_schema)

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Schema:
        form = _SHORT.get(_name_of(schema["function"]["function"]))
        json_schema = super().function_before_schema(schema)
        return json_schema if form is None else form(json_schema)

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> Schema:
        """A least length that stands behind a short form is one of the list."""
        json_schema = super().function_after_schema(schema)
        bounds = getattr(schema["function"]["function"], "keywords", {})
        if "min_length" not in bounds or "anyOf" not in json_schema:
            return json_schema
        least = bounds["min_length"]
        forms = [
            choice | {"minItems": least} if choice.get("type") == "array" else choice for choice in json_schema["anyOf"]
        ]
        return json_schema | {"anyOf": forms}

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> Schema:
        form = _SHORT.get(_name_of(schema["function"]["function"]))
        return super().function_plain_schema(schema) if form is None else form({})

    def dict_schema(self, schema: core_schema.DictSchema) -> Schema:
        json_schema = super().dict_schema(schema)
        patterns = json_schema.pop("patternProperties", None)
        if patterns is not None:  # what fits no pattern is refused, not let through
            ((pattern, values),) = patterns.items()
            json_schema |= {"propertyNames": _names(pattern), "additionalProperties": values}
        return json_schema

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        json_schema = super().default_schema(schema)
        if json_schema.get("default") in (None, [], (), {}):
            json_schema.pop("default", None)
        return json_schema

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> Schema:
        json_schema = super().tagged_union_schema(schema)
        json_schema.pop("discriminator", None)
        return {"anyOf": json_schema.pop("oneOf"), **json_schema} if "oneOf" in json_schema else json_schema

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # the keys say it
        return False


def _hovered(properties: dict[str, Schema]) -> None:
    """Describe the keys of a limit in both languages, as an editor shows them beside the key."""
    for key, schema in properties.items():
        name = f"limit.key.{key}"
        if name in texts():
            schema["description"] = " ".join(label(name, lang) for lang in LANGUAGES)


def _name_of(function: Any) -> str:
    """``model.condition.one_or_many`` for a function of ours."""
    return str(getattr(function, "__qualname__", ""))


def _names(pattern: str) -> Schema:
    if pattern == ID_PATTERN:
        return {"pattern": pattern, "not": {"enum": sorted(RESERVED)}}
    return {"pattern": pattern}


# -- values that people write short

_SCALAR: Final[Schema] = {"type": ["boolean", "number", "string"]}
_DAY: Final[Schema] = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$", "description": "A civil day: 2026-03-04."}
_MOMENT: Final[Schema] = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$",
    "description": "A civil day (2026-03-04), or an instant with its offset (2026-03-04T09:00+08:00).",
}


def _one_or_many(schema: Schema) -> Schema:
    """A single value for a list of one."""
    if "anyOf" in schema:
        many = next((choice for choice in schema["anyOf"] if choice.get("type") == "array"), None)
        return schema if many is None else {"anyOf": [many["items"], *schema["anyOf"]]}
    return {"anyOf": [schema["items"], schema]} if "items" in schema else schema


def _citations(_: Schema) -> Schema:
    clause = {"type": "string", "minLength": 1, "description": 'A clause, in quotes: "7.2".'}
    other = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"anyOf": [clause, {"type": "array", "items": clause, "minItems": 1}]},
        "description": 'Clauses of another instrument: {civil-code: "203"}.',
    }
    single = {"anyOf": [clause, other]}
    described = "Where it stands in the law: a clause, or several."
    return {"anyOf": [clause, other, {"type": "array", "items": single}, {"type": "null"}], "description": described}


def _choices(schema: Schema) -> Schema:
    """A plain list where ids will do, or a mapping to labels."""
    listed = {"type": "array", "items": _SCALAR, "uniqueItems": True}
    return {"anyOf": [listed, *schema.get("anyOf", [schema])]}


def _kind(schema: Schema) -> Schema:
    return {"anyOf": [{"enum": list(TYPES)}, schema]}


def _calendar(_: Schema) -> Schema:
    place = {
        "type": "object",
        "properties": {
            "country": {"type": "string", "minLength": 1, "maxLength": 60},
            "subdivision": {"type": "string", "pattern": "^[A-Za-z0-9]{1,6}$"},
        },
        "required": ["country"],
        "additionalProperties": False,
    }
    return {"anyOf": [{"type": "string"}, place]}


def _setting(schema: Schema) -> Schema:
    return {"anyOf": [_SCALAR, *schema.get("anyOf", [schema])]}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [*schema.get("anyOf", [schema]), {"type": "null"}]}


def _id(schema: Schema) -> Schema:
    return schema | {"not": {"enum": sorted(RESERVED)}}


def _recorded(schema: Schema) -> Schema:
    """A name, or an entry with its condition (a field on record, obligations closed); one of them, or a list."""
    single = {"anyOf": [{"type": "string", "minLength": 1}, schema["items"]]}
    return {"anyOf": [*single["anyOf"], schema | {"items": single}]}


_SHORT: Final[Mapping[str, Callable[[Schema], Schema]]] = {
    "one_or_many": _one_or_many,
    "_spread": lambda schema: {"anyOf": [_SCALAR, *schema.get("anyOf", [schema])]},
    "_citations": _citations,
    "_choices": _choices,
    "_outcomes": _choices,
    "_inputs": _choices,
    "_kind": _kind,
    "_calendar": _calendar,
    "_acts": lambda schema: {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}, schema]},
    "_field": _or_null,
    "_recorded": _recorded,
    "_closing": _recorded,
    "_recipients": _recorded,
    "_setting": _setting,
    "_id": _id,
    "_day": lambda _: dict(_DAY),
    "_moment": lambda _: dict(_MOMENT),
}
"""By the name of a validator: from what it leads to, what may be written."""


# -- models that people write short


def _said(schema: Schema, *forms: Schema) -> Schema:
    """Several forms under one description."""
    described = {"description": schema["description"]} if "description" in schema else {}
    return described | {"anyOf": list(forms)}


def _named_anchor(schema: Schema) -> Schema:
    return _said(schema, schema["properties"]["name"], _bare(schema))


def _compare(schema: Schema) -> Schema:
    name, test = schema["properties"]["name"], schema["properties"]["test"]
    single = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "propertyNames": {"pattern": name["pattern"], "not": {"enum": sorted({*HEADS, *RESERVED})}},
        "additionalProperties": test,
    }
    return _said(schema, name, single)


def _test(schema: Schema) -> Schema:
    field = {"type": "object", "properties": {"field": {"type": "string"}}, "required": ["field"]}
    reference = field | {"additionalProperties": False}
    return _said(schema, _SCALAR, {"type": "array", "items": _SCALAR}, reference, _bare(schema) | {"minProperties": 1})


def _row(schema: Schema) -> Schema:
    properties = dict(schema["properties"])
    cells = properties.pop("cells")
    return schema | {"properties": properties, "additionalProperties": cells["additionalProperties"]}


def _cell(schema: Schema) -> Schema:
    inner, hold = (
        next(choice for choice in schema["properties"][key]["anyOf"] if "$ref" in choice) for key in ("not", "hold")
    )
    contrary = {"type": "object", "properties": {"not": inner}, "required": ["not"], "additionalProperties": False}
    return _said(schema, {"const": "any"}, contrary, hold)


def _expectation(schema: Schema) -> Schema:
    missing = schema["properties"]["missing"]
    schema["properties"]["missing"] = missing | {"anyOf": [{"type": "string"}, *missing["anyOf"]]}
    schema["properties"]["field"] = schema["properties"]["with"]
    return schema | _one_of("obligation", "action", "state", "decided", "worst", "none")


def _happening(schema: Schema) -> Schema:
    return schema | _one_of(*KINDS)


def _limit(schema: Schema) -> Schema:
    """Never two amounts, and no amount of days to go forward from an act that has to follow."""
    return schema | {
        "allOf": [
            *({"not": {"required": list(pair)}} for pair in combinations(AMOUNTS, 2)),
            {"not": {"required": ["within", "before"]}},
            {"not": {"required": ["at_most", "after"]}},
            {"not": {"required": ["after", "before"]}},
            {"not": {"required": ["by_date", "unit"]}},
            {"not": {"required": ["by", "unit"]}},
        ]
    }


_DAY_OF_MONTH: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 31}
_MONTH_DAY: Final[Schema] = {"type": "string", "pattern": r"^\d\d?-\d\d?$"}


def _by_period(schema: Schema) -> Schema:
    """``{year: 03-31}``, or ``{month, by: 15}``: the period as a key."""
    day = schema["properties"]["by"]
    others = {key: value for key, value in schema["properties"].items() if key != "period"}
    periods = {name: {"anyOf": [{"type": "null"}, day]} for name in MONTHS}
    return {"type": "object", "properties": others | periods, "additionalProperties": False, "minProperties": 1}


def _one_of(*keys: str) -> Schema:
    return {"oneOf": [{"required": [key]} for key in keys]}


def _bare(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "description"}


_MODELS: Final[Mapping[str, Callable[[Schema], Schema]]] = {
    "NamedAnchor": _named_anchor,
    "Compare": _compare,
    "Test": _test,
    "Row": _row,
    "Cell": _cell,
    "Expectation": _expectation,
    "Happening": _happening,
    "Limit": _limit,
    "DayOfPeriod": lambda schema: _said(
        schema, {"type": "integer", "minimum": 1, "maximum": 31}, _MONTH_DAY, _bare(schema)
    ),
    "Recurrence": lambda schema: _said(schema, {"enum": list(MONTHS)}, _by_period(schema), _bare(schema)),
    "Extension": lambda schema: schema | _one_of("add", "to"),
    "Action": lambda schema: schema | {"not": {"required": ["moves", "to"]}},
}
"""By the name of a model: what else may be written, or what may not."""


def _plain_words(value: Any) -> Any:
    """Descriptions as one line without the marks of docstrings."""
    if isinstance(value, dict):
        return {
            key: _line(inner) if key == "description" and isinstance(inner, str) else _plain_words(inner)
            for key, inner in value.items()
        }
    return [_plain_words(inner) for inner in value] if isinstance(value, list | tuple) else value


def _line(text: str) -> str:
    return " ".join(text.replace("``", "`").split())

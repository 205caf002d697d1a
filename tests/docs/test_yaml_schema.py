"""The JSON Schemas for editors: as written, taking whatever the language takes, refusing most of what it refuses."""

from __future__ import annotations

import copy
import importlib.util
import json
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError
from tests.checks.project import examples, set_in

from zhengxie_flow.reading.yaml_reader import read_yaml
from zhengxie_flow.reading.yaml_schema import FILES, schema_of

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    path
    for folder in (
        "processes",
        "rules",
        "tests/data/mini",
        "tests/data/rules",
        "tests/data/subcases",
        "tests/data/editions",
        "tests/data/volumes",
        "examples",
    )
    for path in (ROOT / folder).rglob("*.yaml")
    if "calendars" not in path.parts
)
VALIDATORS = {kind: Draft202012Validator(schema_of(kind)) for kind in FILES}
ADAPTERS = {kind: TypeAdapter(held) for kind, held in FILES.items()}


def kind_of(values):
    """Which kind of file this is, told by the key that only it has."""
    first = values[0] if isinstance(values, list) else values
    words = {
        "volume": "volume",
        "scenario": "scenario",
        "case": "case",
        "parameters": "parameters",
        "decision": "decision",
    }
    words |= {
        "extends": "overlay",
        "adopts": "adoption",
        "amends": "edition",
        "register": "register",
        "process": "process",
    }
    words |= {"convention": "convention", "vocabulary": "vocabulary", "labels": "labels", "law": "law"}
    return next(kind for word, kind in words.items() if word in first)


def read(path):
    return read_yaml(path.read_text(encoding="utf-8"), path.name, top="any").value


def as_json(value):
    """As an editor sees it: numbers with a point are floats."""
    match value:
        case Decimal():
            return float(value)
        case dict():
            return {key: as_json(inner) for key, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
    return value


def takes(kind, values):
    return VALIDATORS[kind].is_valid(as_json(values))


def reads(kind, values):
    try:
        ADAPTERS[kind].validate_python(values)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("kind", FILES)
def test_the_file_is_not_stale(kind):
    spec = importlib.util.spec_from_file_location("gen_yaml_schema", ROOT / "scripts" / "gen_yaml_schema.py")
    assert spec is not None and spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    assert generator.target(kind).read_text(encoding="utf-8") == generator.render(kind), "run `make reference`"


@pytest.mark.parametrize("kind", FILES)
def test_it_is_a_schema_of_its_draft_with_a_relative_id_and_help(kind):
    made = schema_of(kind)
    Draft202012Validator.check_schema(made)
    assert made["$id"] == f"{kind}.schema.json"
    assert made["$schema"].endswith("2020-12/schema")
    described = [name for name, each in made.get("$defs", {}).items() if "description" in each]
    definitions = made.get("$defs", {})
    assert len(described) >= 0.9 * len(definitions), sorted(set(definitions) - set(described))
    assert str(ROOT) not in json.dumps(made)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_shipped_file_is_taken(path):
    values = read(path)
    found = sorted(VALIDATORS[kind_of(values)].iter_errors(as_json(values)), key=str)
    assert [f"{list(each.absolute_path)}: {each.message[:200]}" for each in found] == []


def test_a_comment_that_names_a_schema_leads_to_it():
    named = 0
    for path in SHIPPED:
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        if first.startswith("# yaml-language-server: $schema="):
            target = (path.parent / first.partition("=")[2]).resolve()
            assert target == ROOT / "docs" / "reference" / f"{kind_of(read(path))}.schema.json", path
            assert target.is_file()
            named += 1
    assert named >= 10


SAMPLES = [
    pytest.param(example, id=f"{name}-{number}")
    for name, entry in examples().items()
    for number, example in enumerate((*entry.good, *entry.bad), 1)
]


@pytest.mark.parametrize("example", SAMPLES)
def test_what_the_language_reads_in_an_example_is_taken(example, tmp_path):
    """The bad examples too are of the right shape nearly always: what is wrong with them is what names mean."""
    files, _ = set_in(example, tmp_path)
    for path in sorted(files.root.rglob("*.yaml")):
        if "calendars" in path.parts:
            continue
        values = read(path)
        kind = kind_of(values)
        if reads(kind, values):
            assert takes(kind, values), (
                path.name,
                [each.message for each in VALIDATORS[kind].iter_errors(as_json(values))][:3],
            )


ODD = [
    None,
    True,
    7,
    7.5,
    "",
    "a",
    "Bad Id",
    "2026-13-40",
    "all",
    [],
    ["a", "b"],
    [7],
    {},
    {"a": 1},
    {"field": "x"},
    {"all": []},
]


def turned(values, step):
    """Copies of values with one thing in them made odd: another value, a key too many, a key too few."""
    places = list(_places(values, ()))
    for number, (path, value) in enumerate(places[::step]):
        if path[-1] == "language":  # true is 1 to the language, which is nothing to teach an editor
            continue
        yield path, _with(values, path, ODD[number % len(ODD)])
        if isinstance(value, dict) and value:
            yield path, _with(values, path, {**value, "no_such_key": 1})
            yield path, _with(values, path, dict(list(value.items())[1:]))


def _places(value, path):
    if path:
        yield path, value
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in entries:
        yield from _places(inner, (*path, step))


def _with(values, path, new):
    made = copy.deepcopy(values)
    inner = made
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = new
    return made


ODD_FILES = {
    "process": ("tests/data/mini/processes/mini/talk.yaml", 2),
    "law": ("tests/data/mini/processes/mini/law.yaml", 1),
    "decision": ("tests/data/rules/eligibility.yaml", 1),
    "parameters": ("rules/examples/petition/periods.yaml", 1),
    "register": ("processes/examples/petition/interpretations.yaml", 4),
    "scenario": ("processes/jilin/scenarios/catalogue.yaml", 12),
    "case": ("examples/qinghe/QH-X2.yaml", 1),
}


@pytest.mark.parametrize("kind", ODD_FILES)
def test_of_odd_values_all_that_the_language_reads_are_taken_and_most_others_refused(kind):
    name, step = ODD_FILES[kind]
    refused = seen = 0
    for path, values in turned(read(ROOT / name), step):
        if reads(kind, values):
            assert takes(kind, values), (
                path,
                [each.message for each in VALIDATORS[kind].iter_errors(as_json(values))][:3],
            )
        else:
            seen += 1
            refused += not takes(kind, values)
    assert seen >= 10
    # whether an outcome is one of the outcomes, or a cell fits its input, no schema can say
    assert refused >= (0.75 if kind == "decision" else 0.9) * seen, f"{refused} of {seen}"


LIMIT = ("obligations", "report.due", "limit")


@pytest.mark.parametrize(
    "limit",
    [
        {"within": 5, "at_least": 5, "unit": "month", "after": "hold"},
        {"within": 5, "unit": "working_day", "before": "hold"},
        {"within": 0, "unit": "working_day", "after": "hold"},
        {"within": "5", "unit": "working_day", "after": "hold"},
        {"within": 5, "unit": "workday", "after": "hold"},
        {"within": 5, "unit": "month", "after": {"first_of": ["hold"]}},
        {"within": 5, "unit": "month", "after": "hold", "extended_by": {"action": "spare"}},
        {"within": 5, "unit": "month", "after": "hold", "suspended": {"from": "hold"}},
        {"within": 5, "unit": "month", "after": "hold", "late": "never"},
        {"by_date": "hold", "unit": "month"},
    ],
)
def test_a_limit_that_is_none_is_refused(limit):
    values = read(ROOT / "tests/data/mini/processes/mini/talk.yaml")
    name = next(name for name, duty in values["obligations"].items() if "limit" in duty)
    wrong = _with(values, ("obligations", name, "limit"), limit)
    assert not reads("process", wrong)
    assert not takes("process", wrong)


@pytest.mark.parametrize(
    "condition",
    [
        "urgent", {"urgent": True}, {"phase": ["early", "late"]}, {"headcount": {"at_least": 3}}, {"a.b": {"differs_from": {"field": "c"}}},
        {"approver": {"field": "proposer"}}, {"not": "urgent"}, {"all": ["urgent", {"done": "hold"}]}, {"forms": {"includes": "special"}},
        {"forms": {"within": {"field": "planned"}}}, {"done": ["hold", "ask"], "where": {"by": "office"}, "before": "hold"},
        {"every": "guest", "is": {"done": "ask", "where": {"for": "this"}}}, {"count": "guest", "at_least": 1},
        {"decided": {"duty": ["required"]}}, {"in_state": "held"}, {"verdict": {"x": "pass"}},
    ],
)  # fmt: skip
def test_every_spelling_of_a_condition_is_taken(condition):
    values = read(ROOT / "tests/data/mini/processes/mini/talk.yaml")
    wrong = _with(values, ("when",), condition)
    assert reads("process", wrong)
    assert takes("process", wrong)


@pytest.mark.parametrize(
    "condition",
    [
        {"all": ["a"], "any": ["b"]}, {"phase": "early", "urgent": True}, {}, [], 5, {"headcount": {"least": 3}}, {"headcount": {}},
        {"all": []}, {"count": "guest", "at_least": "1"}, {"done": []}, {"decided": {}}, {"Phase": "early"}, {"every": "guest"},
    ],
)  # fmt: skip
def test_a_condition_that_is_none_is_refused(condition):
    values = _with(read(ROOT / "tests/data/mini/processes/mini/talk.yaml"), ("when",), condition)
    assert not reads("process", values)
    assert not takes("process", values)

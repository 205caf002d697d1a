"""Every JSON output fits the schema made from the types of results, and has no key the schema does not know."""

from __future__ import annotations

import copy
import importlib.util
import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.cli.program import case_file, run, write

from zhengxie_flow.cli.group import COMMANDS, make_command
from zhengxie_flow.model.verdict import Verdict

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "reference" / "output.schema.json").read_text(encoding="utf-8"))


def closed(node):
    """The schema with every object closed: what it does not name, it does not allow."""
    if isinstance(node, dict):
        # what holds only for some kinds (``allOf``) speaks of part of an object
        node = {key: value if key == "allOf" else closed(value) for key, value in node.items()}
        if "properties" in node:
            node.setdefault("additionalProperties", False)
    return [closed(value) for value in node] if isinstance(node, list) else node


STRICT = closed(copy.deepcopy(SCHEMA))


def check(answer, name):
    """One document against the whole schema, and its data or error against the part of its name."""
    Draft202012Validator(SCHEMA).validate(answer.document)
    part = {"$schema": SCHEMA["$schema"], "$ref": f"#/$defs/{name}", "$defs": STRICT["$defs"]}
    Draft202012Validator(part).validate(answer.document.get("data", answer.document.get("error")))


def test_the_file_is_not_stale():
    spec = importlib.util.spec_from_file_location("gen_output_schema", ROOT / "scripts" / "gen_output_schema.py")
    assert spec is not None and spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    assert generator.TARGET.read_text(encoding="utf-8") == generator.render(), "run `make reference`"


def test_every_class_in_it_is_described():
    described = {name for name, part in SCHEMA["$defs"].items() if part.get("description")}
    assert (
        set(SCHEMA["$defs"]) - described - {name for name, part in SCHEMA["$defs"].items() if "$ref" in part} == set()
    )


def test_the_schema_is_one_and_knows_every_command():
    Draft202012Validator.check_schema(SCHEMA)
    names = {
        ".".join((name, *inner))
        for name in COMMANDS
        for inner in ([(child,) for child in getattr(make_command(name), "commands", ())] or [()])
    }
    listed = {entry["$ref"].removeprefix("#/$defs/") for entry in SCHEMA["oneOf"][0]["properties"]["data"]["anyOf"]}
    assert listed == names | {"version"}
    assert SCHEMA["$defs"]["verdict_name"]["enum"] == [str(verdict) for verdict in Verdict]


def test_days_and_codes_are_held_to_their_form():
    with pytest.raises(Exception, match="does not match"):
        Draft202012Validator({**SCHEMA["$defs"]["day"]}).validate("4 March 2026")
    assert re.fullmatch(SCHEMA["$defs"]["error"]["properties"]["code"]["pattern"], "ZX4001")


LOOKING = [
    ("show c1", "show"), ("list", "list"), ("due", "due"), ("due --until 2026-03-12", "due"), ("audit", "audit"),
    ("audit c1 --as-of 2026-02-06", "audit"), ("verify", "verify"), ("db current", "db.current"),
    ("schedule mini/talk --plan hold=2026-06-24", "schedule"), ("schedule mini/talk --plan hold=2026-05-06 --today today", "schedule"),
    ("db upgrade", "db.upgrade"), ("--version", "version"), ("check", "check"),
    ("calendar day 2026-02-17", "calendar.day"), ("calendar day 2027-10-01", "calendar.day"),
    ("calendar add 2026-02-10 6", "calendar.add"), ("calendar before 2027-01-14 5", "calendar.before"),
    ("calendar count 2026-09-18 2026-10-09", "calendar.count"),
    ("advance c1 conclude --by department --dry-run", "advance"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "name"), LOOKING, ids=[line for line, _ in LOOKING])
def test_what_looks_fits(told, line, name):
    check(told.json(*line.split()), name)


def test_what_writes_fits(desk, tmp_path):
    lines = [
        ("open", "mini/talk --case c1 --by office --at 2026-01-05"),
        ("advance", "c1 agree --by partner --actor x"),
        ("record", "c1 agree --at 2026-03-04T10:00:00+08:00 --by partner --key k"),
        ("determine", "c1 urgent=true --by office --reason storm --basis order --at 2026-03-04"),
        ("plan", "c1 hold --to 2026-09-01 --by department"),
        ("explain", "c1 a4.report --reason storm --by office --public"),
        ("correct", "c1 2 --retract --reason wrong --by office"),
        ("correct", "c1 3 --with at=2026-03-05 --reason wrong --by office"),
    ]
    for name, rest in lines:
        check(desk.json(name, *rest.split()), name)
    for name in ("show", "audit"):
        check(desk.json(name, "c1"), name)
    check(desk.json("import", write(tmp_path / "c2.yaml", case_file("c2"))), "import")
    check(run("--format", "json", "init", tmp_path / "new"), "init")


def test_scenarios_and_their_coverage_fit(tmp_path):
    scenario = {
        "language": 1, "scenario": "s", "process": "mini/talk", "as_of": "2026-03-10",
        "events": [{"at": "2026-03-04", "do": "hold", "by": "department"}, {"at": "2026-03-05", "do": "dance"}],
        "expect": [{"state": "ready"}, {"obligation": "a2.notice", "verdict": "pass", "missing": 3, "detail": "x"}],
    }  # fmt: skip
    answer = run("--project", _mini(), "--format", "json", "test", write(tmp_path / "s.yaml", scenario))
    assert len(answer.data["scenarios"][0]["failures"]) >= 3
    check(answer, "test")


def _mini():
    from tests.support import MINI

    return MINI


@pytest.mark.parametrize(
    "line",
    ["show c9", "advance c1 prepare --by partner", "audit --as-of never", "nothing", "import gone.yaml", "record c1 x"],
)
def test_errors_fit(told, line):
    answer = told.json(*line.split())
    assert answer.code > 0
    check(answer, "error")


def test_an_error_with_many_problems_fits(desk, tmp_path):
    bad = {"at": "2026-01-12", "do": "dance", "by": "office"}
    check(desk.json("import", write(tmp_path / "bad.yaml", [case_file("a", bad), case_file("b", bad)])), "error")


def test_a_key_nobody_wrote_down_is_noticed():
    with pytest.raises(Exception, match="Additional properties"):
        Draft202012Validator({**STRICT["$defs"]["version"]}).validate({"version": "1", "surprise": 1})

"""A definition with any word in it changed is refused with its faults, or runs without stumbling."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings, strategies as st
from tests.support import MINI, cn

from zhengxie_flow.engine import audit, compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.errors import InvalidDefinition, ZhengxieError
from zhengxie_flow.model.scenario import ScenarioSetup, ScriptEvent
from zhengxie_flow.reading.checked.run import run
from zhengxie_flow.reading.definitions import Files
from zhengxie_flow.reading.yaml_reader import read_yaml
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant, opening_of

TEXTS = {path.relative_to(MINI): path.read_text(encoding="utf-8") for path in sorted(MINI.rglob("*.yaml"))}
OPENED = date(2026, 1, 5)


def words(node):
    """Every key and every value with its place."""
    if node.kind == "map":
        for name, inner in node.fields.items():
            yield node.keys[name], name
            yield from words(inner)
    elif node.kind == "list":
        for inner in node.items:
            yield from words(inner)
    else:
        yield node.position, str(node.value)


SPOTS = [
    (name, line, column, word)
    for name, text in TEXTS.items()
    for (line, column), word in words(read_yaml(text, str(name), top="any"))
    if text.splitlines()[line - 1][column - 1 :].startswith(word)
]
WORDS = sorted(
    {word for *_, word in SPOTS if word.isascii()} | {"all", "this", "true", "12", "2026-01-01", "report.to"}
)

STORY = [
    ScriptEvent.model_validate(told)
    for told in (
        {"at": "2026-01-06", "do": "agree", "by": "partner"},
        {"at": "2026-01-06", "do": "notify", "by": "office", "for": "g1", "with": {"method": "paper"}},
        {"at": "2026-01-07", "plan": "hold", "to": "2026-02-10", "by": "office"},
        {"at": "2026-01-08", "determine": {"urgent": True}, "by": "office", "reason": "急"},
        {"at": "2026-01-08", "do": "prepare", "by": "office"},
        {"at": "2026-02-10", "do": "hold", "by": "department"},
        {"at": "2026-02-11", "do": "note", "by": "department", "for": "v1", "with": {"guest": "g1"}},
        {"at": "2026-02-11", "do": "finish", "by": "department"},
        {"at": "2026-02-12", "do": "conclude", "by": "department"},
        {"at": "2026-02-13", "do": "report", "by": "office", "with": {"to": ["council"]}},
        {"at": "2026-02-14", "do": "settle", "by": "office", "for": "v1", "with": {"outcome": "taken"}},
        {"at": "2026-02-15", "do": "reply", "by": "office"},
        {"at": "2026-02-16", "do": "spare", "by": "mayor", "with": {"urgent": True, "why": "急"}},
        {"at": "2026-02-17", "do": "decide", "by": "mayor"},
        {"at": "2026-02-20", "do": "close", "by": "office"},
    )
]


@settings(max_examples=60, deadline=None)
@given(spot=st.sampled_from(SPOTS), word=st.sampled_from(WORDS))
def test_any_word_may_be_changed(spot, word):
    name, line, column, old = spot
    lines = TEXTS[name].split("\n")
    lines[line - 1] = lines[line - 1][: column - 1] + word + lines[line - 1][column - 1 + len(old) :]
    with tempfile.TemporaryDirectory() as folder:
        for each, text in TEXTS.items():
            path = Path(folder) / each
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines) if each == name else text, encoding="utf-8")
        files = Files(Path(folder) / "processes", Path(folder) / "rules")
        found = run(files)
        try:
            definition = files.load("mini/talk").definition
        except InvalidDefinition as error:
            assert {each.code for each in error.problems} <= {each.code for each in found}
            return
    play(definition)


def play(definition):
    """Tell the story as far as it can be told, and judge it after every act."""
    compiled = compile_process(definition)
    try:
        story, _ = begin(ScriptSource(compiled, cn), "c", opening_of(ScenarioSetup(items={"guest": {"g1": {"kind": "expert"}}})), Attribution(by=None, at=OPENED), instant(OPENED, compiled))  # fmt: skip
    except ZhengxieError:
        story, _ = begin(
            ScriptSource(compiled, cn), "c", Opening(), Attribution(by=None, at=OPENED), instant(OPENED, compiled)
        )
    for told in STORY:
        try:
            list(story.apply(told, instant(told.at, compiled)))
        except ZhengxieError:
            continue
        audit(derive(compiled, story.case, cn, told.at))
    assert audit(derive(compiled, story.case, cn, date(2026, 12, 1))).state in definition.process.states

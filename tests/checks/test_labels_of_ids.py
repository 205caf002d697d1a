"""Every finding names what has a label by it: the label first, the id in brackets after it."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.checks.project import BASE, examples, set_in

from zhengxie_flow.engine import compile_process
from zhengxie_flow.errors import InvalidDefinition, UsageError
from zhengxie_flow.i18n import problem, render
from zhengxie_flow.i18n.ids import Assignment, Cycle, LabelledId
from zhengxie_flow.presentation.error_labels import labelled_params
from zhengxie_flow.presentation.labels import Labels
from zhengxie_flow.reading.checked.run import run
from zhengxie_flow.reading.checks import all_checks
from zhengxie_flow.reading.id_labels import IdLabels, labels_in_file
from zhengxie_flow.reading.yaml_reader import read_yaml
from zhengxie_flow.spelling import unknown_name

CHECKS = {check.code: check.name for check in all_checks()}
SNIPPET = re.compile(r'\{[^{}]*\}|\[[^\]]*\]|\w+: "?[\w.-]+"?')
"""YAML to be copied, which is written with bare ids."""
EXAMPLES = [
    pytest.param(example, id=f"{name}-{number}")
    for name, entry in examples().items()
    for number, example in enumerate(entry.bad, 1)
]


def labels(values: Any) -> Iterator[tuple[str, str]]:
    """Every id in a file that has a Chinese label, with that label."""
    if isinstance(values, list):
        for entry in values:
            if isinstance(entry, dict) and "id" in entry and "zh" in entry:
                yield entry["id"], entry["zh"]
            yield from labels(entry)
    elif isinstance(values, dict):
        for key, entry in values.items():
            if isinstance(entry, dict) and isinstance(entry.get("zh"), str):
                yield str(key), entry["zh"]
            yield from labels(entry)


def labels_of(folder) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*.yaml"):
        for ident, label in labels(read_yaml(path.read_text(encoding="utf-8"), path.name, top="any").value):
            found.setdefault(ident, set()).add(label)
    return found


def bare(said: str, labelled: dict[str, set[str]]) -> list[str]:
    """The ids in a text that have a label and stand without it; numbers count as ids after the word for a clause."""
    return [
        ident
        for ident in labelled
        for match in re.finditer(rf"(?<![\w.:-]){re.escape(ident)}(?![\w.:-])", said)
        if not re.search(r"[」\u4e00-\u9fff]（\Z", said[: match.start()])
        and (not ident[0].isdigit() or re.search(r"条款「?\Z", said[: match.start()]))
    ]


@pytest.mark.parametrize("example", EXAMPLES)
def test_no_finding_quotes_an_id_without_its_label(example, tmp_path):
    files, _ = set_in(example, tmp_path)
    labelled = labels_of(tmp_path)
    for found in run(files):
        text = problem(found, "zh")
        message = text.message
        if CHECKS.get(found.code, "").startswith("unknown-"):  # the name is that of nothing, or of something else
            message = message.replace(f"「{found.params.get('name')}」", "")
        if CHECKS.get(found.code) == "shadowed-name":
            message = message.partition("：")[0]  # after it come words of the language
        assert bare(message, labelled) == [], text.message
        assert bare(SNIPPET.sub("", text.fix), labelled) == [], text.fix


def test_a_bare_id_is_noticed():
    labelled = {"hold": {"举行"}, "4": {"公布"}}
    assert bare("行为「hold」没有写由谁作出。", labelled) == ["hold"]
    assert bare("条款「4」没有编入。", labelled) == ["4"]
    assert bare("行为「举行」（hold）没有写由谁作出，共 4 处，见 item.hold。", labelled) == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_label_is_that_of_the_definition(example, tmp_path):
    files, _ = set_in(example, tmp_path)
    labelled = labels_of(tmp_path)
    for found in run(files):
        text = problem(found, "zh")
        for label, ident in re.findall(r"「([^「」]+)」（([\w.-]+)）", text.message + text.fix):
            if ident in labelled:
                assert label in labelled[ident], (label, ident)


def findings(part, tmp_path):
    files, _ = set_in(part, tmp_path)
    return run(files)


def test_a_field_is_named_by_the_label_it_has_where_the_fault_is(tmp_path):
    part = (
        "actions:\n"
        '  lend: {zh: 委托, en: Delegate, law: "3", by: mayor, from: planned,\n'
        "    with: {text: {type: text, zh: 委托书, en: Letter}},\n"
        "    delegates: {role: office, until: text}}\n"
    )
    (found,) = (each for each in findings(part, tmp_path) if CHECKS.get(each.code) == "undated-delegation")
    assert "字段「委托书」（text）" in problem(found, "zh").message
    assert 'the action "Delegate" (lend)' in problem(found, "en").message


def test_a_fault_of_shape_names_choices_by_their_labels(tmp_path):
    part = {"duty.yaml": 'exceptions:\n  - {id: "5-1", law: "5", when: urgent, then: mayskip, must_record: [why]}\n'}
    assert "「可免」（may_skip）" in "".join(problem(each, "zh").message for each in findings(part, tmp_path))


NAMES = (
    ("action", "close", "「办结」（close）"),
    ("role", "office", "「办公室」（office）"),
    ("state", "held", "「已举行」（held）"),
    ("fact", "urgent", "「紧急」（urgent）"),
    ("field", "method", "「方式」（method）"),
    ("item_type", "guest", "「客人」（guest）"),
    ("obligation", "a3.report", "「报告」（a3.report）"),
)
"""An id of each kind in the project of the examples, and how a sentence names it."""


@pytest.mark.parametrize(("kind", "ident", "label"), NAMES, ids=[name[0] for name in NAMES])
def test_an_unknown_name_is_answered_with_labels_of_its_kind(kind, ident, label, tmp_path):
    files, _ = set_in({}, tmp_path)
    definition = files.load("example/talk").definition
    error = UsageError("ZX1201", **unknown_name(kind, f"{ident}x", (ident, *(f"another_{n}" for n in range(9)))))
    of_case = render(error.code, labelled_params(error, Labels(compile_process(definition), "zh")), "zh")
    assert f"是不是想写{label}？可用：{label}、" in of_case.fix
    assert of_case.fix.endswith("、…。")
    in_file = IdLabels.of(labels_in_file(definition.bundle["process"])).params(error.params)
    assert f"是不是想写{label}？可用：{label}、" in render(error.code, in_file, "zh").fix


def test_choices_that_a_file_brings_are_not_chosen_again():
    known = (*(f"role_number_{n}" for n in range(8)), "…")
    error = UsageError("ZX1201", kind="role", name="x", suggestion="-", known=known)
    assert labelled_params(error, None)["known"] == known


def test_ids_stay_ids_to_programs(tmp_path):
    found = next(
        entry
        for entry in findings('states:\n  lost: {zh: 遗失, en: Lost, law: "3", final: true}\n', tmp_path)
        if "state" in entry.params and len(entry.params) == 1
    )
    assert found.params == {"state": "lost"}
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301  # our own
    assert pickle.loads(pickle.dumps(found)).params["state"].zh == "遗失"  # noqa: S301


HOLD, AGREE = LabelledId("hold", "举行", "Hold"), LabelledId("agree", "会签", "Agree")


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (HOLD, "没有行为「举行」（hold）。", 'Unknown action "Hold" (hold).'),
        ("hold", "没有行为「hold」。", "Unknown action 'hold'."),
        ((HOLD, "x"), "没有行为「举行」（hold）、x。", 'Unknown action "Hold" (hold), x.'),
        (
            Cycle((HOLD, AGREE)),
            "没有行为「举行」（hold） → 「会签」（agree）。",
            'Unknown action "Hold" (hold) → "Agree" (agree).',
        ),
        (Assignment(HOLD, value=True), "没有行为「举行」（hold）=是。", 'Unknown action "Hold" (hold)=yes.'),
        (Assignment("hold", 2), "没有行为「hold=2」。", "Unknown action 'hold=2'."),
    ],
)
def test_labelled_ids_bring_their_own_quotes(value, zh, en):
    params = {"kind": "action", "name": value, "known": (), "suggestion": "-"}
    assert (render("ZX1201", params, "zh").message, render("ZX1201", params, "en").message) == (zh, en)


def test_a_long_label_is_cut():
    clause = LabelledId(
        "32", "信息涉及第三方权益的，书面征求其意见；第三方在十五个工作日内提出", "Where it touches others, " * 4
    )
    assert clause.named("zh") == "「信息涉及第三方权益的，书面征求其意见；第三方在十…」（32）"
    assert clause.named("en") == '"Where it touches others, Where it touches…" (32)'


def test_chinese_sets_no_space_around_a_label():
    fix = render("ZX1201", {"kind": "action", "name": "x", "known": (HOLD,), "suggestion": HOLD}, "zh").fix
    assert fix == "是不是想写「举行」（hold）？可用：「举行」（hold）。"


def test_yaml_to_copy_has_bare_ids():
    fix = render("ZX1238", {"duty": HOLD, "known": (AGREE, HOLD)}, "zh").fix
    assert "[agree, hold]" in fix


def test_a_definition_without_labels_is_quoted_as_it_is():
    found = IdLabels.of(labels_in_file(read_yaml("roles: {office: {}, mayor: {zh: 市长}}", "x.yaml").value))
    assert found.params({"role": "office"}) == {"role": "office"}
    assert not isinstance(found.params({"role": "office"})["role"], LabelledId)
    assert found.params({"role": "mayor"})["role"].en == "市长"


def test_a_definition_that_cannot_be_loaded_says_so_by_labels(tmp_path):
    files, _ = set_in(
        'actions:\n  close: {zh: 办结, en: Close, law: "3", by: ofice, from: held, to: closed}\n', tmp_path
    )
    with pytest.raises(InvalidDefinition) as caught:
        files.load("example/talk")
    assert "「办公室」（office）" in problem(caught.value.problems[0], "zh").fix
    assert "办公室" in BASE["talk.yaml"]

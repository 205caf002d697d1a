"""From a code and its parameters to a sentence, and the choice of the language."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from zhengxie_flow.errors import CalendarError, Problem, Where
from zhengxie_flow.i18n import catalogue, choose_language, describe, label, problem, render
from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.model.verdict import Verdict


def test_an_error_is_said_in_either_language() -> None:
    error = CalendarError("ZX2007", first=date(2026, 3, 5), last=date(2026, 3, 4))
    assert describe(error, "en").message == "The range begins on 2026-03-05, after its end 2026-03-04."
    assert describe(error, "zh").message == "起日 2026-03-05 晚于止日 2026-03-04。"
    assert describe(error, "zh").fix == "请把两个日期对调。"


def test_a_finding_is_said_like_an_error() -> None:
    found = Problem("ZX2003", Where("a.yaml", 1, 2), {"given": "soon"})
    assert problem(found, "en").message == "'soon' is not a date."


def test_a_missing_parameter_stays_visible() -> None:
    assert "{given}" in render("ZX2003", {}, "en").message


def test_an_unknown_code_shows_its_parameters() -> None:
    assert render("ZX0000", {"a": 1, "b": ("x", "y")}, "zh").message == "a=1, b=x、y"
    assert render("ZX0000", {}, "en").message == "ZX0000"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"),
        ((), "-"),
        (("a", "b"), "a, b"),
        (date(2026, 1, 2), "2026-01-02"),
        (Verdict.PASS, "pass"),
        ("{x}", "{x}"),
    ],
)
def test_values_are_shown_for_people(value: object, shown: str) -> None:
    assert render("ZX2003", {"given": value}, "en").message == f"'{shown}' is not a date."


def test_a_word_without_a_label_is_shown_as_it_is() -> None:
    assert label("verdict.pass", "zh") == "合规"
    assert label("detail.nobody_wrote_this", "zh") == "nobody_wrote_this"


@pytest.mark.parametrize(
    ("explicit", "environ", "lang"),
    [
        ("zh", {"ZHENGXIE_LANG": "en", "LANG": "en_US.UTF-8"}, "zh"),
        (None, {"ZHENGXIE_LANG": "zh", "LANG": "en_US.UTF-8"}, "zh"),
        (None, {"ZHENGXIE_LANG": "fr", "LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LANG": "zh_TW"}, "zh"),
        (None, {"LANG": "C.UTF-8"}, "en"),
        (None, {}, "en"),
    ],
)
def test_the_language_is_chosen_by_request_then_environment_then_locale(
    explicit: str | None, environ: dict[str, str], lang: str
) -> None:
    assert choose_language(explicit, environ) == lang


def test_a_text_written_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "once.json").write_text('{"ZX2003": ["重复", "again"]}', encoding="utf-8")
    (tmp_path / "twice.json").write_text('{"ZX2003": ["重复", "again"]}', encoding="utf-8")
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="ZX2003 is written twice"):
        catalogue.texts.__wrapped__()


@pytest.mark.parametrize(
    ("code", "params", "english"),
    [
        (
            "ZX4020",
            {"type": "enum", "allowed": "a, b"},
            "The value of 'n' is of type enum and cannot be 'x' (allowed: a, b).",
        ),
        ("ZX4020", {"type": "date", "allowed": ""}, "The value of 'n' is of type date and cannot be 'x'."),
        ("ZX4014", {"subject": "act", "known": ()}, "The role that does the action 'act' is missing."),
        (
            "ZX4014",
            {"subject": "act", "known": ("a", "b")},
            "The role that does the action 'act' is missing (it may be: a, b).",
        ),
        ("ZX4021", {"action": "act", "known": ()}, "'act' has no field 'n'."),
    ],
)
def test_what_has_nothing_to_list_is_left_out(code, params, english):
    given = {"name": "n", "given": "x", **params}
    assert render(code, given, "en").message == english
    chinese = render(code, given, "zh").message
    assert "（）" not in chinese and "：）" not in chinese and "-" not in chinese


@pytest.mark.parametrize(
    ("lang", "suggestion", "known", "fix"),
    [
        ("en", "open", ("list", "open"), "Did you mean open? Known here: list, open."),
        ("en", "-", ("list", "open"), "Known here: list, open."),
        ("en", "-", (), ""),
        ("zh", "open", ("list", "open"), "是不是想写 open？可用：list、open。"),
        ("zh", "-", ("list", "open"), "可用：list、open。"),
    ],
)
def test_a_suggestion_is_given_where_there_is_one(lang, suggestion, known, fix):
    said = render("ZX1201", {"kind": "command", "name": "opn", "suggestion": suggestion, "known": known}, lang)
    assert said.message == {"en": "Unknown command 'opn'.", "zh": "没有命令「opn」。"}[lang]
    assert said.fix.strip() == fix


def test_an_unknown_name_is_said_with_its_kind():
    params = {"kind": "item_type", "name": "x", "known": "-", "suggestion": "-"}
    assert render("ZX1201", params, "zh").message == "没有对象类型「x」。"
    assert render("ZX1201", params, "en").message == "Unknown item type 'x'."


def test_a_type_of_value_is_named_before_its_word():
    params = {"name": "day", "given": "x", "type": "date", "allowed": ""}
    assert render("ZX4020", params, "zh").message == "「day」应为日期（date），不能是「x」。"
    assert render("ZX4020", params, "en").message == "The value of 'day' is of type date and cannot be 'x'."


def test_brackets_in_a_value_stay():
    assert "[[{known}]]" in render("ZX4021", {"name": "[[{known}]]", "action": "a", "known": ()}, "en").message


def test_no_message_speaks_of_a_enum():
    english = {key: text.en + text.fix_en for key, text in texts().items()}
    assert not {key for key, said in english.items() if re.search(r"\ba \{(type|kind)\}", said)}


def test_every_kind_of_an_unknown_name_has_a_word_in_both_languages() -> None:
    """Else a Chinese sentence holds an English noun."""
    written = "\n".join(path.read_text(encoding="utf-8") for path in Path(catalogue.__file__).parents[1].rglob("*.py"))
    kinds = set(re.findall(r'unknown_name\(\s*"(\w+)"', written))
    assert {"person", "role", "edition"} <= kinds
    assert kinds <= {key.removeprefix("term.") for key in texts() if key.startswith("term.")}

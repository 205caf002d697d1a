"""Usage: help in both languages, options before and after the command, mistakes with a code and a way to mend them."""

from __future__ import annotations

import pytest
from tests.cli.program import run

from zhengxie_flow import __version__
from zhengxie_flow.cli import language
from zhengxie_flow.cli.group import COMMANDS, make_command
from zhengxie_flow.i18n.catalogue import texts

PATHS = [
    (name, *inner)
    for name in COMMANDS
    for inner in ([(child,) for child in getattr(make_command(name), "commands", ())] or [()])
]


def test_version_in_both_forms():
    assert run("--version").out == f"zhengxie {__version__}\n"
    assert run("--format", "json", "--version").data == {"version": __version__}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_names_every_command_in_the_language_asked_for(lang):
    answer = run("--lang", lang, "--help")
    assert answer.code == 0
    for name in COMMANDS:
        assert texts()[f"cli.{name}"].say(lang)[:10] in answer.out, name


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_option_of_every_command_is_described(path):
    for lang in ("zh", "en"):
        language.scan_arguments(["--lang", lang])
        command = make_command(path[0])
        for inner in path[1:]:
            command = command.commands[inner]
        undescribed = [param.name for param in command.params if not param.help]
        assert undescribed == []
    answer = run("--lang", "zh", *path, "--help")
    assert answer.code == 0
    assert command.help  # English, from the last round
    assert texts()[f"cli.{'.'.join(path)}"].zh in answer.out.replace("\n  ", "")
    assert "[default" not in answer.out


@pytest.mark.parametrize("path", [(), ("link",), ("calendar",), ("calendar", "add")], ids=" ".join)
def test_the_frame_of_a_help_page_is_in_the_language_asked_for_too(path):
    page = run("--lang", "zh", *path, "--help").out
    left = [word for word in ("Usage", "Options:", "Arguments", "Commands", "required", "Show this") if word in page]
    assert left == []
    assert page.startswith("用法:")
    assert "显示本说明并退出" in page
    english = run("--lang", "en", *path, "--help").out
    assert english.startswith("Usage: zhengxie")
    assert "Show this message and exit" in english


@pytest.mark.parametrize(
    ("args", "code", "word"),
    [
        (("adit",), "ZX1201", "audit"),
        (("calendar", "dy"), "ZX1201", "day"),
        (("audit", "--as-off", "2026-01-01"), "ZX6003", "--as-of"),
        (("open", "mini/talk"), "ZX6004", "--case"),
        (("import",), "ZX6004", "FILE"),
        (("calendar", "add", "2026-03-04", "many"), "ZX6005", "N"),
        (("--format", "xml", "list"), "ZX6005", "--format"),
        (("correct", "c1", "nought", "--reason", "x"), "ZX6005", "EVENT"),
        (("show",), "ZX6004", "CASE"),
        (("show", "a", "b"), "ZX6001", "b"),
        (("audit", "--as-of"), "ZX6001", "--as-of"),
        (("audit", "--fail-on", "bad"), "ZX1201", "never"),
    ],
)
def test_a_mistake_has_a_code_and_a_way_to_mend_it(args, code, word):
    answer = run("--lang", "en", *args)
    assert (answer.code, answer.out) == (2, "")
    assert f"error {code} " in answer.err
    assert word in answer.err
    assert "\n  fix: " in answer.err
    error = run(*args, "--format=json") if "--format" not in args else None
    if error is not None and args[-1] != "--as-of":
        assert (error.code, error.error["code"]) == (2, code)
        assert error.error["fix"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_choices_of_an_option_are_listed_in_no_language(lang):
    error = run("--lang", lang, "feed", "--format", "csv").err
    assert "csv (jsonl | json)" in error
    assert "is not one of" not in error


def test_without_a_command_the_help_is_shown_as_an_error():
    answer = run("--lang", "en")
    assert (answer.code, answer.out) == (2, "")
    assert "Usage: zhengxie" in answer.err
    assert run("--format", "json").error["code"] == "ZX6006"


def test_shared_options_stand_before_the_command_or_after_it(desk):
    before = run("--format", "json", "--db", desk.db, "list")
    after = run("list", "--db", desk.db, "--format", "json")
    assert before.data == after.data == {"cases": [], "next": None}
    assert run("--lang", "en", "list", "--db", desk.db, "--lang", "zh").out == "（没有）\n"


def test_the_language_follows_the_option_the_environment_the_project_the_locale(desk, monkeypatch, tmp_path):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run("list", "--db", desk.db).out == "（没有）\n"
    (tmp_path / "zhengxie.toml").write_text('language = "en"\n', encoding="utf-8")
    assert run("list", "--db", desk.db).out == "(none)\n"
    monkeypatch.setenv("ZHENGXIE_LANG", "zh")
    assert run("list", "--db", desk.db).out == "（没有）\n"
    assert run("list", "--db", desk.db, "--lang", "en").out == "(none)\n"


def test_messages_in_json_do_not_follow_the_locale(desk, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert desk.json("show", "nobody").error["message"] == "Unknown case."
    assert desk.json("show", "nobody", "--lang", "zh").error["message"] == "没有这个案件。"


def test_bytes_that_are_no_text_are_refused():
    assert run("list", "--db", "a\udce4b").code == 2


@pytest.mark.parametrize(("given", "code"), [("yesterday", "ZX6026"), ("2026-04-30T10:00:00", "ZX6027")])
def test_a_clock_that_is_no_instant_is_refused(desk, monkeypatch, given, code):
    monkeypatch.setenv("ZHENGXIE_CLOCK", given)
    answer = desk.json("list")
    assert (answer.code, answer.error["code"]) == (2, code)


def test_a_project_that_is_not_there_is_not_found(tmp_path):
    answer = run("--project", tmp_path / "nowhere", "--format", "json", "check")
    assert (answer.code, answer.error["code"]) == (4, "ZX6020")

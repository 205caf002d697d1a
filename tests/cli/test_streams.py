"""Streams and ends: UTF-8 everywhere, readers that leave early, faults of our own, interruption."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys

import pytest
from tests.cli.program import MINI, PYTHONPATH, case_file, run, write

from zhengxie_flow.cli import main as program
from zhengxie_flow.cli.session import Session

PROGRAM = [sys.executable, "-c", "from zhengxie_flow.cli.entry import run; run()"]


def child(*args, **environ):
    env = {"PYTHONPATH": PYTHONPATH, "PATH": os.environ["PATH"], **environ}
    return subprocess.Popen(
        [*PROGRAM, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, encoding="utf-8"
    )


def test_output_is_utf8_though_the_locale_knows_only_ascii():
    done = child(
        "--lang", "zh", "calendar", "day", "2026-02-17", LC_ALL="C", LANG="C", PYTHONUTF8="0", PYTHONIOENCODING=""
    )
    out, err = done.communicate(timeout=30)
    assert (done.returncode, err) == (0, "")
    assert out == "2026-02-17 周二 休息日 法定节假日（国办发明电〔2025〕7号） 春节\n"


def test_a_reader_that_leaves_early_is_no_fault():
    done = child("calendar", "count", "2013-01-02", "2026-12-31")
    assert done.stdout is not None and done.stderr is not None
    done.stdout.readline()
    done.stdout.close()
    err = done.stderr.read()
    done.stderr.close()
    assert (done.wait(timeout=30), err) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs the device /dev/full")
@pytest.mark.parametrize("form", ["text", "json"])
def test_an_answer_that_cannot_be_written_ends_with_a_code_and_no_traceback(form):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*PROGRAM, "--format", form, "calendar", "day", "2026-02-17"],
            stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False,
            env={"PYTHONPATH": PYTHONPATH, "LANG": "C"},
        )  # fmt: skip
    assert done.returncode == 6
    assert "ZX6016" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_streams_that_are_closed_from_the_start_are_no_fault():
    line = 'exec "$@" >&- 2>&-'
    command = ["sh", "-c", line, "sh", *PROGRAM]
    env = {"PYTHONPATH": PYTHONPATH, "PATH": os.environ["PATH"]}
    assert subprocess.run([*command, "calendar", "day", "2026-02-17"], env=env, check=False).returncode == 0
    assert subprocess.run([*command, "calendar", "day", "soon"], env=env, check=False).returncode == 2


def test_a_working_folder_that_was_deleted_is_named(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    line = 'rmdir . 2>/dev/null || rmdir "$PWD"; exec "$@"'
    env = {"PYTHONPATH": PYTHONPATH, "PATH": os.environ["PATH"], "LANG": "C"}
    done = subprocess.run(
        ["sh", "-c", line, "sh", *PROGRAM, "list"],
        cwd=gone,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 4
    assert "ZX6020" in done.stderr
    assert str(gone) in done.stderr


def test_the_commands_that_look_at_files_and_days_leave_the_engine_alone():
    code = "import sys; from zhengxie_flow.cli.main import main; main(sys.argv[1:]); print(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, "calendar", "add", "2026-02-10", "6"],
        capture_output=True, encoding="utf-8", check=True, env={"PYTHONPATH": PYTHONPATH},
    )  # fmt: skip
    loaded = set(done.stderr.strip("[]\n").replace("'", "").split(", "))
    assert not loaded & {"sqlalchemy", "transitions", "holidays", "numpy", "alembic", "ruamel.yaml"}


def test_a_fault_of_our_own_has_a_code_and_no_traceback(monkeypatch, desk):
    def fail(*_, **__):
        raise RuntimeError("something nobody thought of")

    monkeypatch.setattr(Session, "engine", fail)
    answer = desk("list")
    assert (answer.code, answer.out) == (70, "")
    assert answer.err.startswith("error ZX9000 ")
    assert "Traceback" not in answer.err
    assert desk.json("list").error["code"] == "ZX9000"
    monkeypatch.setenv("ZHENGXIE_DEBUG", "1")
    details = desk.json("list")
    assert "Traceback" in details.err
    assert details.error["code"] == "ZX9000"


def test_even_without_its_texts_a_fault_ends_with_a_code(monkeypatch):
    def fail(*_):
        raise ValueError("a text is written twice")

    monkeypatch.setattr("zhengxie_flow.cli.language.texts", fail)
    monkeypatch.setattr("zhengxie_flow.cli.failures.render", fail)
    answer = run("list")
    assert (answer.code, answer.out) == (70, "")
    assert answer.err == "error ZX9000\n"


def test_an_interruption_ends_with_130(monkeypatch, desk):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "engine", interrupt)
    assert desk("list").code == 130
    answer = desk.json("list")
    assert (answer.code, answer.error["code"]) == (130, "ZX6008")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colour_only_on_a_terminal_that_wants_it(told, monkeypatch, no_color, coloured):
    assert "\x1b[" not in told("audit").out
    screen = Terminal()
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(sys, "stdout", screen)
    program.main(["--db", str(told.db), "--lang", "en", "audit"])
    assert ("\x1b[" in screen.getvalue()) is coloured


def test_progress_goes_to_standard_error(desk, tmp_path, monkeypatch):
    file = write(tmp_path / "c.yaml", case_file("c1", {"at": "2026-01-12", "do": "agree", "by": "partner"}))
    screen = Terminal()
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "stderr", screen)
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    args = ["--project", str(MINI), "--db", str(desk.db), "--lang", "en", "--format", "json", "import", str(file)]
    assert program.main(args) == 0
    assert json.loads(out.getvalue())["data"]["events_new"] == 2
    assert "importing" in screen.getvalue()


def test_an_interruption_while_it_is_loaded_is_one_too(tmp_path):
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt\n")
    env = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{PYTHONPATH}", "LANG": "C"}
    done = subprocess.run([*PROGRAM, "list"], env=env, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_an_interruption_after_the_answer_changes_nothing(monkeypatch, desk):
    """The command is done: its code stands, its connections are closed whole, and no driver speaks."""
    close = Session.close

    def closing(session):
        os.kill(os.getpid(), signal.SIGINT)
        close(session)

    monkeypatch.setattr(Session, "close", closing)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it runs beside it ignore it
    try:
        answer = desk("list")
        assert (answer.code, answer.err) == (0, "")
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)

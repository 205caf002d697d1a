"""What checks found is kept by content: with what was kept, a run says the same as without."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from tests.checks.project import Example, examples, set_in
from tests.support import SOAK, tries

from zhengxie_flow.errors import Problem
from zhengxie_flow.i18n.ids import LabelledId
from zhengxie_flow.reading.checked.content import Content
from zhengxie_flow.reading.checked.run import run
from zhengxie_flow.reading.checked.units import Units
from zhengxie_flow.reading.checks import all_checks
from zhengxie_flow.reading.definitions import Files

DATA = Path(__file__).parents[1] / "data"
PROJECTS = ("subcases", "volumes")


def said(problems: tuple[Problem, ...]) -> list[Any]:
    """Everything of some problems, with the labels of ids, which comparing them leaves out."""
    return [(str(problem), problem.severity, repr(_labelled(problem.params))) for problem in problems]


def _labelled(value: Any) -> Any:
    match value:
        case LabelledId():
            return (str(value), value.zh, value.en)
        case dict():
            return {key: _labelled(inner) for key, inner in value.items()}
        case list() | tuple():
            return type(value).__name__, [_labelled(inner) for inner in value]
    return value


def assert_alike(files: Files) -> None:
    """A run with what was kept says what one without says, and so does the next one, in which nothing changed."""
    anew = said(run(files))
    assert said(run(files, keep=True)) == anew
    assert said(run(files, keep=True)) == anew


def _every(kind: str) -> Iterator[tuple[str, Example]]:
    for name, of_check in examples().items():
        for example in getattr(of_check, kind):
            yield name, example


def test_from_fault_to_fault_a_project_is_checked_alike(tmp_path: Path) -> None:
    """One project is edited into the examples of the checks, one after the other, and back."""
    edits = [example for _, example in _every("bad")]
    for example in edits if SOAK else edits[::14]:
        files, _ = set_in(example, tmp_path)
        assert_alike(files)


def _copied(folder: Path) -> Files:
    for name in PROJECTS:
        shutil.copytree(DATA / name / "processes", folder / "processes", dirs_exist_ok=True)
    (folder / "rules").mkdir()
    return Files(folder / "processes", folder / "rules")


EDIT = st.tuples(
    st.integers(0, 10_000),
    st.sampled_from(("drop", "twice", "swap", "digit", "remove", "comment", "copy")),
    st.integers(0, 10_000),
)


def _edit(files: Files, edit: tuple[int, str, int]) -> None:
    """One edit as people make them: a line less, a line more, another number, a file less, a file more."""
    paths = sorted(files.processes.rglob("*.yaml"))
    path = paths[edit[0] % len(paths)]
    lines = path.read_text(encoding="utf-8").splitlines()
    at = edit[2] % max(len(lines), 1)
    match edit[1]:
        case "drop":
            lines[at : at + 1] = []
        case "twice":
            lines[at : at + 1] = lines[at : at + 1] * 2
        case "swap":
            lines[at : at + 1] = [line.replace("e", "a", 1) for line in lines[at : at + 1]]
        case "digit":
            lines[at : at + 1] = [line.translate({ord("1"): "2", ord("3"): "4"}) for line in lines[at : at + 1]]
        case "comment":
            lines.append("# a word")
        case "copy":
            path = path.with_name(f"more_{path.name}")
        case _ if len(paths) > 2:
            path.unlink()
            return
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@settings(max_examples=tries(4))
@given(edits=st.lists(EDIT, min_size=1, max_size=3))
def test_after_edits_a_project_is_checked_alike(tmp_path_factory: pytest.TempPathFactory, edits: list[Any]) -> None:
    folder = tmp_path_factory.mktemp("edited")
    try:
        files = _copied(folder)
        assert_alike(files)
        for edit in edits:
            _edit(files, edit)
            assert_alike(files)
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("above", ["p", "scenarios/p", "p/processes/q"])
def test_wherever_a_project_lies_what_it_rests_on_counts(tmp_path: Path, above: str) -> None:
    """The names of folders above a project say nothing of its files: here a subcase in another folder changes."""
    shutil.copytree(DATA / "subcases" / "processes", tmp_path / above / "processes")
    (tmp_path / above / "rules").mkdir()
    files = Files(tmp_path / above / "processes", tmp_path / above / "rules")
    town, village = files.processes / "town", files.processes / "village"
    (village / "scenarios").mkdir(parents=True)
    (town / "hearing.yaml").rename(village / "hearing.yaml")
    (town / "scenarios" / "hearing.yaml").rename(village / "scenarios" / "hearing.yaml")
    shutil.copy(town / "law.yaml", village)
    for path in files.processes.rglob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("town/hearing", "village/hearing"), encoding="utf-8")
    assert_alike(files)
    before, hearing = run(files), village / "hearing.yaml"
    hearing.write_text(hearing.read_text(encoding="utf-8").replace("reported", "answered"), encoding="utf-8")
    assert_alike(files)
    assert "matter.yaml" in str([str(problem) for problem in run(files) if problem not in before])


def test_one_edit_is_read_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an edit does not touch is neither read nor checked again."""
    shutil.copytree(DATA / "time", tmp_path, dirs_exist_ok=True)
    files = Files(tmp_path / "processes", tmp_path / "rules")
    run(files, keep=True)
    checked: list[tuple[str, Any]] = []
    findings = Units.findings

    def counted(self: Units, subject: Any, groups: Any) -> Any:
        checked.extend((subject.process, group) for group in groups)
        return findings(self, subject, groups)

    monkeypatch.setattr(Units, "findings", counted)
    run(files, keep=True)
    assert checked == []
    story = tmp_path / "processes" / "time" / "scenarios" / "t11_owed.yaml"
    story.write_text(story.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
    run(files, keep=True)
    assert checked == [("time/owed", "stories")]
    checked.clear()
    process = tmp_path / "processes" / "time" / "owed.yaml"
    process.write_text(process.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
    run(files, keep=True)
    assert [entry for entry in checked if entry[1] != "peers"] == [("time/owed", "alone"), ("time/owed", "stories")]


@pytest.mark.parametrize("damage", [b"", b"{}", b"0\n{}", b"\xff\xff"], ids=["empty", "no digest", "wrong", "bytes"])
def test_what_is_damaged_is_nothing(tmp_path: Path, damage: bytes) -> None:
    files, _ = set_in(next(example for _, example in _every("bad")), tmp_path)
    anew = said(run(files, keep=True))
    kept = tmp_path / ".zhengxie" / "cache" / "check.json"
    whole = kept.read_bytes()
    for content in (damage, whole.replace(b"ZX", b"ZY"), whole[:-1]):
        kept.write_bytes(content)
        assert said(run(files, keep=True)) == anew
        assert kept.read_bytes() == whole
    assert (tmp_path / ".zhengxie" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_another_program_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, _ = set_in(next(example for _, example in _every("bad")), tmp_path)
    anew = run(files, keep=True)
    kept = tmp_path / ".zhengxie" / "cache" / "check.json"
    monkeypatch.setattr("zhengxie_flow.reading.checked.run.program", lambda: ("another",))
    assert run(files, keep=True) == anew
    assert json.loads(kept.read_bytes().partition(b"\n")[2])["program"] == ["another"]


def test_with_a_link_nothing_is_kept(tmp_path: Path) -> None:
    files, _ = set_in(next(example for _, example in _every("bad")), tmp_path)
    (files.processes / "example" / "linked.yaml").symlink_to(files.processes / "example" / "talk.yaml")
    assert Content.of(files) is None
    run(files, keep=True)
    assert not (tmp_path / ".zhengxie").exists()


class _Forbidden(tuple[Any, ...]):
    """Nothing that may be looked at."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError("looked at")


@pytest.mark.parametrize("entry", all_checks(), ids=lambda entry: entry.name)
def test_a_check_looks_at_what_it_says(entry: Any, tmp_path: Path) -> None:
    """What a check finds is kept under the content of what it looks at, which it therefore has to say."""
    for _, example in [*_every("good")][::25]:
        files, _ = set_in(example, tmp_path)
        loaded = files.read("example/talk", checked=True)
        scenarios = loaded.scenarios if entry.stories else _Forbidden()
        peers = loaded.peers if entry.peers else _Forbidden()
        list(entry.problems(replace(loaded, scenarios=scenarios, peers=peers)))

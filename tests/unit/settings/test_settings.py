"""Which folder, database and clock a command works with, and what is said about a setting that cannot be used."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from zhengxie_flow import settings
from zhengxie_flow.errors import InvalidInput, NotFound, UsageError, ZhengxieError
from zhengxie_flow.settings import CONFIG_NAME, Config, Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder two levels below an (as yet unmarked) project folder."""
    below = tmp_path / "project" / "a" / "b"
    below.mkdir(parents=True)
    return below


@pytest.fixture
def project(folder: Path) -> Path:
    """The project folder above the working folder."""
    top = folder.parents[1]
    (top / CONFIG_NAME).write_text("", encoding="utf-8")
    return top


def settled(folder: Path, *, project: str | None = None, db: str | None = None, **environ: str) -> Settings:
    return settings.load(project=project, db=db, environ=environ, folder=folder)


def told(error: ZhengxieError, *names: str) -> tuple[object, ...]:
    return error.code, *(error.params[name] for name in names)


class TestProject:
    def test_without_any_mark_the_packaged_files_are_used(self, folder: Path) -> None:
        found = settled(folder)
        assert found == Settings(project=None, db=str(folder / "zhengxie.db"))

    def test_the_nearest_mark_upwards_counts(self, folder: Path, project: Path) -> None:
        (project.parent / CONFIG_NAME).write_text("", encoding="utf-8")
        assert settled(folder).project == project

    def test_a_folder_is_its_own_project_before_one_above(self, folder: Path, project: Path) -> None:
        (folder / CONFIG_NAME).write_text("", encoding="utf-8")
        assert settled(folder).project == folder
        assert settled(project).project == project

    def test_the_option_goes_before_the_variable_and_both_before_the_mark(self, folder: Path, project: Path) -> None:
        for name in ("one", "two"):
            (folder / name / "processes").mkdir(parents=True)
        assert settled(folder, ZHENGXIE_PROJECT="one").project == folder / "one"
        assert settled(folder, project="two", ZHENGXIE_PROJECT="one").project == folder / "two"
        assert settled(folder, ZHENGXIE_PROJECT="").project == project

    def test_an_absolute_path_is_taken_as_it_is(self, project: Path) -> None:
        assert settled(Path("/"), project=str(project)).project == project

    @pytest.mark.parametrize("given", ["nowhere", "file", "a\0b"])
    def test_a_folder_that_is_none_is_refused(self, folder: Path, given: str) -> None:
        (folder / "file").write_text("", encoding="utf-8")
        with pytest.raises(NotFound) as refused:
            settled(folder, project=given)
        assert told(refused.value, "folder", "source") == ("ZX6020", str(folder / given), "--project")

    def test_a_folder_without_a_mark_or_processes_is_no_project(self, folder: Path) -> None:
        with pytest.raises(NotFound) as refused:
            settled(folder, ZHENGXIE_PROJECT=".")
        assert told(refused.value, "source") == ("ZX6021", "ZHENGXIE_PROJECT")


class TestDatabase:
    def test_by_default_it_lies_in_the_project(self, folder: Path, project: Path) -> None:
        assert settled(folder).db == str(project / "zhengxie.db")

    def test_option_then_variable_then_file(self, folder: Path, project: Path) -> None:
        (project / CONFIG_NAME).write_text('database = "postgresql://h/third"', encoding="utf-8")
        assert settled(folder, db="first.db", ZHENGXIE_DB="second.db").db == "first.db"
        assert settled(folder, ZHENGXIE_DB="second.db").db == "second.db"
        assert settled(folder, ZHENGXIE_DB="").db == "postgresql://h/third"

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("cases.db", "{project}/cases.db"),
            ("sqlite:///data/cases.db", "sqlite:///{project}/data/cases.db"),
            ("/var/cases.db", "/var/cases.db"),
            ("sqlite:////var/cases.db", "sqlite:////var/cases.db"),
            ("sqlite:///:memory:", "sqlite:///:memory:"),
            ("sqlite://", "sqlite://"),
            ("postgresql+psycopg://user@host/cases", "postgresql+psycopg://user@host/cases"),
        ],
    )
    def test_in_the_file_a_relative_place_is_meant_from_the_file(
        self, folder: Path, project: Path, written: str, meant: str
    ) -> None:
        (project / CONFIG_NAME).write_text(f'database = "{written}"', encoding="utf-8")
        assert settled(folder).db == meant.format(project=project)


class TestFile:
    def read(self, folder: Path, data: bytes) -> Config:
        path = folder / CONFIG_NAME
        path.write_bytes(data)
        return settings.read_config(path)

    def refused(self, folder: Path, text: str) -> list[tuple[str, int | None, int | None]]:
        with pytest.raises(InvalidInput) as refused:
            self.read(folder, text.encode())
        problems = refused.value.problems
        assert {problem.where.file for problem in problems} == {str(folder / CONFIG_NAME)}
        return [(problem.code, problem.where.line, problem.where.column) for problem in problems]

    def test_both_settings_are_read(self, folder: Path) -> None:
        text = '# ours\ndatabase = "cases.db"\nlanguage = "zh"\n'
        assert self.read(folder, text.encode()) == Config(database="cases.db", language="zh")

    def test_windows_ends_and_a_byte_order_mark_change_nothing(self, folder: Path) -> None:
        assert self.read(folder, b'\xef\xbb\xbflanguage = "en"\r\n') == Config(language="en")

    def test_no_file_says_nothing(self, folder: Path) -> None:
        assert settings.read_config(folder / CONFIG_NAME) == Config()

    def test_every_wrong_setting_is_told_with_its_place(self, folder: Path) -> None:
        text = 'databas = "x"\n\nlanguage = "fr"\n  [database]\nurl = 1\n'
        assert self.refused(folder, text) == [("ZX1201", 1, 1), ("ZX6025", 3, 1), ("ZX6024", 4, 3)]

    def test_a_misspelt_setting_is_told_with_the_one_meant(self, folder: Path) -> None:
        with pytest.raises(InvalidInput) as refused:
            self.read(folder, b'langage = "zh"')
        assert told(refused.value, "suggestion") == ("ZX1201", "language")

    @pytest.mark.parametrize("value", ["3", "true", '""', "[]", "2026-01-01"])
    def test_a_value_that_is_no_text_is_refused(self, folder: Path, value: str) -> None:
        assert self.refused(folder, f"\ndatabase = {value}") == [("ZX6024", 2, 1)]

    @pytest.mark.parametrize(
        ("text", "line", "column"),
        [
            ("language = zh", 1, 12),
            ('language = "zh"\nlanguage = "en"', 2, 16),
            ("language", 1, 9),
            ("a = [\n1,\n", 3, 1),
        ],
    )
    def test_what_is_not_toml_is_refused_with_its_place(self, folder: Path, text: str, line: int, column: int) -> None:
        assert self.refused(folder, text) == [("ZX6022", line, column)]

    def test_another_encoding_is_refused_with_its_place(self, folder: Path) -> None:
        with pytest.raises(InvalidInput) as refused:
            self.read(folder, '# 数据库\nlanguage = "zh"'.encode("gbk"))
        assert refused.value.code.startswith("ZX10")
        assert refused.value.where.line == 1

    def test_a_folder_of_that_name_is_refused(self, folder: Path) -> None:
        (folder / CONFIG_NAME).mkdir()
        with pytest.raises(InvalidInput) as refused:
            settings.read_config(folder / CONFIG_NAME)
        assert refused.value.code == "ZX1002"

    def test_the_language_of_the_project_is_passed_on(self, folder: Path, project: Path) -> None:
        (project / CONFIG_NAME).write_text('language = "en"', encoding="utf-8")
        assert settled(folder).language == "en"


class TestClock:
    def test_unset_or_empty_it_is_the_wall_clock(self) -> None:
        assert settings.clock({}) is None
        assert settings.clock({"ZHENGXIE_CLOCK": ""}) is None

    def test_an_instant_keeps_its_zone(self) -> None:
        fixed = settings.clock({"ZHENGXIE_CLOCK": "2026-11-22T10:00:00+08:00"})
        assert fixed == datetime.fromisoformat("2026-11-22T02:00:00Z")
        assert fixed.utcoffset() == timedelta(hours=8)

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ("now", "ZX6026"),
            ("2026-13-01T00:00:00Z", "ZX6026"),
            ("0001-01-01T00:00:00+14:00", "ZX6026"),
            ("2026-11-22", "ZX6027"),
            ("2026-11-22T10:00:00", "ZX6027"),
        ],
    )
    def test_anything_else_is_refused(self, folder: Path, given: str, code: str) -> None:
        with pytest.raises(UsageError) as refused:
            settled(folder, ZHENGXIE_CLOCK=given)
        assert told(refused.value, "given") == (code, given)

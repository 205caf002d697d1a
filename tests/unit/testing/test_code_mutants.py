"""Mutants of code: how they are named, and that planting one changes what the loaded module does."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("mutmut", reason="the extra 'mutate' is not installed")
SCRIPTS = Path(__file__).parents[3] / "scripts"
SOURCE = '''"""A module."""
from dataclasses import dataclass
from functools import cached_property

LONGEST = 6


@dataclass(frozen=True, slots=True)
class Span:
    low: int
    high: int = 9

    @property
    def size(self):
        return self.high - self.low


class Held:
    @cached_property
    def one(self):
        return max(1, 2)

    @classmethod
    def made(cls, *, so=True):
        """Not mutated."""
        return so


def beyond(days):
    if days > LONGEST:
        return [day for day in range(days)]
    return []
'''


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    path = tmp_path / "sample_of_mutants.py"
    path.write_text(SOURCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("sample_of_mutants", path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, made)
    spec.loader.exec_module(made)
    return made


def test_names_say_function_and_changed_words(module: ModuleType) -> None:
    from code_mutants.mutating import mutants_of

    path = Path(str(module.__file__))
    assert [mutant.name.partition(" ")[2] for mutant in mutants_of(path, path.parent)] == [
        "-: LONGEST = [6 -> None]",
        "-: LONGEST = [6 -> 7]",
        "Span.size: return self.high [- -> +] self.low",
        "Held.one: return max([1 -> None], 2)",
        "Held.one: return max(1, [2 -> None])",
        "Held.one: return max([1, 2 -> 2])",
        "Held.one: return max(1,[2 -> ])",
        "Held.one: return max([1 -> 2], 2)",
        "Held.one: return max(1, [2 -> 3])",
        "Held.made: def made(cls, *, [so=True -> so=False]):",
        "beyond: if days [> -> >=] LONGEST:",
        "beyond: return [day for day in range([days -> None])]",
    ]


def test_lines_above_do_not_rename(module: ModuleType) -> None:
    from code_mutants.mutating import mutants_of

    path = Path(str(module.__file__))
    before = [mutant.name for mutant in mutants_of(path, path.parent)]
    path.write_text(SOURCE.replace("LONGEST = 6", "# A word more.\nLONGEST = 6"), encoding="utf-8")
    assert [mutant.name for mutant in mutants_of(path, path.parent)] == before


@pytest.mark.parametrize(
    ("name", "asked", "changed"),
    [
        ("LONGEST = [6 -> 7]", "len(beyond(7))", 0),
        ("[- -> +]", "Span(1).size", 10),
        ("[2 -> 3]", "Held().one", 3),
        ("so=True -> so=False", "Held.made()", False),
        ("[> -> >=]", "len(beyond(6))", 6),
    ],
)
def test_a_planted_mutant_is_what_runs(module: ModuleType, name: str, asked: str, changed: object) -> None:
    from code_mutants.mutating import mutants_of
    from code_mutants.planting import plant

    path = Path(str(module.__file__))
    (mutant,) = (mutant for mutant in mutants_of(path, path.parent) if name in mutant.name)
    assert eval(asked, vars(module)) != changed  # noqa: S307
    plant(mutant, module)
    assert eval(asked, vars(module)) == changed  # noqa: S307


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forked processes here")
@pytest.mark.parametrize("jobs", [1, 3])
def test_a_test_that_fails_or_does_not_end_notices(tmp_path: Path, module: ModuleType, jobs: int) -> None:
    from code_mutants.mutating import mutants_of
    from code_mutants.running import Trial

    path = Path(str(module.__file__))
    test = tmp_path / f"test_sample_{jobs}.py"
    test.write_text(
        "from sample_of_mutants import beyond\ndef test_beyond():\n    assert beyond(7) and not beyond(6)\n",
        encoding="utf-8",
    )
    mutants = [mutant for mutant in mutants_of(path, path.parent) if mutant.function in ("beyond", "Span.size")]
    trial = Trial(mutants, lambda _: module, jobs=jobs)
    pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--import-mode=prepend", str(test)], plugins=[trial])
    fates = {outcome.mutant.name.partition(" ")[2]: outcome.fate for outcome in trial.outcomes}
    assert fates == {
        "Span.size: return self.high [- -> +] self.low": "untried",
        "beyond: if days [> -> >=] LONGEST:": "killed",
        "beyond: return [day for day in range([days -> None])]": "killed",
    }

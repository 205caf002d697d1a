"""The files of the shipped measure read as its text does: by article, in one language, short, and nothing said twice."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from zhengxie_flow.reading.decoding import read_text
from zhengxie_flow.reading.expansion import SharedFiles, expanded, read_beside
from zhengxie_flow.reading.sources import SourceFile
from zhengxie_flow.reading.writer import dump_yaml
from zhengxie_flow.reading.yaml_reader import read_yaml

FOLDER = Path(__file__).parents[2] / "processes" / "jilin"
FILES = sorted(FOLDER.glob("*.yaml"))
PROCESSES = [path for path in FILES if "\nprocess:" in path.read_text(encoding="utf-8")]


def columns(line):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_a_process_is_short_and_its_lines_fit_on_a_page(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= (450 if path.stem == "consultation" else 130)
    assert [number for number, line in enumerate(lines, 1) if columns(line) > 120] == []


def test_all_its_files_together_can_be_read_in_a_day():
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in FILES) <= 2000


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_its_articles_stand_in_the_order_of_the_text(path):
    keys = list(read_yaml(read_text(path, name=path.name), path.name, top="map").value["articles"])
    own = [[int(step) for step in key.split(".")] for key in keys if " " not in key]
    assert own == sorted(own)
    assert keys[: len(own)] == [key for key in keys if " " not in key]  # other instruments come after


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_what_it_stands_for_reads_back_as_the_same(path):
    problems = []
    text = read_text(path, name=path.name)
    source = SourceFile(path.name, text, read_yaml(text, path.name, top="map"))
    full = expanded(source, read_beside(FOLDER, FOLDER, problems), problems).node.value
    again = SourceFile(path.name, "", read_yaml(dump_yaml(full), path.name, top="map"))
    assert expanded(again, SharedFiles(), problems).node.value == full
    assert problems == []

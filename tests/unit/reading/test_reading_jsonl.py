"""JSON lines: objects with their line numbers, or every faulty line at once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from zhengxie_flow.errors import InvalidInput, NotFound, Problem
from zhengxie_flow.reading import jsonl
from zhengxie_flow.reading.jsonl import read_json_lines


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


Check = Callable[[tuple[Problem, ...]], None]


def faults(file: Path, data: bytes | str, complete: Check = lambda _: None) -> list[str]:
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(InvalidInput) as caught:
        list(read_json_lines(file, name="e"))
    complete(caught.value.problems)
    return [f"{problem.where} {problem.code}" for problem in caught.value.problems]


def test_objects_with_their_line_numbers(file: Path) -> None:
    file.write_bytes('\ufeff{"a": 1}\r\n\r\n{"b": 7.40, "c": [null, true, "协商"]}\n   \n{}'.encode())
    found = list(read_json_lines(file))
    assert found == [(1, {"a": 1}), (3, {"b": Decimal("7.40"), "c": [None, True, "协商"]}), (5, {})]
    assert str(found[1][1]["b"]) == "7.40"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"a": }', "e:2:7 ZX1070"),
        ('  {"协": 1 2}', "e:2:11 ZX1070"),
        ("{'a': 1}", "e:2:2 ZX1070"),
        ("[1]", "e:2:1 ZX1071"),
        ("1", "e:2:1 ZX1071"),
        ('{"a": {"b": 1, "b": 2}}', "e:2:1 ZX1072"),
        ('{"a": NaN}', "e:2:1 ZX1073"),
        ('{"a": -Infinity}', "e:2:1 ZX1073"),
        ('{"a": 1e5}', "e:2:1 ZX1035"),
        ('{"a": 1.5E999999999}', "e:2:1 ZX1035"),
        ('{"a": ' + "9" * 5_000 + "}", "e:2:1 ZX1035"),
        ('{"a": ' + "[" * 100_000, "e:2:1 ZX1032"),
        ('{"a":' * 65 + "1" + "}" * 65, "e:2:1 ZX1032"),
        ('{"a": "\\u202e"}', "e:2:1 ZX1009"),
        ('{"\\u0000": 1}', "e:2:1 ZX1008"),
        ('{"a": ["\\ud800"]}', "e:2:1 ZX1008"),
        ('{"a": "\u200b"}', "e:2:8 ZX1009"),
    ],
)
def test_faults(file: Path, line: str, expected: str, complete: Check) -> None:
    assert faults(file, '{"ok": 1}\n' + line + "\n", complete) == [expected]


def test_brackets_inside_texts_do_not_nest(file: Path) -> None:
    value = {"a": "[" * 500, "b": '"{' * 50}
    file.write_text('{"a": "' + "[" * 500 + '", "b": "' + '\\"{' * 50 + '"}', "utf-8")
    assert list(read_json_lines(file)) == [(1, value)]


def test_other_encodings(file: Path) -> None:
    assert faults(file, '{}\n{"a": "政协"}\n'.encode("gbk")) == ["e:2:8 ZX1005"]
    assert faults(file, '{"a": 1}\n{"a": 2}\n'.encode("utf-16")) == ["e:1:1 ZX1006"]


def test_every_faulty_line_is_listed_and_nothing_follows_the_first(file: Path) -> None:
    file.write_text('{"a": 1}\nx\n{"a": 2}\n[]\n{"a": 3}', "utf-8")
    lines = read_json_lines(file, name="e")
    assert next(lines) == (1, {"a": 1})
    with pytest.raises(InvalidInput) as caught:
        next(lines)
    assert [f"{problem.where} {problem.code}" for problem in caught.value.problems] == [
        "e:2:1 ZX1070",
        "e:4:1 ZX1071",
    ]


def test_bounds(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE", 50)
    assert faults(file, '{}\n{"a": "' + "x" * 1_000 + '"}\n{}\nx') == ["e:2:1 ZX1074"]
    assert faults(file, "x\n" * 1_000)[-1] == "e:100:1 ZX1036"
    with pytest.raises(InvalidInput) as caught:
        list(read_json_lines(file, max_bytes=10))
    assert caught.value.code == "ZX1004"


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        next(read_json_lines(tmp_path / "none.jsonl"))

"""Bytes of a file into text, or one clear error with the place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from zhengxie_flow.errors import InvalidInput, NotFound, ZhengxieError
from zhengxie_flow.reading.decoding import decode, read_text
from zhengxie_flow.reading.input_bounds import Limits

TEXT = "language: 1\nzh: 政府协商\n"


def fault(data: bytes) -> tuple[str, str, dict[str, object]]:
    with pytest.raises(InvalidInput) as caught:
        decode(data, "f.yaml")
    error = caught.value
    return error.code, str(error.where), error.params


def test_plain_utf8_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "定义.yaml"
    path.write_bytes(TEXT.encode())
    assert read_text(path) == TEXT
    assert read_text(str(path)) == TEXT


def test_byte_order_mark_and_foreign_line_ends_leave_the_same_lines() -> None:
    assert decode(b"\xef\xbb\xbf" + TEXT.encode()) == TEXT
    assert decode(TEXT.replace("\n", "\r\n").encode()) == TEXT
    assert decode(TEXT.replace("\n", "\r").encode()) == TEXT
    assert decode(b"a\r\n\r\nb\n\rc").split("\n") == ["a", "", "b", "", "c"]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "gb2312"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_national_encodings_are_named_with_the_place(encoding: str, end: str) -> None:
    data = f"language: 1{end}zh: 政府协商{end}".encode(encoding)
    assert fault(data) == ("ZX1005", "f.yaml:2:5", {"byte": "0xD5"})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_named(encoding: str) -> None:
    code, where, params = fault(TEXT.encode(encoding))
    assert (code, where) == ("ZX1006", "f.yaml:1:1")
    assert str(params["encoding"]) == ("UTF-32" if encoding == "utf-32" else "UTF-16")


def test_other_bytes_are_not_taken_for_chinese() -> None:
    assert fault("协商 café\n".encode() + b"caf\xe9 au\n")[:2] == ("ZX1007", "f.yaml:2:4")
    assert fault(b"\x89PNG\r\n\x1a\n")[0] == "ZX1007"


@pytest.mark.parametrize(
    ("text", "code", "where", "codepoint", "name"),
    [
        ("a\n协\x00", "ZX1008", "f.yaml:2:2", "U+0000", "NULL"),
        ("\x1b[31m", "ZX1008", "f.yaml:1:1", "U+001B", "ESCAPE"),
        ("a\x85b", "ZX1008", "f.yaml:1:2", "U+0085", "NEXT LINE"),
        ("a\u2028b", "ZX1008", "f.yaml:1:2", "U+2028", "LINE SEPARATOR"),
        ("协商\u202e", "ZX1009", "f.yaml:1:3", "U+202E", "RIGHT-TO-LEFT OVERRIDE"),
        ("x\u2066", "ZX1009", "f.yaml:1:2", "U+2066", "LEFT-TO-RIGHT ISOLATE"),
        ("a\u200bb", "ZX1009", "f.yaml:1:2", "U+200B", "ZERO WIDTH SPACE"),
        ("a\ufeffb", "ZX1009", "f.yaml:1:2", "U+FEFF", "ZERO WIDTH NO-BREAK SPACE"),
    ],
)
def test_characters_nobody_sees_are_refused(text: str, code: str, where: str, codepoint: str, name: str) -> None:
    assert fault(text.encode()) == (code, where, {"codepoint": codepoint, "name": name})


def test_several_such_characters_are_reported_together() -> None:
    with pytest.raises(InvalidInput) as caught:
        decode("a\u200b\nb\u202e\n".encode(), "f")
    assert [str(problem.where) for problem in caught.value.problems] == ["f:1:2", "f:2:2"]


def test_missing_file_directory_and_pipe(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as missing:
        read_text(tmp_path / "no.yaml", name="no.yaml")
    assert (missing.value.code, missing.value.params) == ("ZX1001", {"file": "no.yaml"})
    with pytest.raises(InvalidInput) as directory:
        read_text(tmp_path)
    assert (directory.value.code, directory.value.params) == ("ZX1002", {"kind": "directory"})
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidInput) as pipe:
        read_text(tmp_path / "pipe")
    assert (pipe.value.code, pipe.value.params) == ("ZX1002", {"kind": "pipe"})
    with pytest.raises(ZhengxieError):
        read_text("a\x00b")


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.yaml"
    path.write_text(TEXT, "utf-8")

    def refuse(*_: object) -> None:  # permissions do not stop the superuser, under whom tests may run
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(InvalidInput) as caught:
        read_text(path)
    assert (caught.value.code, caught.value.params) == ("ZX1003", {"reason": "Permission denied"})


def test_a_large_file_is_refused_before_a_byte_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)

    def refuse(*_: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InvalidInput) as caught:
        read_text(path)
    assert (caught.value.code, caught.value.params) == ("ZX1004", {"size": 50_000_000, "limit": 1_000_000})


def test_the_limit_is_a_parameter(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"x" * 100)
    assert read_text(path, limits=Limits(max_bytes=100)) == "x" * 100
    with pytest.raises(InvalidInput):
        read_text(path, limits=Limits(max_bytes=99))

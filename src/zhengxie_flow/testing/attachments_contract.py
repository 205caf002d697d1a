# ruff: noqa: S101, D102 - a suite of tests that ships with the package
"""Contract of all places of attachments: subclass, provide one that takes files of 1,000 bytes, run under pytest.

    class TestMyAttachments(AttachmentsContract):
        @pytest.fixture
        def attachments(self):
            return MyAttachments(limit=1000)

        def spoil(self, attachments, digest):
            ...  # change a kept file behind the back of the place

The cases here are about behaviour a caller can see through `zhengxie_flow.ports.Attachments`.
"""

from __future__ import annotations

import hashlib
import io
import os
from typing import TYPE_CHECKING

import pytest

from zhengxie_flow.errors import InvalidInput, NotFound
from zhengxie_flow.ports import Attachment, StagedFile

if TYPE_CHECKING:
    from pathlib import Path

    from zhengxie_flow.ports import Attachments

CONTENT = b"minutes of the meeting\n"
DIGEST = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"
LIMIT = 1000


class AttachmentsContract:
    """The contract suite; a subclass overrides the fixture ``attachments`` and `spoil`."""

    def spoil(self, attachments: Attachments, digest: str) -> None:
        """Change the content of a kept file, its size too, behind the back of the place."""
        raise NotImplementedError

    def kept(self, attachments: Attachments, content: bytes = CONTENT) -> StagedFile:
        staged = attachments.stage(Attachment("minutes.txt", content))
        attachments.keep(staged)
        return staged

    def test_an_empty_place_has_nothing(self, attachments: Attachments) -> None:
        assert list(attachments.hashes()) == []
        assert not attachments.holds(DIGEST, len(CONTENT))
        assert attachments.check(DIGEST, len(CONTENT)).state == "missing"
        assert not attachments.remove(DIGEST)
        with pytest.raises(NotFound) as caught:
            attachments.open(DIGEST)
        assert caught.value.code == "ZX5041"

    def test_a_file_is_there_once_it_is_kept(self, attachments: Attachments) -> None:
        staged = attachments.stage(Attachment("minutes.txt", CONTENT))
        assert (staged.hash, staged.size) == (DIGEST, len(CONTENT))
        assert list(attachments.hashes()) == []
        attachments.keep(staged)
        attachments.keep(staged)
        attachments.discard(staged)
        assert list(attachments.hashes()) == [DIGEST]
        assert attachments.holds(DIGEST, len(CONTENT))
        assert not attachments.holds(DIGEST, len(CONTENT) + 1)
        assert attachments.check(DIGEST, len(CONTENT)).state == "present"
        with attachments.open(DIGEST) as stream:
            assert stream.read() == CONTENT

    def test_what_was_not_kept_is_gone(self, attachments: Attachments) -> None:
        staged = attachments.stage(Attachment("minutes.txt", CONTENT))
        attachments.discard(staged)
        attachments.discard(staged)
        assert list(attachments.hashes()) == []

    def test_equal_files_are_kept_once(self, attachments: Attachments) -> None:
        first, second = (attachments.stage(Attachment(name, CONTENT)) for name in ("a", "b"))
        attachments.keep(second)
        attachments.keep(first)
        self.kept(attachments, b"another")
        assert len(list(attachments.hashes())) == 2

    @pytest.mark.parametrize("size", [0, 1, LIMIT])
    def test_content_of_any_size_up_to_the_limit(self, attachments: Attachments, size: int) -> None:
        staged = self.kept(attachments, bytes(size))
        assert attachments.check(staged.hash, size).state == "present"

    def test_a_file_comes_from_a_path_a_stream_or_bytes(self, attachments: Attachments, tmp_path: Path) -> None:
        path = tmp_path / "minutes.txt"
        path.write_bytes(CONTENT)
        for source in (path, str(path), CONTENT, io.BytesIO(CONTENT)):
            assert attachments.measure(Attachment("minutes.txt", source)) == (DIGEST, len(CONTENT))
        assert list(attachments.hashes()) == []
        for source in (path, str(path), CONTENT, io.BytesIO(CONTENT)):
            assert attachments.stage(Attachment("minutes.txt", source)).hash == DIGEST

    def test_what_is_too_large_or_no_ordinary_file_is_refused(self, attachments: Attachments, tmp_path: Path) -> None:
        large = tmp_path / "large"
        large.write_bytes(bytes(LIMIT + 1))
        sources = [(large, "ZX5044"), (bytes(LIMIT + 1), "ZX5044"), (io.BytesIO(bytes(LIMIT + 1)), "ZX5044")]
        sources += [
            (tmp_path, "ZX6013"),
            (tmp_path / "absent", "ZX6013"),
            ("a\0b", "ZX6013"),
            (io.StringIO("text"), "ZX6013"),
        ]
        if hasattr(os, "mkfifo"):
            os.mkfifo(tmp_path / "pipe")
            sources += [(tmp_path / "pipe", "ZX5043"), ("/dev/zero", "ZX5043")]
        for source, code in sources:
            for read in (attachments.measure, attachments.stage):
                if hasattr(source, "seek"):
                    source.seek(0)
                with pytest.raises(InvalidInput) as caught:
                    read(Attachment("file", source))  # type: ignore[arg-type]
                assert caught.value.code == code, source
        assert list(attachments.hashes()) == []

    def test_a_changed_file_is_noticed_and_healed_by_a_good_one(self, attachments: Attachments) -> None:
        staged = self.kept(attachments)
        self.spoil(attachments, staged.hash)
        assert attachments.check(staged.hash, staged.size).state == "changed"
        self.kept(attachments)
        assert attachments.check(staged.hash, staged.size).state == "present"

    def test_a_removed_file_is_missing(self, attachments: Attachments) -> None:
        staged = self.kept(attachments)
        assert attachments.remove(staged.hash)
        assert not attachments.remove(staged.hash)
        assert attachments.check(staged.hash, staged.size).state == "missing"

    @pytest.mark.parametrize(
        "digest", ["", "x", "sha256:", "sha256:../../etc/passwd", f"{DIGEST}/..", f"{DIGEST}\n", "md5:00"]
    )
    def test_what_is_no_hash_names_no_file(self, attachments: Attachments, digest: str) -> None:
        self.kept(attachments)
        assert not attachments.holds(digest, len(CONTENT))
        assert attachments.check(digest, len(CONTENT)).state == "missing"
        assert not attachments.remove(digest)
        with pytest.raises(NotFound):
            attachments.open(digest)

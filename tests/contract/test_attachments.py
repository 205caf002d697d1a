"""The contract of attachments, run over every place of them, and what is special to a folder."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from zhengxie_flow.errors import StorageError
from zhengxie_flow.ports import Attachment
from zhengxie_flow.storage.attachments import FolderAttachments
from zhengxie_flow.testing.attachments import MemoryAttachments
from zhengxie_flow.testing.attachments_contract import CONTENT, DIGEST, LIMIT, AttachmentsContract

if TYPE_CHECKING:
    from pathlib import Path


class TestMemory(AttachmentsContract):
    @pytest.fixture
    def attachments(self) -> MemoryAttachments:
        return MemoryAttachments(limit=LIMIT)

    def spoil(self, attachments, digest):
        attachments.files[digest] += b"!"


class TestFolder(AttachmentsContract):
    @pytest.fixture
    def attachments(self, tmp_path: Path) -> FolderAttachments:
        return FolderAttachments(tmp_path / "files", limit=LIMIT)

    def place(self, attachments, digest):
        return attachments.folder / "sha256" / digest[7:9] / digest[7:]

    def spoil(self, attachments, digest):
        place = self.place(attachments, digest)
        os.chmod(place, 0o600)
        place.write_bytes(CONTENT + b"!")

    @pytest.mark.skipif(os.name == "nt", reason="no modes there")
    def test_files_and_folders_are_the_owners_alone(self, attachments):
        before = os.umask(0)
        try:
            self.kept(attachments)
        finally:
            os.umask(before)
        modes = {}
        for folder, folders, files in os.walk(attachments.folder):
            modes |= {name: stat.S_IMODE(os.lstat(os.path.join(folder, name)).st_mode) for name in (*folders, *files)}
        assert modes == {"sha256": 0o700, "staging": 0o700, DIGEST[7:9]: 0o700, DIGEST[7:]: 0o400}
        assert stat.S_IMODE(os.stat(attachments.folder).st_mode) == 0o700

    def test_the_folder_is_made_when_the_first_file_comes(self, attachments):
        assert not attachments.holds(DIGEST, 1)
        attachments.measure(Attachment("a", CONTENT))
        assert not attachments.folder.exists()

    def test_nothing_of_a_refused_file_stays(self, attachments):
        with pytest.raises(Exception, match="ZX5044"):
            attachments.stage(Attachment("large", bytes(LIMIT + 1)))
        assert os.listdir(attachments.folder / "staging") == []

    def test_copies_that_killed_programs_left_are_swept_after_a_day(self, attachments):
        old, new = (attachments.stage(Attachment("a", CONTENT)).place for _ in range(2))
        os.utime(old, (0, 0))
        attachments.stage(Attachment("b", CONTENT))
        assert (os.path.exists(old), os.path.exists(new)) == (False, True)

    def test_a_link_in_the_place_of_a_file_is_a_change(self, attachments, tmp_path):
        staged = self.kept(attachments)
        (tmp_path / "elsewhere").write_bytes(CONTENT)
        self.place(attachments, staged.hash).unlink()
        self.place(attachments, staged.hash).symlink_to(tmp_path / "elsewhere")
        assert not attachments.holds(staged.hash, staged.size)
        assert attachments.check(staged.hash, staged.size).state == "changed"

    def test_other_files_in_the_folder_are_none_of_ours(self, attachments):
        self.kept(attachments)
        (attachments.folder / "sha256" / "note.txt").write_text("mine")
        (attachments.folder / "sha256" / DIGEST[7:9] / "note.txt").write_text("mine")
        (attachments.folder / "sha256" / "00").mkdir()
        (attachments.folder / "sha256" / "00" / DIGEST[7:]).write_text("in the wrong place")
        assert list(attachments.hashes()) == [DIGEST]

    @pytest.mark.parametrize("what", ["the folder above is missing", "a file is in its place"])
    def test_a_folder_that_cannot_be_written_says_so(self, tmp_path, what):
        folder = tmp_path / "absent" / "files"
        if "file" in what.split()[1]:
            folder = tmp_path / "files"
            folder.write_text("a file")
        with pytest.raises(StorageError) as caught:
            FolderAttachments(folder).stage(Attachment("a", CONTENT))
        assert (caught.value.code, caught.value.params["folder"]) == ("ZX5045", str(folder))

    def test_a_full_disk_leaves_nothing_and_says_so(self, attachments, monkeypatch):
        attachments.discard(attachments.stage(Attachment("a", CONTENT)))

        def full(_descriptor):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(StorageError) as caught:
            attachments.stage(Attachment("a", CONTENT))
        assert caught.value.code == "ZX5045"
        assert os.listdir(attachments.folder / "staging") == []

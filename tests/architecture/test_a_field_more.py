"""Giving events a field: one line in the model and a migration, and every older journal stays as it was.

The sources are copied, the field is added to the copy, and programs run on it.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("src", "migrations", "scripts", "docs/reference", "processes", "rules")

FIELD = "    channel: str | None = _stored(FieldForm.TEXT, since=2, default=None)\n"
MIGRATION = '''"""Events say through which channel they came."""

import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{before}"
LEAST_VERSION = "9.0.0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and raise the least version that can read the journal."""
    op.add_column("zx_events", sa.Column("channel", sa.Text))
    op.execute("UPDATE zx_journal SET value = '9.0.0' WHERE name = 'least_version'")
'''

PROGRAM = """
import sys
from pathlib import Path
from tests import frozen
from tests.projects import shipped
import zhengxie_flow
from zhengxie_flow import Engine
from zhengxie_flow.model.event import SCHEMA, content
from zhengxie_flow.testing.builders import make_event, make_head

folder = Path(sys.argv[1])
assert Path(zhengxie_flow.__file__).is_relative_to(folder.parent), zhengxie_flow.__file__
database = folder / "journal.db"
added, _ = frozen.unpack("0.1.0", folder)
frozen.restore("0.1.0", f"sqlite:///{database}")
with Engine(database, project=shipped(added)) as engine:
    assert {found.kind for found in engine.verify()} == {"stale"}
    old = engine.journal.events("F-talk")[0]
    assert (old.schema, old.channel) == (1, None)
    version = engine.case("F-talk").version
    with engine.journal.transaction() as write:
        head = write.head("F-talk")
        new = make_event("F-talk", version + 1, action="note", channel="hotline", definition=old.definition)
        (written,) = write.append(head, [new], expected_version=version)
    assert (SCHEMA, written.schema, written.channel) == (2, 2, "hotline")
    assert content(written)["channel"] == "hotline"
    assert engine.journal.events("F-talk")[-1] == written
    assert [found.kind for found in engine.verify() if found.kind not in ("projection", "stale")] == []
"""


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources with one field more."""
    root = tmp_path_factory.mktemp("scratch")
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    model = root / "src/zhengxie_flow/model/event.py"
    text = model.read_text(encoding="utf-8")
    text = text.replace("SCHEMA: Final = 1\n", "SCHEMA: Final = 2\n")
    text = text.replace("    body: AnyBody = _stored", FIELD + "    body: AnyBody = _stored")
    text = text.replace(
        "        body: What changed.\n", "        channel: How it came in.\n        body: What changed.\n"
    )
    model.write_text(text, encoding="utf-8")
    versions = root / "migrations/versions"
    before = max(file.name[:4] for file in versions.glob("[0-9]*.py"))
    (versions / "9000_channel.py").write_text(MIGRATION.replace("{before}", before), encoding="utf-8")
    return root


def run(scratch: Path, *words: str) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{scratch / 'src'}{os.pathsep}{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *words], env=environment, cwd=scratch, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def changed(scratch: Path) -> set[str]:
    """The files that are other than here, or new."""
    files = (path.relative_to(scratch) for name in COPIED for path in (scratch / name).rglob("*") if path.is_file())
    return {
        path.as_posix()
        for path in files
        if not (ROOT / path).exists() or not filecmp.cmp(scratch / path, ROOT / path, shallow=False)
    }


def test_an_older_journal_verifies_and_goes_on(scratch: Path) -> None:
    folder = scratch / "work"
    folder.mkdir()
    run(scratch, "-c", PROGRAM, str(folder))


def test_at_most_four_files_are_touched(scratch: Path) -> None:
    """Two by hand; the rest is written by ``make reference``."""
    by_hand = changed(scratch)
    assert by_hand == {"src/zhengxie_flow/model/event.py", "migrations/versions/9000_channel.py"}
    for script in sorted((scratch / "scripts").glob("gen_[aeo]*.py")):  # the others read processes, checks and commands
        run(scratch, str(script))
    written = changed(scratch) - by_hand
    assert all(path.startswith("docs/reference/") for path in written)
    assert len(by_hand | written) <= 4
    assert "| `channel` | text, or null | `channel` | 2 | yes | How it came in. |" in (
        scratch / "docs/reference/events.md"
    ).read_text(encoding="utf-8")

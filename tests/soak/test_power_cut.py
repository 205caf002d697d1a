"""The power goes while a program writes: thousands of states in which the disk may be left, each opened and checked."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.soak.invariants import check_acknowledged, findings
from tests.soak.lab import Lab
from tests.soak.power import Disk, Step
from tests.soak.project import Place, Template
from tests.soak.recorded import breaks_after, recorded, said
from tests.support import SOAK

from zhengxie_flow import storage
from zhengxie_flow.storage.versions import newest

IMAGES = 2500 if SOAK else 8
ERASED = b"13600136000"
NOTICE_MARK = b"2027-10-09"
pytestmark = pytest.mark.usefixtures("traced")


@pytest.fixture
def place(sqlite_template: Template, tmp_path: Path) -> Iterator[Place]:
    with sqlite_template.copy(tmp_path / "work") as copy:
        yield copy


def images(
    disk: Disk, steps: list[Step], folder: Path, chance: random.Random
) -> Iterator[tuple[int, Path, list[Step]]]:
    """States of the disk after a cut, with the steps before it: at every moment about as often, and at the end."""
    cuts = sorted(chance.choices(range(len(steps) + 1), k=IMAGES - 2)) + [len(steps)] * 2
    after = 0
    for number, cut in enumerate(cuts):
        for step in steps[after:cut]:
            disk.replay(step)
        after = cut
        image = folder / f"image-{number}"
        image.mkdir()
        disk.image(image, chance)
        yield cut, image, steps[:cut]
        shutil.rmtree(image)


def test_what_was_acknowledged_is_on_the_disk(
    lab: Lab, place: Place, tmp_path: Path, chance: random.Random, tally: Counter[str]
) -> None:
    disk, steps = recorded(lab, place, "everything", place.url, str(place.project), "E")
    assert len(said(steps)) == 11
    for _, image, before in images(disk, steps, tmp_path, chance):
        copy = Place(image, f"sqlite:///{image}/zhengxie.db", place.inputs)
        acknowledged = said(before)
        assert breaks_after(copy, acknowledged) == []
        check_acknowledged(copy, acknowledged)
        if "E g" in acknowledged:
            assert ERASED not in copy.bytes(), "an erased value came back"
        copy.engine.dispose()
        tally["states of a disk after a power cut: acts, erasure, checkpoint"] += 1


def test_a_notice_is_whole_or_absent(
    lab: Lab, place: Place, tmp_path: Path, chance: random.Random, tally: Counter[str]
) -> None:
    line = [*place.options, "calendar", "import", place.inputs / "notice.yaml"]
    disk, steps = recorded(lab, place, "zhengxie", *line)
    written = (place.project / "rules" / "calendars" / "cn" / "2027.yaml").read_bytes()
    for cut, image, _ in images(disk, steps, tmp_path, chance):
        copy = Place(image, f"sqlite:///{image}/zhengxie.db", place.inputs)
        stored = image / "rules" / "calendars" / "cn" / "2027.yaml"
        assert not stored.exists() or stored.read_bytes() == written, "half a notice"
        assert stored.exists() or cut < len(steps), "an acknowledged notice is gone"
        assert findings(copy) == []
        copy.engine.dispose()
        tally["states of a disk after a power cut: calendar import"] += 1


def test_a_new_database_is_whole_or_of_no_schema(
    lab: Lab, place: Place, tmp_path: Path, chance: random.Random, tally: Counter[str]
) -> None:
    disk, steps = recorded(lab, place, "zhengxie", "--db", place.project / "new.db", "db", "upgrade")
    for cut, image, _ in images(disk, steps, tmp_path, chance):
        database = image / "new.db"
        if cut == len(steps):
            assert storage.current(database) == newest(), "an acknowledged database is gone"
        assert storage.upgrade(database) == newest()
        engine = sa.create_engine(f"sqlite:///{database}", poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        tally["states of a disk after a power cut: db upgrade"] += 1


@pytest.mark.parametrize("folders", [False, True], ids=["a file", "a folder"])
def test_the_check_notices_what_is_not_flushed(lab: Lab, place: Place, tmp_path: Path, *, folders: bool) -> None:
    """The same writes without their flushes: what was acknowledged is lost in some state, or the check shows nothing."""
    chance = random.Random(1)
    line = [*place.options, "calendar", "import", place.inputs / "notice.yaml"]
    disk, steps = recorded(lab, place, "zhengxie", *line)
    unflushed = [step for step in steps if step[0] != "sync" or Path(step[1]).is_dir() != folders]
    assert unflushed != steps
    for step in unflushed:
        disk.replay(step)
    missing = 0
    for number in range(12):
        image = tmp_path / f"image-{number}"
        image.mkdir()
        disk.image(image, chance)
        stored = image / "rules" / "calendars" / "cn" / "2027.yaml"
        missing += not stored.exists() or NOTICE_MARK not in stored.read_bytes()
    assert missing

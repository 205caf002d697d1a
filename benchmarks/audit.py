"""Cost of an audit: the verdicts of a demo city's matters, against reading their events and folding them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # the measuring lies beside this file, the package may not

from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import date, datetime
from io import StringIO
from tempfile import TemporaryDirectory

from benchmarks._measure import Goal, main, ratio

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.cli.main import main as zhengxie
from zhengxie_flow.engine import fold

CITY = sorted((Path(__file__).resolve().parents[1] / "examples" / "qinghe").glob("*.yaml"))
AS_OF = date(2026, 11, 22)
CLOCK = FixedClock(datetime.fromisoformat("2026-11-22T09:00:00+08:00"))


def goals() -> Iterator[Goal]:
    """All goals of the audit."""
    with TemporaryDirectory() as folder:
        place = f"{folder}/city.db"
        with Engine(place, clock=CLOCK):
            pass  # the tables are made
        with redirect_stdout(StringIO()):  # one line a goal, and nothing else
            code = zhengxie(["--db", place, "import", *map(str, CITY)])
        if code:
            raise SystemExit("the demo city cannot be imported")
        with Engine(place, clock=CLOCK, read_only=True) as engine:
            names = [head.case for head in engine.heads()]

            def folded() -> None:
                for name in names:
                    fold(engine.journal.events(name))

            judged = ratio(lambda: engine.audit(as_of=AS_OF), folded, rounds=15)
            yield Goal("every verdict of a city's year over reading and folding its cases", judged, 8.0, "at most")
            reread = ratio(
                lambda: engine.audit(as_of=AS_OF, readings={"I-2016-02": "from_end"}),
                lambda: engine.audit(as_of=AS_OF),
                rounds=15,
            )
            yield Goal("the same by another reading as well, over the audit", reread, 3.0, "at most")


if __name__ == "__main__":
    main("audit", goals)

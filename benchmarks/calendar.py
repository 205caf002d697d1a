"""Cost of counting working days: against plain date arithmetic, `holidays` and numpy, all in one run."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # this folder would hide the standard library's calendar

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from benchmarks._measure import Goal, main, ratio, run_over

from zhengxie_flow.reading import calendar_pack
from zhengxie_flow.reading.calendars import load
from zhengxie_flow.resources import rules_dir

CAL = load("cn", as_of=date(2026, 11, 22))
DAYS = [date(2026, 1, 5) + timedelta(days=i % 320) for i in range(1_000)]
FEW = DAYS[:20]
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
MILLION = 1_000_000
HEAVY = ("holidays", "numpy", "sqlalchemy", "alembic", "transitions")


def goals() -> Iterator[Goal]:
    """All goals of the calendar."""
    yield from _against_dates()
    yield from _against_holidays()
    yield from _against_numpy()
    yield _loading()
    yield _cold_start()


def _against_dates() -> Iterator[Goal]:
    runs = {
        "add(day, 5)": (_adding(5), 4),
        "add(day, -15)": (_adding(-15), 4),
        "within(day, 5) with its status": (_limit, 15),
    }
    for what, (run, goal) in runs.items():
        yield Goal(f"{what} as a multiple of date + timedelta", ratio(run, _plain, rounds=301), goal, "at most")


def _plain() -> None:
    step = timedelta(days=5)
    for day in DAYS:
        day + step


def _adding(n: int) -> Callable[[], None]:
    def run() -> None:
        add = CAL.add
        for day in DAYS:
            add(day, n)

    return run


def _limit() -> None:
    within = CAL.within
    for day in DAYS:
        within(day, 5).status  # noqa: B018 - reading it is the point


def _against_holidays() -> Iterator[Goal]:
    whats = {
        5: ("add(day, 5): times faster than holidays.get_nth_working_day", 40),
        -15: ("add(day, -15): times faster than holidays.get_nth_working_day", 120),
    }
    counting = "count over a year: times faster than holidays.get_working_days_count"
    try:
        import holidays
    except ImportError:
        for what, goal in (*whats.values(), (counting, 400)):
            yield Goal(what, None, goal, "at least", "holidays is not installed")
        return
    peer = holidays.country_holidays("CN", years=range(2025, 2028))
    for n, (what, goal) in whats.items():
        theirs = run_over(lambda day, n=n: peer.get_nth_working_day(day, n), FEW)
        ours = run_over(lambda day, n=n: CAL.add(day, n), FEW)
        yield Goal(what, ratio(theirs, ours, rounds=51), goal, "at least")
    theirs = run_over(lambda _: peer.get_working_days_count(FIRST, LAST), FEW[:5])
    ours = run_over(lambda _: CAL.count(FIRST, LAST), FEW[:5])
    yield Goal(counting, ratio(theirs, ours, rounds=15), 400, "at least")


def _against_numpy() -> Iterator[Goal]:
    listed = "add_many on a million days: times faster than numpy.busday_offset with a holiday list"
    masked = "add_many on a million days: times faster than numpy.busday_offset with the exact all-days mask"
    try:
        import numpy as np
    except ImportError:
        yield Goal(listed, None, 4, "at least", "numpy is not installed")
        yield Goal(masked, None, 12, "at least", "numpy is not installed")
        return
    every = np.arange(np.datetime64(CAL.first), np.datetime64(CAL.last) + 1)
    off = np.array([day for day in every.tolist() if not CAL.is_working_day(day)], dtype="datetime64[D]")
    holidays = off[np.is_busday(off)]
    starts = np.random.default_rng(20261122).choice(every[30:-60], MILLION)
    week = np.busdaycalendar(holidays=holidays)
    mask = np.busdaycalendar(weekmask="1111111", holidays=off)
    exact = np.busday_offset(starts, 5, roll="backward", busdaycal=mask)
    if not (CAL.add_many(starts, 5) == exact).all():  # with the mask the peer is right, with the list it is not
        yield Goal(masked, float("nan"), 12, "at least", "the answers differ")
        return

    def ours() -> object:
        return CAL.add_many(starts, 5)

    for what, goal, calendar in ((listed, 4, week), (masked, 12, mask)):

        def theirs(calendar: np.busdaycalendar = calendar) -> object:
            return np.busday_offset(starts, 5, roll="backward", busdaycal=calendar)

        yield Goal(what, ratio(theirs, ours, rounds=7), goal, "at least")


def _loading() -> Goal:
    folder = rules_dir() / "calendars" / "cn"
    text = (folder / calendar_pack.PACK).read_bytes()

    def ours() -> object:
        return calendar_pack.load_facts([folder])

    def theirs() -> object:
        return json.loads(text)

    what = "loading the pack, sources checked, as a multiple of json.loads of it"
    return Goal(what, ratio(ours, theirs, rounds=301), 3, "at most")


def _cold_start() -> Goal:
    script = (
        "import sys; sys.argv = ['zhengxie', 'calendar', 'add', '2026-08-31', '5']\n"
        "from zhengxie_flow.cli.main import run\n"
        "try: run()\n"
        "except SystemExit as end: code = end.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], code, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)  # noqa: S603
    what = f"heavy packages ({', '.join(HEAVY)}) that `zhengxie calendar add` imports"
    messages = done.stderr.strip().splitlines()[-1:] or ["nothing was said"]
    if done.returncode or not messages[0].endswith((" 0", " None")):
        return Goal(what, float("inf"), 0, "at most", messages[0])
    imported = sum(name in messages[0] for name in HEAVY)
    return Goal(what, imported, 0, "at most")


if __name__ == "__main__":
    main("calendar", goals)

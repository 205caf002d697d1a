"""Programs that embed the engine, run as children: each acknowledges every act after it has returned."""

from __future__ import annotations

import itertools
import os
import random
import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.errors import ZhengxieError

Say = Callable[[str], object]


def opened(db: str, project: str) -> Engine:
    """An engine as the command line makes it: with its clock, and papers kept in the project."""
    clock = FixedClock(datetime.fromisoformat(os.environ["ZHENGXIE_CLOCK"]))
    return Engine(db, project=project, create=False, clock=clock, attachments=Path(project) / "papers")


def acts(say: Say, db: str, project: str, case: str, first: int = 1, last: int = 10**6, size: int = 1) -> int:
    """Open a case and record one act after another until killed; an error of ours is said and ends it."""
    with opened(db, project) as engine:
        try:
            engine.open("town/petition", case, by="clerk", facts={"topic": "绿化"}, key=f"{case}.0")
            say(f"{case} {case}.0")
            for number in range(first, last):
                key = f"{case}.{number}"
                phone = random.Random(key).randbytes(size).hex()
                engine.record(case, "receive", at=date(2026, 3, 2), by="clerk", key=key, fields={"phone": phone})
                say(f"{case} {key}")
        except ZhengxieError as error:
            say(error.code)
            return 3
    return 0


def crowd(say: Say, db: str, project: str, case: str, threads: int) -> None:
    """Several threads write on one engine: half of them to a case of their own, all of them to one in common."""
    with opened(db, project) as engine:
        engine.open("town/petition", case, by="clerk", facts={"topic": "绿化"}, key="open")
        say(f"{case} open")

        def work(number: int) -> None:
            own = f"{case}/{number}"
            engine.open("town/petition", own, by="clerk", facts={"topic": "绿化"}, key="open")
            say(f"{own} open")
            for turn in itertools.count():
                target, key = (own, case)[turn % 2], f"{number}.{turn}"
                engine.record(target, "receive", at=date(2026, 3, 2), by="clerk", key=key, fields={"phone": "1"})
                say(f"{target} {key}")

        workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()


def everything(say: Say, db: str, project: str, case: str) -> None:
    """Write once in every way there is."""
    with opened(db, project) as engine:
        engine.open("town/petition", case, by="clerk", facts={"petitioner": "张三丰"}, key="a")
        say(f"{case} a")
        engine.record(case, "receive", at=date(2026, 3, 2), by="clerk", fields={"phone": "13700137000"}, key="b")
        say(f"{case} b")
        engine.open("town/inquiry", f"{case}/1", by="clerk", under=case, key="c")
        say(f"{case}/1 c")
        engine.advance(case, "name", by="clerk", item="w1", fields={"name": "李四光", "kind": "expert"}, key="d")
        say(f"{case} d")
        engine.determine(case, {"born": "1975-05-05"}, by="clerk", reason="identity card", key="e")
        say(f"{case} e")
        engine.correct(case, 2, reason="typing", by="clerk", fields={"phone": "13600136000"}, key="f")
        say(f"{case} f")
        engine.erase(case, 2, "phone", reason="asked", by="clerk", key="g")
        say(f"{case} g")
        engine.checkpoint()
        engine.advance(f"{case}/1", "end", by="clerk", key="h")
        say(f"{case}/1 h")
        paper = Path(project) / "processes" / "town" / "law.yaml"
        attached = engine.record(case, "receive", at=date(2026, 3, 2), by="clerk", evidence=[paper], key="i")
        say(f"{case} i")
        engine.erase(case, attached.sequence, "evidence", reason="asked", by="clerk", key="j")
        say(f"{case} j")
        paper = Path(project) / "processes" / "town" / "petition.yaml"
        engine.record(case, "receive", at=date(2026, 3, 2), by="clerk", evidence=[paper], key="k")
        say(f"{case} k")


def retried(say: Say, db: str, project: str, case: str, times: int = 1) -> None:
    """Write in several ways; what fails is told and given again on the same engine."""
    with opened(db, project) as engine:
        steps: tuple[Callable[[], object], ...] = (
            lambda: engine.open("town/petition", case, by="clerk", facts={"topic": "绿化"}, key="a"),
            lambda: engine.record(case, "receive", at=date(2026, 3, 2), by="clerk", fields={"phone": "1"}, key="b"),
            lambda: engine.open("town/inquiry", f"{case}/1", by="clerk", under=case, key="c"),
            engine.checkpoint,
            lambda: engine.erase(case, 2, "phone", reason="asked", by="clerk", key="d"),
            engine.tick,
        )
        for step in steps:
            for left in reversed(range(times + 1)):
                try:
                    step()
                    break
                except ZhengxieError as error:
                    say(error.code)
                    if not left:
                        raise

"""Processes that are called otherwise than their file."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1242"
NAME = "misnamed-process"
REASON = Reason(
    en="A process is found by the name of its file; another name inside misleads whoever reads it.",
    zh="流程按文件名查找；文件内写的名称不同，会误导读者。",
)
GOOD: tuple[Example, ...] = (
    """\
process: talk
""",
)
BAD: tuple[Example, ...] = (
    """\
process: talks
# ^ talks
""",
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report a process whose id is not the name of its file."""
    process, file = loaded.definition.process.process, loaded.definition.id.rpartition("/")[2]
    if process != file:
        yield fault(CODE, Place(loaded.process, loaded.process.node, ("process",)), name=process, file=file)

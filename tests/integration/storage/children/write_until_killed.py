# ruff: noqa: T201 - speaks to its parent by printing
"""Write one large transaction and report each step; the parent decides where to kill: ``PATH COUNT``."""

import sys

from zhengxie_flow import storage
from zhengxie_flow.testing.builders import make_deadline, make_definition, make_event, make_head, make_projection

path, count = sys.argv[1], int(sys.argv[2])


def reached(step: str) -> None:
    print(step, flush=True)
    sys.stdin.readline()  # wait for the parent: it answers, or kills


with storage.open_journal(path) as journal:
    with journal.transaction() as transaction:
        transaction.keep_definition(make_definition())
        for number in range(count):
            case = f"case-{number % 10}"
            head = transaction.head(case)
            version = head.version if head else 0
            event = make_event(case, version + 1, body={"fields": {"minutes": "协商记录" * 500}})
            transaction.append(make_head(case), [event], expected_version=version)
            transaction.project(make_projection(case, [make_deadline(case, "a7.2.notice", event.recorded.date())]))
            if number == count // 2:
                reached("half")
        reached("before commit")
    reached("committed")

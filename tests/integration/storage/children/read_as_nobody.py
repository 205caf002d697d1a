# ruff: noqa: F401, T201 - loaded early on purpose; speaks to its parent by printing
"""Open a journal without the rights of root and print what happened: ``PATH`` -> JSON on stdout.

Modules are loaded first, because the interpreter itself may lie where only root can read.
"""

import json
import os
import sys

import sqlalchemy.dialects.sqlite

import zhengxie_flow.storage.opening
from zhengxie_flow import storage
from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.testing.builders import make_event, make_head

NOBODY = 65534

if os.getuid() == 0:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def read(path: str) -> object:
    try:
        with storage.open_journal(path, read_only=True) as journal:
            return [[head.case for head in journal.heads()], len(list(journal.verify()))]
    except ZhengxieError as error:
        return error.code


def write(path: str) -> object:
    try:
        with storage.open_journal(path, busy_timeout=0.01) as journal, journal.transaction() as transaction:
            transaction.append(make_head("new"), [make_event("new", 1)], expected_version=0)
    except ZhengxieError as error:
        return error.code
    return "written"


print(json.dumps({"read": read(sys.argv[1]), "write": write(sys.argv[1])}))

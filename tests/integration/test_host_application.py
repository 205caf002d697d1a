"""The host application of ``examples/host``, as its office runs it: its own tables and migrations beside the journal."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from tests.support import shanghai

from zhengxie_flow import Runtime
from zhengxie_flow.bootstrap import FixedClock

HOST = Path(__file__).parents[2] / "examples" / "host"
sys.path.insert(0, str(HOST))
from office.app import create_app, procedures  # noqa: E402
from office.tables import database  # noqa: E402

CLOCK = FixedClock(shanghai("2026-01-20T09:00:00"))
GENERAL_OFFICE = {"X-Role": "general_office", "X-Actor": "li"}
DEPARTMENT = {"X-Role": "undertaking_department", "X-Actor": "wang"}
MANY = 24


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    return procedures(CLOCK)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/office.db"
    return str(request.getfixturevalue("postgresql"))


def alembic(url: str) -> Config:
    config = Config(HOST / "alembic.ini", output_buffer=io.StringIO())
    config.attributes["url"] = url
    return config


@pytest.fixture
def host(url: str) -> Iterator[sa.Engine]:
    command.upgrade(alembic(url), "head")
    engine = database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def client(host: sa.Engine, runtime: Runtime) -> Iterator[TestClient]:
    with TestClient(create_app(host, runtime), headers={"Accept-Language": "en"}) as client:
        yield client


def receive(client: TestClient, case: str, **headers: str) -> Any:
    letter = {"case": case, "sender": f"sender of {case}", "parties": {"party_a": "democratic_party"}}
    return client.post("/letters", json=letter, headers=GENERAL_OFFICE | headers)


def test_a_letter_goes_through_its_procedure(client: TestClient) -> None:
    assert receive(client, "m1").status_code == 201
    plan = client.post("/letters/m1/acts/hold", json={"planned": "2026-03-04"}, headers=DEPARTMENT)
    assert plan.json()["sequence"] == 2
    [notice] = [row for row in client.get("/due").json()["rows"] if row["obligation"] == "a7.2.notice"]
    assert (notice["item"], notice["day"]) == ("party_a", "2026-02-05")
    assert client.get("/due", params={"until": "2026-02-04"}).json()["rows"] == []
    refused = client.post("/letters/m1/acts/hold", json={}, headers=GENERAL_OFFICE)
    assert refused.status_code == 409
    assert {"role", "state"} <= {reason["id"] for reason in refused.json()["reasons"]}
    told = {"item": "party_a", "day": "2026-01-19"}
    assert (
        client.post("/letters/m1/acts/deliver_notice", json=told, headers=GENERAL_OFFICE).json()["mode"] == "recorded"
    )
    shown = client.get("/letters/m1", headers=GENERAL_OFFICE).json()
    assert shown["bells"] == ["opened", "hold", "deliver_notice"]  # rung in the transactions that stored these
    forms = {form["action"]: form for form in shown["forms"]}
    assert forms["add_counterpart"]["label"]["en"] == "Add a counterpart"
    assert all(line["sentence"] for line in shown["verdicts"])
    assert "a7.2.notice" in {line["obligation"] for line in shown["verdicts"]}
    assert [row["sender"] for row in client.get("/letters").json()["rows"]] == ["sender of m1"]
    page = client.get("/feed").json()
    assert [(event["case"], event["sequence"]) for _, event in page["entries"]] == [("m1", 1), ("m1", 2), ("m1", 3)]
    assert client.get("/feed", params={"after": page["next"]}).json()["entries"] == []


def test_mistakes_are_answered_in_words_and_leave_nothing(client: TestClient) -> None:
    first = receive(client, "m1", **{"Idempotency-Key": "mail-1"}).json()
    again = receive(client, "m1", **{"Idempotency-Key": "mail-1"}).json()
    assert again["hash"] == first["hash"]  # the same request, the same event
    other = client.post("/letters", json={"case": "m2", "sender": "x"}, headers={"X-Role": "nobody"})
    assert other.status_code in {409, 422}
    assert [row["case"] for row in client.get("/letters").json()["rows"]] == ["m1"]  # neither the letter nor the case
    absent = client.get("/letters/m2", headers=GENERAL_OFFICE)
    assert (absent.status_code, absent.json()["code"]) == (404, "ZX4002")


def test_its_own_rules_stand_beside_the_laws(client: TestClient, host: sa.Engine, runtime: Runtime) -> None:
    receive(client, "m1")
    why = {"by": "general_office_head", "actor": "zhao", "reason": "few are affected"}
    runtime.on(host).determine("m1", {"hearing_required": False}, **why)
    assert "few are affected" in client.get("/letters/m1", headers=GENERAL_OFFICE).text
    assert "few are affected" not in client.get("/letters/m1", headers={"X-Role": "general_office"}).text
    nameless = client.post("/letters", json={"case": "m2", "sender": "x"}, headers={"X-Role": "general_office"})
    assert (nameless.status_code, nameless.json()["code"]) == (409, "ZX4121")
    assert [row["case"] for row in client.get("/letters").json()["rows"]] == ["m1"]
    to = {"to": "office:education_bureau"}
    assigned = client.post("/letters/m1/roles/undertaking_department", params=to, headers=GENERAL_OFFICE)
    assert (assigned.status_code, assigned.json()["type"]) == (200, "assigned")
    pages = [client.get("/letters", params={"to": office}).json()["rows"] for office in ("education_bureau", "x")]
    assert [[(row["case"], row["sender"]) for row in rows] for rows in pages] == [[("m1", "sender of m1")], []]


def test_no_opening_inside_its_transactions_is_lost(client: TestClient, host: sa.Engine, runtime: Runtime) -> None:
    start = threading.Barrier(MANY)

    def one(number: int) -> int:
        start.wait()
        return int(receive(client, f"m{number:02}").status_code)

    with ThreadPoolExecutor(MANY) as pool:
        assert list(pool.map(one, range(MANY))) == [201] * MANY
    engine = runtime.on(host)
    letters = [row["case"] for row in client.get("/letters").json()["rows"]]
    assert letters == [head.case for head in engine.heads()] == [f"m{number:02}" for number in range(MANY)]
    assert engine.verify() == ()


def test_its_migrations_are_whole_and_propose_nothing(host: sa.Engine, url: str) -> None:
    command.check(alembic(url))  # its metadata are its tables, and ours are left alone
    command.downgrade(alembic(url), "base")
    assert "zx_events" in sa.inspect(host).get_table_names()
    command.upgrade(alembic(url), "head")


def test_it_stays_small() -> None:
    files = [file for file in HOST.rglob("*") if file.suffix in {".py", ".ini", ".mako"}]
    assert sum(len(file.read_text("utf-8").splitlines()) for file in files) <= 300

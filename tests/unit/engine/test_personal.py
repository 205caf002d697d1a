"""Which values of an event are personal, by the definition alone."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support import DATA

from zhengxie_flow.engine import CompiledProcess, compile_process
from zhengxie_flow.engine.events.personal import personal_fields, personal_names
from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.personal import alike, readable, withheld
from zhengxie_flow.model.values import ValueType, read_value
from zhengxie_flow.reading.definitions import Files
from zhengxie_flow.testing.builders import make_event

ERASED = {"$erased": "2026-03-05T10:00:00+08:00"}


@pytest.fixture(scope="module")
def petition() -> CompiledProcess:
    return compile_process(
        Files(DATA / "personal" / "processes", DATA / "personal" / "rules").load("town/petition").definition
    )


NEEDED = {
    EventType.OPENED: {"process": "town/petition", "zone": "Asia/Shanghai", "state": {"to": "received"}},
    EventType.SUBCASE: {
        "subcase": {"name": "inquiry", "case": "b", "process": "q", "state": "s", "final": False, "event": 1}
    },
}


def event(body: dict[str, Any], **fields: Any) -> Event:
    kind = fields.get("type", EventType.ACT)
    return make_event("a", 1, body={**NEEDED.get(kind, {}), **body}, **fields)


@pytest.mark.parametrize(
    ("body", "fields", "expected"),
    [
        ({"facts": {"petitioner": "x", "topic": "y"}}, {"type": EventType.OPENED}, ["/facts/petitioner"]),
        ({"fields": {"petitioner": "x", "phone": "1"}}, {"action": "receive"}, ["/fields/petitioner", "/fields/phone"]),
        ({"fields": {"phone": "1"}}, {"action": "reply"}, []),
        ({"facts": {"age": 7}}, {"item": "w1"}, ["/facts/age"]),
        ({"facts": {"age": 7}}, {}, []),
        (
            {"items": {"added": [{"type": "witness", "id": "w", "fields": {"kind": "expert", "name": "x"}}]}},
            {"action": "name"},
            ["/items/added/0/fields/name"],
        ),
        (
            {"replacement": {"body": {"fields": {"phone": "1"}}}, "reason": "typing"},
            {"action": "receive", "type": EventType.CORRECTED},
            ["/replacement/body/fields/phone"],
        ),
        ({"line": "abc", "facts": {"topic": "y"}}, {}, ["/line"]),
        ({"state": {"from": "received", "to": "replied"}}, {"action": "reply"}, []),
    ],
)
def test_the_pointers_of_personal_values(
    petition: CompiledProcess, body: dict[str, Any], fields: dict[str, Any], expected: list[str]
) -> None:
    assert list(personal_fields(petition, event(body, **fields))) == expected


def test_what_is_personal_in_a_subcase_is_so_where_it_is_told(petition: CompiledProcess) -> None:
    told = event({"fields": {"informant": "x"}}, action="inquiry.told", type=EventType.SUBCASE)
    assert personal_fields(petition, told) == ()
    assert personal_fields(petition, told, frozenset({"informant"})) == ("/fields/informant",)


def test_every_name_of_a_personal_value(petition: CompiledProcess) -> None:
    assert personal_names(petition) == {"petitioner", "born", "name", "age", "phone"}


def test_an_erased_value_is_unknown_and_like_any_other() -> None:
    assert withheld(ERASED)
    assert not withheld({"a": 1})
    assert readable(ERASED) is None
    assert readable("x") == "x"
    assert alike({"a": ["x", 1]}, {"a": [ERASED, 1]})
    assert not alike({"a": ["x", 1]}, {"a": [ERASED, 2]})
    assert not alike({"a": 1}, {"a": 1, "b": 2})
    assert not alike([1], [1, 2])


def test_a_personal_value_that_cannot_be_read_is_not_repeated() -> None:
    kind = ValueType(type="date", personal=True)
    with pytest.raises(UsageError) as refused:
        read_value(kind, "born on a secret day", "born")
    assert "secret" not in str(refused.value.params)
    with pytest.raises(UsageError) as long:
        read_value(ValueType(type="date"), "x" * 100_000, "day")
    assert len(str(long.value.params["given"])) < 100

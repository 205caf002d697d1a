"""The triggers that keep what is written from being changed or removed, in the words in which the migrations make them.

A trigger of the right name that does nothing guards nothing; so verification compares what they say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

KEPT_FOR_EVER: Final = ("zx_events", "zx_definitions", "zx_checkpoints", "zx_users", "zx_holdings")
"""The tables whose rows are never changed or removed."""

_ERASING: Final = "OLD.value IS NOT NULL AND NEW.value IS NULL AND NEW.digest = OLD.digest AND NEW.field = OLD.field"
_SAME_EVENT: Final = "NEW.case_id = OLD.case_id AND NEW.sequence = OLD.sequence"
_GIVEN_BACK: Final = (  # as PostgreSQL writes it
    "(NOT ((old.value IS NOT NULL) AND (new.value IS NULL) AND (new.digest = old.digest) "
    "AND ((new.field)::text = (old.field)::text) AND ((new.case_id)::text = (old.case_id)::text) "
    "AND (new.sequence = old.sequence)))"
)
_FUNCTION: Final = "zx_append_only"


def _of_sqlite() -> dict[tuple[str, str], str]:
    texts = {
        (table, f"{table}_no_{verb.lower()}"): f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in KEPT_FOR_EVER
        for verb in ("UPDATE", "DELETE")
    }
    table = "zx_personal"
    texts[table, "zx_personal_no_delete"] = (
        "CREATE TRIGGER zx_personal_no_delete BEFORE DELETE ON zx_personal "
        "BEGIN SELECT RAISE(ABORT, 'zx_personal: a value is erased, its row stays'); END"
    )
    texts[table, "zx_personal_only_erase"] = (
        "CREATE TRIGGER zx_personal_only_erase BEFORE UPDATE ON zx_personal "
        f"WHEN NOT ({_ERASING} AND {_SAME_EVENT}) "
        "BEGIN SELECT RAISE(ABORT, 'zx_personal: a value can only be erased'); END"
    )
    return texts


def _of_postgresql() -> dict[tuple[str, str], str]:
    call = f"EXECUTE FUNCTION {_FUNCTION}()"
    texts: dict[tuple[str, str], str] = {}
    for table in KEPT_FOR_EVER:
        name = f"{table}_append_only"
        texts[table, name] = f"CREATE TRIGGER {name} BEFORE DELETE OR UPDATE ON {table} FOR EACH ROW {call}"
        name = f"{table}_no_truncate"
        texts[table, name] = f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}"
    for name, event, condition in (
        ("zx_personal_no_delete", "DELETE", ""),
        ("zx_personal_only_erase", "UPDATE", f"WHEN ({_GIVEN_BACK}) "),
    ):
        texts["zx_personal", name] = (
            f"CREATE TRIGGER {name} BEFORE {event} ON zx_personal FOR EACH ROW {condition}{call}"
        )
    return texts


TEXTS: Final[Mapping[str, Mapping[tuple[str, str], str]]] = {"sqlite": _of_sqlite(), "postgresql": _of_postgresql()}
"""The text of each trigger by its table and name, by dialect."""

FUNCTION_TEXT: Final = "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END"
"""The body of the function that the triggers of PostgreSQL call."""


def normal(text: str) -> str:
    """Return a definition in the form in which it is compared: without the names of schemas, in one layout.

    Args:
        text: The definition, as it was given or as a database gives it back.

    Returns:
        It with single blanks, and none within brackets, in small letters.

    Example:
        >>> normal("BEFORE UPDATE  ON public.zx_events ( x )")
        'before update on zx_events (x)'
    """
    text = " ".join(text.lower().replace('"', "").split())
    return re.sub(r"\b\w+\.(?=zx_)", "", text.replace("( ", "(").replace(" )", ")"))

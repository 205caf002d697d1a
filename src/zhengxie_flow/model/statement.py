"""Statements built in for every process, and who may make them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from zhengxie_flow.model.base import Id, Model, one_or_many

StatementKind = Literal["plan", "explain", "correct", "open", "assign", "urge"]


class Statement(Model):
    """A built-in statement; ``by`` names the roles that may make it."""

    by: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = ()


class Statements(Model):
    """The roles that may ``plan`` acts, ``explain`` departures, ``correct`` the record, ``open`` cases,
    ``assign`` roles of a case and ``urge`` those who owe a duty.

    Without ``by`` every role of the process may; a departure is explained by who owes the duty, and by the roles named.
    """

    plan: Statement = Statement()
    explain: Statement = Statement()
    correct: Statement = Statement()
    open: Statement = Statement()
    assign: Statement = Statement()
    urge: Statement = Statement()

    def by(self, kind: StatementKind) -> tuple[str, ...]:
        """The roles named for a statement; none where every role may make it."""
        statement: Statement = getattr(self, kind)
        return statement.by

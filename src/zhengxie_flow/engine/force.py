"""How heavily a verdict weighs by the force of the duty."""

from __future__ import annotations

from zhengxie_flow.model.verdict import Verdict

V = Verdict


def weigh(verdict: Verdict, force: str) -> Verdict:
    """How heavily a plain verdict weighs: ``should`` softens a breach, ``by_reference`` each step once."""
    if verdict is V.BREACH and force in ("should", "by_reference"):
        return V.DEVIATION
    if verdict is V.DEVIATION and force == "by_reference":
        return V.FINDING
    return verdict

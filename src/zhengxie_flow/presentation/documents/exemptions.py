"""The document of exemptions, year by year."""

from __future__ import annotations

from dataclasses import dataclass

from zhengxie_flow.services.queries.exemptions import Year


@dataclass(frozen=True, slots=True)
class ExemptionYears:
    """How often powers to exempt were used in each civil year."""

    years: tuple[Year, ...]

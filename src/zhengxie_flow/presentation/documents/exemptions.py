"""The document of exemptions, year by year."""

from __future__ import annotations

from dataclasses import dataclass

from zhengxie_flow.services.queries.exemptions import Year


@dataclass(frozen=True, slots=True)
class ExemptionYears:
    """The use of powers to exempt in each civil year."""

    years: tuple[Year, ...]

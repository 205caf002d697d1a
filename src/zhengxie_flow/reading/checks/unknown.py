"""Names that lead nowhere, each with what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhengxie_flow.reading.checks.catalogue import Defect
from zhengxie_flow.reading.checks.mentions import Mention, mentions
from zhengxie_flow.reading.checks.stories import told_names
from zhengxie_flow.reading.shapes import nearest
from zhengxie_flow.reading.sources import Loaded

SHOWN = 8
"""How many of the right names a message lists, the likest first."""


def unknown(loaded: Loaded, kind: str, mentioned: Iterable[Mention] | None = None) -> Iterator[Defect]:
    """The names of a kind that lead nowhere, each with the nearest that would lead somewhere."""
    for mention in (*mentions(loaded), *told_names(loaded)) if mentioned is None else mentioned:
        if mention.kind == kind and mention.name not in mention.known:
            yield Defect(mention.place, **suggestion(mention.name, mention.known))


def suggestion(name: str, known: Iterable[str]) -> dict[str, str]:
    """The parameters of "no such name": the name, what was meant, and what there is."""
    left: list[str] = list(dict.fromkeys(known))
    likest: list[str] = []
    while left and len(likest) < SHOWN:
        likest.append(nearest(name, left)[0])
        left.remove(likest[-1])
    shown = ", ".join(likest) + (", …" if left else "")
    return {"name": name, "suggestion": likest[0] if likest else "-", "known": shown or "-"}

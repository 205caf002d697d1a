"""Former ids of processes, from the files that speak of any."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from zhengxie_flow.reading.sources import read_any

_SPEAKS_OF_FORMER = re.compile(rb"^was:", re.MULTILINE)


def former_ids(processes: Path, root: Path, ids: Iterable[str]) -> dict[str, str]:
    """The ids of processes today by those they had before; only files that speak of any are read as YAML.

    Args:
        processes: The folder of processes.
        root: The folder that messages name files from.
        ids: The ids of the processes.
    """
    former: dict[str, str] = {}
    for ident in ids:
        path = processes / f"{ident}.yaml"
        source = read_any(path, root, [], top="map") if _SPEAKS_OF_FORMER.search(path.read_bytes()) else None
        names = None if source is None else source.node.value.get("was")
        former |= dict.fromkeys(map(str, names if isinstance(names, list) else [names] if names else []), ident)
    return former

"""Names of the files of a project, and what they are called in messages; nothing is read here."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

LAW: Final = "law.yaml"
REGISTER: Final = "interpretations.yaml"
VOCABULARY: Final = "vocabulary.yaml"
"""The file beside processes that holds what they share."""

LABELS: Final = "labels.en.yaml"
"""The file beside processes that holds their English labels."""

SIGNATURES: Final = ".signatures.yaml"
"""The end of the name of the file that holds the signatures of the process beside it."""

SCENARIOS: Final = "scenarios"
EDITIONS: Final = "editions"
"""The folder beside a process that holds, in a folder of its name, its later editions."""

VOLUMES: Final = "volumes"
"""The folder that holds the volumes of the processes beside it and below."""

NO_PROCESS: Final = (LAW, REGISTER, VOCABULARY, LABELS)
"""Names of the files of a folder that hold no process but what its processes rest on."""


def is_process(inner: Path) -> bool:
    """True if a file holds a process, by its path below the folder of processes."""
    if inner.name.endswith(SIGNATURES) or inner.name in NO_PROCESS:
        return False
    return not {SCENARIOS, EDITIONS, VOLUMES} & set(inner.parts[:-1])


def label_of(path: Path, root: Path) -> str:
    """Label of a file in messages: its path, relative to the project where it lies in it."""
    try:
        return str(PurePosixPath(path.relative_to(root)))
    except ValueError:
        return str(path)

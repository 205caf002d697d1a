"""Verification of the stored definitions: each must hash to its id, and its columns be those of its content."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from zhengxie_flow.errors import StorageError
from zhengxie_flow.model.event import canonical
from zhengxie_flow.ports import Finding, StoredDefinition
from zhengxie_flow.storage.chain import definition_hash
from zhengxie_flow.storage.raw import AnyRow
from zhengxie_flow.storage.texts import as_text


@dataclass(slots=True)
class StoredDefinitions:
    """The definitions of a journal as they were found.

    Attributes:
        computed: The hash that each has now, by its id; None where it cannot be read.
        wrong: Of those that hash to their id, what is not as it was written beside it.
    """

    computed: dict[str, str | None] = field(default_factory=dict)
    wrong: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Iterable[AnyRow]) -> StoredDefinitions:
        """Verify definitions.

        Args:
            stored: Their rows.

        Returns:
            The definitions.
        """
        definitions = cls()
        for row in stored:
            digest = as_text(row.hash)
            definitions.computed[digest] = None
            try:
                bundle = json.loads(row.bundle)
                definition = StoredDefinition(hash=row.hash, process=row.process, bundle=bundle, sources={})
                definitions.computed[digest] = definition_hash(definition)
                wrong = _misfit(row, bundle)
            except (ValueError, TypeError, AttributeError, RecursionError, StorageError):
                continue  # not JSON, or an id that names no hash
            if wrong is not None:
                definitions.wrong[digest] = wrong
        return definitions

    def findings(self, named: Collection[str]) -> Iterator[Finding]:
        """Find the definitions that are not as they were stored.

        Args:
            named: The definitions that some case names: it reports the changed ones itself.

        Yields:
            The findings.
        """
        for digest, computed in self.computed.items():
            if digest != computed and digest not in named:
                yield Finding(case="", sequence=None, kind="definition", expected=digest, found=computed)
            elif digest == computed and digest in self.wrong:
                expected, actual = self.wrong[digest]
                yield Finding(case="", sequence=None, kind="definition", expected=expected, found=actual)


def _misfit(row: AnyRow, bundle: Any) -> tuple[str, str] | None:
    """A column that is not what the content of the definition gives; the texts it came from are only known by name."""
    if json.dumps(bundle, ensure_ascii=False, separators=(",", ":")) != row.bundle:
        return f"bundle of {row.hash}", "another text of the same content"
    process = bundle.get("id", row.process)
    if row.process != process or not isinstance(process, str):
        return f"process={as_text(process)}", f"process={as_text(row.process)}"
    if not _are_sources(row.sources):
        return f"sources of {row.hash}", as_text(row.sources)[:80]
    return None


def _are_sources(text: Any) -> bool:
    try:
        sources = json.loads(text)
        return (
            isinstance(sources, dict)
            and all(isinstance(content, str) for content in sources.values())
            and bool(canonical(sources).decode() == text)
        )
    except (ValueError, TypeError, RecursionError):
        return False

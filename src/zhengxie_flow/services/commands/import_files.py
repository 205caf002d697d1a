"""Files that a case file names as evidence: read from its own folder, and from nowhere else."""

from __future__ import annotations

from pathlib import Path

from zhengxie_flow.errors import InvalidInput
from zhengxie_flow.model.scenario import EvidenceFile, ScriptEvent
from zhengxie_flow.ports import Attachment
from zhengxie_flow.services.attaching import evidence_texts
from zhengxie_flow.services.context import Context


def with_files(context: Context, script_event: ScriptEvent, file: str | None) -> ScriptEvent:
    """Replace the files among the evidence of an entry by the texts that an event keeps of them.

    Args:
        context: The ports; outside `staging`, files are only read.
        script_event: The entry.
        file: The case file that it stands in.

    Returns:
        The entry, with its evidence as texts.

    Raises:
        InvalidInput: ZX5046, a file lies outside the folder of the case file; a file cannot be read, or is too large.
        UsageError: ZX5042, there is no place for attachments.
        StorageError: ZX5045, a file cannot be copied.
    """
    if not any(isinstance(entry, EvidenceFile) for entry in script_event.evidence):
        return script_event
    folder = Path(file or ".").parent
    evidence = tuple(
        Attachment(entry.file, _inside(folder, entry.file)) if isinstance(entry, EvidenceFile) else entry
        for entry in script_event.evidence
    )
    return script_event.model_copy(update={"evidence": evidence_texts(context, evidence)})


def _inside(folder: Path, name: str) -> Path:
    """The path of a file below a folder; a case file that somebody sent can name no other."""
    try:
        top, path = folder.resolve(), (folder / name).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise InvalidInput("ZX5046", file=name) from error
    if Path(name).is_absolute() or not path.is_relative_to(top):
        raise InvalidInput("ZX5046", file=name)
    return path

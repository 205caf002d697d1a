"""Checks of signatures: the text that somebody signed is the text that stands, and of this process."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model.signature import Signatures
from zhengxie_flow.reading.checks.catalogue import Defect, check, warning
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.sources import Loaded


@warning(
    "ZX1350",
    "changed-since-signed",
    en="Who signs a text signs that text; once it is another, somebody reads it again and signs anew.",
    zh="签署的是当时的文本；文本变了，就要重新核对、重新签署。",
)
def changed_since_signed(loaded: Loaded) -> Iterator[Defect]:
    """Report the latest signature of each person whose content is not what stands today."""
    if loaded.signatures is None:
        return
    hashes: dict[str | None, str] = {None: loaded.definition.hash}
    hashes |= {_name(edition): edition.definition.hash for edition in loaded.editions}
    place = Place(loaded.signatures, loaded.signatures.node, ("signatures",))
    signatures = Signatures.model_validate(loaded.signatures.node.value)
    for position, signature in signatures.standing().values():
        current = hashes.get(signature.edition)
        if current != signature.hash:
            yield Defect(place.at(position, "hash"), signer=signature.name, date=signature.date, current=current or "-")


def _name(loaded: Loaded) -> str | None:
    edition = loaded.definition.edition
    return None if edition is None else edition.edition


@check(
    "ZX1351",
    "signature-of-another",
    en="A file of signatures lies beside the process that was signed, and names it.",
    zh="签署文件与所签署的流程放在一起，并写明是哪个流程。",
)
def signature_of_another(loaded: Loaded) -> Iterator[Defect]:
    """Report a file of signatures that names another process."""
    if loaded.signatures is None:
        return
    process = str(loaded.signatures.node.value["process"])
    if process != loaded.definition.id:
        place = Place(loaded.signatures, loaded.signatures.node, ("process",))
        yield Defect(place, given=process, process=loaded.definition.id)


CHECKS = (changed_since_signed, signature_of_another)

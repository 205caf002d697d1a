"""The measure of Jilin asks for what its own articles say; what other law and the office ask for stands in volumes."""

from __future__ import annotations

import pytest
from tests.projects import ROOT, files_of

from zhengxie_flow.bootstrap.definitions import CompiledFiles

OWN = "jilin-2016"
BESIDE = {"jilin/tracking": {"a8.t.urgent"}}
"""Asked by other law alone of a power that a control of the process itself looks at, so that it stands there."""
PROCESSES = [ident for ident in files_of(ROOT).ids() if ident.startswith("jilin/")]


@pytest.mark.parametrize("process", PROCESSES)
def test_what_rests_on_no_clause_of_the_measure_stands_in_the_volume_of_its_own_law(process):
    compiled = CompiledFiles(files_of(ROOT)).by_id(process)
    duties = {name: duty.law for name, duty in compiled.process.obligations.items()}
    duties |= {name: requirement.law for name, (_, requirement) in compiled.requirements.items()}
    for name, law in duties.items():
        instruments = {ref.instrument or OWN for ref in law}
        volume = compiled.volume_of(name)
        if OWN in instruments:
            assert volume == "measure", name
        elif not law:
            assert (volume, name in compiled.controls) == ("control", True), name
        elif name not in BESIDE.get(process, ()):
            assert {volume} == instruments, name
    assert not compiled.process.controls


def test_every_volume_of_the_measure_is_attached_to_something():
    attached = {
        volume.volume
        for process in PROCESSES
        for volume in CompiledFiles(files_of(ROOT)).by_id(process).definition.volumes
    }
    assert attached == {"state-council-713", "inspection-regulations", "deputies-law", "control", "reminders"}

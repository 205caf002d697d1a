"""Whatever name in a process is misspelt, reading refuses it: nothing that leads nowhere reaches the engine."""

from __future__ import annotations

import pytest
from tests.checks.project import set_in
from tests.support import MINI

from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.reading.checks import references
from zhengxie_flow.reading.checks.name_references import name_references
from zhengxie_flow.reading.definitions import Files, load_file

LOADED = Files(MINI / "processes", MINI / "rules").read("mini/talk")
SPOTS = sorted({(each.place.where().line, each.place.where().column, each.name) for each in name_references(LOADED)})


def test_the_small_statute_names_many_things():
    assert references(LOADED) == ()
    assert len(SPOTS) > 60
    assert len({each.kind for each in name_references(LOADED)}) >= 8


@pytest.mark.parametrize(("line", "column", "name"), SPOTS)
def test_a_misspelt_name_is_refused(line, column, name, tmp_path):
    for source in (MINI / "processes/mini").glob("*.yaml"):
        copy = tmp_path / "processes/mini" / source.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "rules/mini").mkdir(parents=True)
    duty = tmp_path / "rules/mini/duty.yaml"
    duty.write_text((MINI / "rules/mini/duty.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    talk = tmp_path / "processes/mini/talk.yaml"
    for path in (talk, duty):
        lines = path.read_text(encoding="utf-8").splitlines()
        text = lines[line - 1] if line <= len(lines) else ""
        if text[column - 1 :].startswith(name):
            lines[line - 1] = f"{text[: column - 1]}{name}x{text[column - 1 + len(name) :]}"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            break
    else:
        pytest.fail("the name does not stand where the mention says")
    with pytest.raises(InvalidDefinition) as caught:
        load_file(talk)
    assert any(problem.params.get("suggestion") == name for problem in caught.value.problems)


def test_all_faults_of_all_files_come_at_once(tmp_path):
    files, _ = set_in(
        {
            "talk.yaml": """\
actions:
  close: {zh: 办结, en: Close, law: "1", by: offic, from: hel, to: closd}
""",
            "duty.yaml": """\
exceptions:
  - {id: "5-1", law: "5", when: urgnt, then: may_skip}
""",
        },
        tmp_path,
    )
    with pytest.raises(InvalidDefinition) as caught:
        files.load("example/talk")
    assert [each.params["suggestion"] for each in caught.value.problems] == ["office", "held", "closed", "urgent"]

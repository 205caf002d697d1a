"""``readback``: the sentences of a process, who signed them, and what is said once the text has changed."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from tests.cli.program import Answer, run
from tests.cli.test_output_schema import check
from tests.projects import edition, put, small

from zhengxie_flow.model.signature import Signature
from zhengxie_flow.reading.signatures import sign

LATER = edition("2026", "2026-03-01", "changes: {obligations: {a2.notice: {limit: {at_least: 5}}}}\n")
PROCESS = "processes/mini/talk.yaml"
SIGNED = "processes/mini/talk.signatures.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return small(tmp_path / "city")


def call(project: Path, *args: object) -> Answer:
    return run("--project", project, "--format", "json", "readback", "mini/talk", *args)


def text(project: Path, *args: object) -> str:
    answer = run("--project", project, "readback", "mini/talk", *args)
    assert answer.code == 0, answer.err
    return answer.out


def findings(project: Path) -> list[tuple[str, str, int]]:
    answer = run("--project", project, "--format", "json", "check")
    return [(each["code"], each["severity"], each["line"]) for each in answer.data["findings"]
            if each["code"].startswith("ZX135")]  # fmt: skip


def test_the_sentences_are_numbered_in_the_order_of_the_clauses_with_their_paraphrase(project: Path) -> None:
    answer = call(project)
    check(answer, "readback")
    document = answer.data
    assert [each["number"] for each in document["sentences"]] == list(range(1, len(document["sentences"]) + 1))
    assert all(each["zh"] and each["en"] for each in document["sentences"])
    clauses = [each["clause"] for each in document["clauses"]]
    places = [clauses.index(each["clause"]) for each in document["sentences"] if each["part"] == "clauses"]
    assert all(one <= other for one, other in pairwise(places))
    assert {each["clause"]: (each["zh"], bool(each["sentences"])) for each in document["clauses"]}["2"][1]
    kinds = {each["id"]: each["kind"] for each in document["sentences"]}
    assert (kinds["a2.notice"], kinds["urgent"], kinds["a5.spare"]) == ("limit", "judgement", "exception")


def test_both_languages_stand_one_above_the_other_and_ids_in_brackets(project: Path) -> None:
    both, english = text(project), text(project, "--lang", "en")
    assert "obligation (a2.notice)" in english
    assert "应当对每一个" in both
    assert "must, for each" in both
    assert "应当" not in english
    page = text(project, "--format", "markdown", "--lang", "zh")
    assert page.startswith("# ")
    assert "\n## 逐条\n" in page
    assert run("--project", project, "readback", "mini/talk", "--lang", "fr").code == 2


def test_a_signature_is_kept_beside_the_process_and_said_again(project: Path) -> None:
    answer = call(project, "--sign", "张三", "--date", "2026-04-29")
    check(answer, "readback")
    assert answer.data["signed"] == {"name": "张三", "date": "2026-04-29", "dry_run": False,
                                     "written": str(project / SIGNED)}  # fmt: skip
    (signature,) = call(project).data["signatures"]
    assert (signature["name"], signature["current"], signature["hash"]) == ("张三", True, answer.data["hash"])
    assert findings(project) == []
    assert sorted(path.name for path in (project / PROCESS).parent.iterdir()) == [
        "law.yaml", "talk.signatures.yaml", "talk.yaml"]  # fmt: skip
    assert call(project, "--sign", "李四").data["signatures"][1]["date"] == "2026-04-30"


def test_check_says_that_the_text_has_changed_until_it_is_signed_anew(project: Path) -> None:
    call(project, "--sign", "张三")
    law = project / "processes/mini/law.yaml"
    law.write_text(law.read_text(encoding="utf-8") + "# a remark changes nothing\n", encoding="utf-8")
    assert findings(project) == []
    process = project / PROCESS
    process.write_text(process.read_text(encoding="utf-8").replace("zh: 示例协商", "zh: 示例会谈"), encoding="utf-8")
    assert findings(project) == [("ZX1350", "warning", 6)]
    assert run("--project", project, "check").code == 0
    assert "signed another content" in text(project, "--lang", "en")
    assert call(project, "--sign", "张三").code == 0
    assert findings(project) == []


def test_an_edition_is_signed_by_itself(project: Path) -> None:
    put(project, LATER)
    first = call(project, "--edition", "2020-01-01", "--sign", "张三").data
    later = call(project, "--edition", "2026", "--sign", "张三").data
    assert (first["edition"], later["edition"]) == (None, "2026")
    assert first["hash"] != later["hash"]
    assert call(project).data["edition"] == "2026"  # in force today
    assert findings(project) == []
    put(project, {k: v.replace("5}", "6}") for k, v in LATER.items()})
    assert findings(project) == [("ZX1350", "warning", 10)]
    assert call(project, "--edition", "2027").error["code"] == "ZX1201"


@pytest.mark.parametrize(
    ("args", "code", "ends"),
    [
        (("--sign", "张三", "--date", "2026-05-01"), "ZX6099", 2),
        (("--sign", "张三", "--date", "2026-02-30"), "ZX2003", 2),
        (("--sign", " "), "ZX6097", 2),
        (("--sign", "张\n三"), "ZX6097", 2),
        (("--sign", "张" * 101), "ZX6097", 2),
        (("--date", "2026-04-01"), "ZX6095", 2),
        (("--dry-run",), "ZX6095", 2),
    ],
)
def test_what_cannot_be_signed_is_refused_with_a_code_and_nothing_is_written(
    project: Path, args: tuple[str, ...], code: str, ends: int
) -> None:
    answer = call(project, *args)
    assert (answer.error["code"], answer.code) == (code, ends)
    check(answer, "error")
    assert not (project / SIGNED).exists()


def test_the_same_text_is_signed_once_by_each(project: Path) -> None:
    call(project, "--sign", "张三", "--date", "2026-04-01")
    before = (project / SIGNED).read_bytes()
    for more in ((), ("--dry-run",)):
        answer = call(project, "--sign", "张三", *more)
        assert (answer.error["code"], answer.code) == ("ZX6098", 5)
    assert (project / SIGNED).read_bytes() == before
    trial = call(project, "--sign", "李四", "--dry-run")
    assert (trial.data["signed"]["written"], len(trial.data["signatures"])) == (None, 2)
    assert (project / SIGNED).read_bytes() == before


def test_a_process_that_is_not_there_and_the_packaged_ones_are_not_signed(project: Path) -> None:
    answer = run("--project", project, "--format", "json", "readback", "mini/talc", "--sign", "张三")
    assert (answer.error["code"], answer.code) == ("ZX4003", 4)
    answer = run("--format", "json", "readback", "jilin/consultation", "--sign", "张三")
    assert (answer.error["code"], answer.code) == ("ZX6096", 2)


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_said_so(project: Path) -> None:
    folder = (project / PROCESS).parent
    folder.chmod(0o555)
    try:
        answer = call(project, "--sign", "张三")
    finally:
        folder.chmod(0o755)
    assert (answer.error["code"], answer.code) == ("ZX6063", 6)


def test_a_write_that_fails_leaves_the_signatures_as_they_were(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call(project, "--sign", "张三")
    before = (project / SIGNED).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zhengxie_flow.reading.signatures.os.fsync", full)
    answer = call(project, "--sign", "李四")
    assert (answer.error["code"], answer.code) == ("ZX6063", 6)
    assert (project / SIGNED).read_bytes() == before
    assert [path.name for path in (project / SIGNED).parent.glob("*.part")] == []


def test_a_file_of_signatures_with_faults_is_reported_with_its_place(project: Path) -> None:
    put(
        project,
        {SIGNED: "language: 1\nprocess: mini/talk\nsignatures:\n  - {name: 张三, date: 2026-01-01, hash: md5}\n"},
    )
    answer = call(project)
    assert answer.code == 3
    assert answer.error["file"] == SIGNED
    assert answer.error["line"] == 4


def test_of_many_who_sign_at_the_same_moment_none_is_lost(project: Path) -> None:
    digest = call(project).data["hash"]
    names = [f"signer {number}" for number in range(12)]

    def signed_by(name: str) -> object:
        signature = Signature(name=name, date=date(2026, 4, 1), hash=digest)
        return sign(project / PROCESS, project, "mini/talk", signature)

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(signed_by, names))
    assert sorted(each["name"] for each in call(project).data["signatures"]) == sorted(names)

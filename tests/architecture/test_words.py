"""The repository speaks of its subject alone: no machine's paths, no package index, not how it came to be.

The patterns are written so that this file does not match them.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PUBLISHED = ("src", "tests", "docs", "processes", "rules", "migrations", "scripts", "benchmarks", "examples")

FORBIDDEN = {
    "a path of one machine": r"(?<![\w.])/(?:wor[k]|roo[t]|op[t]|hom[e]/\w+|User[s]/\w+|tm[p])/\w|[A-Z]:\\{1,2}User[s]",
    "a folder beside the repository": r"(?<![\w-])share[d]/|(?<![\w)\]])\.(?:librar[y]|mirro[r])\b",
    "a package index": r"(?i)inde[x]-url|pyp[i]\.org(?!/project)|pythonhoste[d]|/simpl[e]/|PI[P]_[A-Z]|find-link[s]|"
    r"trusted-hos[t]",
    "a secret": r"(?i)BEGIN [A-Z ]*PRIVATE KE[Y]|\bgh[pous]_[A-Za-z0-9]{20}|\bAKI[A][0-9A-Z]{12}",
    "how it was written": r"(?i)\bA[I][- ](?:assist|generat|writ|agent|model)|\bLL[M]s?\b|languag[e] model|"
    r"\bcopilo[t]\b|\bclaud[e]\b|\banthropi[c]\b|\bopena[i]\b|\bchatgp[t]\b|人工智[能]|大语言模[型]|"
    r"generated (?:by|with) (?:an )?A[I]\b",
    "a working day of its authors": r"(?i)\bissues?\s+(?:#|no\.?\s*)?\d+\b|\bsub-?agen[t]|\bhelper[s]? sessio[n]|"
    r"(?:this|previous|earlier|next|last) sessio[n]\b(?! is| was| of)|\bdesign text[s]?\b|\bthe brie[f]\b",
    "consultation called by another name": r"(?i)\bnegotiat[ei]",
}

SAMPLES = {
    "a path of one machine": "see /wor" + "k/main/README.md",
    "a folder beside the repository": "copied from ../share" + "d/cases",
    "a package index": "pip install --inde" + "x-url https://example.org",
    "a secret": "-----BEGIN RSA PRIVATE KE" + "Y-----",
    "how it was written": "written by Claud" + "e",
    "a working day of its authors": "asked for in issu" + "e 12",
    "consultation called by another name": "political negot" + "iation",
}


def texts() -> dict[str, str]:
    """Every text file of the repository by its path, as git knows them; without git, the published folders."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        names = {ROOT / name for name in listed.stdout.decode().split("\0") if name}
    else:
        names = {path for folder in PUBLISHED for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts}
        names |= set(ROOT.glob("*.*"))
    found = {}
    for path in names:
        raw = path.read_bytes() if path.is_file() else b""
        if b"\0" not in raw:
            found[str(path.relative_to(ROOT))] = raw.decode(errors="replace")
    return found


@pytest.fixture(scope="module")
def repository() -> dict[str, str]:
    found = texts()
    assert "pyproject.toml" in found
    return found


@pytest.mark.parametrize("subject", FORBIDDEN)
def test_nothing_is_said_that_does_not_belong(repository: dict[str, str], subject: str) -> None:
    pattern = re.compile(FORBIDDEN[subject])
    found = [
        f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {hit.group()!r}"
        for name, text in sorted(repository.items())
        for hit in pattern.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize("subject", FORBIDDEN)
def test_it_would_be_noticed(subject: str) -> None:
    assert re.search(FORBIDDEN[subject], SAMPLES[subject])

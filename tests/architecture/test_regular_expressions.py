"""No text makes a regular expression of the program slow: each with a repeat that has no bound says why, in a list.

Nothing is timed: the argument is the shape of the expression, or a bound on what it looks at.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.model.cell import looks_like_code
from zhengxie_flow.reading.decoding import decode
from zhengxie_flow.reading.fullwidth import in_source, in_value
from zhengxie_flow.reading.jsonl import read_json_lines
from zhengxie_flow.reading.yaml_reader import read_yaml
from zhengxie_flow.settings import read_config

SOURCES = Path(__file__).resolve().parents[2] / "src" / "zhengxie_flow"
CALLS = {"compile", "match", "search", "sub", "subn", "fullmatch", "findall", "finditer", "split"}

DISJOINT = "each repeat is followed by what it cannot match: one way to match, and a failed start passed over the text to the next"
ANCHORED = "it begins at one place of a text or line, and matches in one way"
CLOSED = "what is left open at the end matches too, so that no start fails after a long way"
BOUNDED = "it looks at a bounded number of characters"
OWN = "it looks at texts of the program alone"

EVIDENCE = "'(?P<name>.+) (?P<hash>sha256:[0-9a-f]{64})(?: size=(?P<size>0|[1-9][0-9]{0,18}))?\\\\Z'"

ARGUED = {
    ("i18n/__init__.py", "'\\\\[\\\\[(.*?)\\\\]\\\\]'"): OWN,
    ("i18n/__init__.py", "'「\\\\{(\\\\w+)\\\\}」| ?\\\\{(\\\\w+)\\\\} ?'"): OWN,
    ("i18n/__init__.py", "\"'\\\\{(\\\\w+)\\\\}'|\\\\{(\\\\w+)\\\\}\""): OWN,
    ("model/base.py", "ID_PATTERN"): DISJOINT,
    (
        "model/cell.py",
        "'^\\\\s*(?:[<>≤≥≠=]|!=)            # > 5, =1+1\\n      | ^\\\\s*[\\\\[\\\\](].*\\\\.\\\\..*[\\\\[\\\\])]\\\\s*$  # [1..5)\\n      | [$#]?\\\\{.*\\\\}                     # ${x}, {{x}}\\n      | \\\\w\\\\s*\\\\(.*\\\\)\\\\s*$                 # not(5), date(\"2026-01-01\")\\n      | (?:\\\\bthen\\\\b|\\\\blambda\\\\b|&&|\\\\|\\\\||;\\\\s*$)\\n      | ^\\\\s*-?\\\\d+\\\\s*(?:\\\\.\\\\.|[-+*/%])\\\\s*\\\\d+\\\\s*$  # 1..5, 1-5\\n    '",
    ): BOUNDED,
    ("model/condition.py", "'^[a-z][a-z0-9_]*(\\\\.[a-z0-9_]+)?$'"): DISJOINT,
    ("model/evidence.py", EVIDENCE): ANCHORED,
    ("model/subcase.py", "'^[a-z0-9_-]+(/[a-z0-9_-]+)*$'"): DISJOINT,
    ("presentation/event_schema.py", "'^ +(\\\\w+): (.+)$'"): OWN,
    (
        "reading/calendar_files.py",
        "'(?:(?P<solar>\\\\d\\\\d-\\\\d\\\\d)|(?P<festival>[a-z_]+)(?P<offset>[+-]\\\\d)?)\\\\Z'",
    ): ANCHORED,
    ("storage/guarding.py", "f'{_REMARKS}(?:commit|end|prepare\\\\s+transaction)\\\\b'"): ANCHORED,
    ("proofs/notes.py", "'— \\\\S+ \\\\S+\\\\Z'"): ANCHORED,
    ("reading/checks/states.py", "'(已|自行|主动)*(撤回|撤件|撤诉)(申请|案件|申报|请求|提案)?'"): ANCHORED,
    ("reading/fullwidth.py", "'[A-Za-z_][A-Za-z0-9_.\\\\-]*(：)'"): ANCHORED,
    (
        "reading/fullwidth.py",
        "f'^([{SPACES}])|([{SPACES}])$|^[-?]([{SPACES}])|^[A-Za-z0-9_.\\\\-]+:([{SPACES}])|([{SPACES}])#'",
    ): DISJOINT,
    ("reading/fullwidth.py", "'([“”‘’＂＇])[\\\\x20-\\\\x7e]*[“”‘’＂＇]\\\\Z'"): DISJOINT,
    ("reading/fullwidth.py", "'([［｛]).*[］｝\\\\]}]\\\\Z'"): ANCHORED,
    ("reading/fullwidth.py", "f'^[ \\\\t]*([{SPACES}])|:([{SPACES}])|^\\\\s*-([{SPACES}])'"): DISJOINT,
    (
        "reading/fullwidth.py",
        "'(?:^|[\\\\s{\\\\[,，｛［\\\\\"\\'])[A-Za-z_][A-Za-z0-9_.\\\\-]*[\\\\\"\\']?(：)'",
    ): DISJOINT,
    ("reading/fullwidth.py", "'(，)\\\\s*[A-Za-z_][A-Za-z0-9_.\\\\-]*\\\\s*[:：]'"): DISJOINT,
    ("reading/fullwidth.py", "'(?:^|[:,\\\\-]\\\\s*)([［｛“‘＂])'"): DISJOINT,
    ("reading/fullwidth.py", "'([］｝])\\\\s*(?:$|[,，\\\\]}])'"): DISJOINT,
    ("reading/fullwidth.py", "'^\\\\s*(＃|－)'"): DISJOINT,
    ("reading/jsonl.py", '\'"(?:[^"\\\\\\\\]|\\\\\\\\.)*"?\''): CLOSED,
    ("reading/scalars.py", "'[-+]?(?:0|[1-9][0-9]*)(\\\\.[0-9]+)?\\\\Z'"): ANCHORED,
    ("reading/validation.py", "\"'([^']*)'\""): OWN,
    ("reading/yaml_error_text.py", "'[A-Za-z0-9_.\\\\-]+'"): CLOSED,
    (
        "reading/yaml_error_text.py",
        "'(\"(?:[^\"\\\\\\\\]|\\\\\\\\.)*(?:\"|\\\\\\\\?$)|\\'(?:[^\\']|\\'\\')*\\')|(?:^|(?<=\\\\s))#.*$'",
    ): CLOSED,
    ("reading/yaml_reader.py", "'\\\\t|[|>][-+0-9]*(?:#| *\\\\n(?:#| +\\\\n))|^\\\\.\\\\.\\\\.'"): DISJOINT,
    ("settings.py", "written"): ANCHORED,
    ("settings.py", "'\\\\d+'"): ANCHORED,
    ("spelling.py", "'[\\\\s-]+'"): DISJOINT,
    ("storage/guards.py", "'\\\\b\\\\w+\\\\.(?=zx_)'"): DISJOINT,
    ("storage/versions.py", "'^LEAST_VERSION = \"([0-9.]+)\"$'"): OWN,
}
"""By file and expression, as written, the reason why its time is linear or bounded."""


def expressions(tree: ast.AST) -> Iterator[ast.expr]:
    """The regular expressions that a module gives to `re` or to a model."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Attribute(value=ast.Name(id="re"), attr=name) if name in CALLS:
                yield node.args[0]
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "pattern")


def unbounded(expression: ast.expr) -> bool:
    """True where an expression has a repeat without a bound, or is not written as one text."""
    if not isinstance(expression, ast.Constant | ast.JoinedStr):
        return True
    text = ast.unparse(expression).replace("\\\\", "\\")
    outside = re.sub(r"\\.", "", re.sub(r"\[(?:\\.|[^\]\\])*\]", "", text))
    return re.search(r"[*+]|\{\d+,\}", outside) is not None


def test_every_expression_that_repeats_without_a_bound_is_argued() -> None:
    found = {
        (str(path.relative_to(SOURCES)), ast.unparse(expression))
        for path in SOURCES.rglob("*.py")
        for expression in expressions(ast.parse(path.read_text(encoding="utf-8")))
        if unbounded(expression)
    }
    assert found == set(ARGUED)


def test_texts_made_to_be_slow_are_read(tmp_path: Path) -> None:
    """As long as the bounds allow; a search that took the square of it would not come back."""
    long = 20_000
    for start in ("{", "a(", "[..", "a" + " " * long + "(", "［", "“", "，a", ": ", "- ", "］ "):
        text = (start * long)[: 2 * long]
        looks_like_code(text)
        in_value(text, mapping_due=True)
        in_source(text)
    for line in ('"\\"' * 300_000, "'" * 900_001, "[" + '"\\' * 300_000, "a: ：" + '\\"' * 300_000):
        for content in (line, f"x: [{line}"):
            try:
                read_yaml(decode(content.encode()))
            except ZhengxieError:
                continue
    toml = tmp_path / "zhengxie.toml"
    toml.write_text(" " * 900_000 + "x\ncolour = 1\n" + "[" * 40 + "\n", encoding="utf-8")
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"a": "' + '\\"' * 400_000 + "\n" + '{"a": [' * 70 + '"\\"' * 1_000, encoding="utf-8")
    for read in (lambda: read_config(toml), lambda: list(read_json_lines(lines))):
        try:
            read()
        except ZhengxieError:
            continue

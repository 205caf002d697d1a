"""Write docs/reference/api.md: every public name of the package with its signature, from its docstring."""

from __future__ import annotations

import ast
import enum
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn, is_typeddict

import zhengxie_flow
from zhengxie_flow import _HOMES

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "reference" / "api.md"
PACKAGE = zhengxie_flow.__name__

BESIDE: Final = {
    "bootstrap": ("FixedClock",),
    "i18n": ("Rendered", "describe"),
    "presentation.serialise": ("serialise",),
    "storage": ("current", "include_object", "upgrade", "upgrade_within"),
}
"""Helpers that the pages for hosts use and that the package's own list leaves in their modules."""

TYPES: Final = {
    "bootstrap.attachments": ("Place",),
    "bootstrap.case_statements": ("EvidenceArgument",),
    "bootstrap.projects": ("Project",),
    "calendars": ("Snapshot",),
    "errors": ("InvalidInput", "Problem", "Reason", "UsageError", "Where"),
    "bootstrap.subscribing": ("Subscriber",),
    "model.feed": ("FeedEntry", "FeedPage"),
    "model.verdict": ("CaseAudit", "Judgement"),
    "model.written": ("TouchedCase",),
    "model.working": ("CountedLimit", "Working"),
    "ports": (
        "Attachments",
        "Checkpoint",
        "Clock",
        "Damaged",
        "DeadlineRow",
        "Finding",
        "Head",
        "Ids",
        "Message",
        "Outbox",
    ),
    "services.arguments": ("Moment",),
    "services.commands.moves": ("Moved",),
    "services.commands.recompute": ("Shift",),
    "services.commands.recount_preview": ("RecountPreview",),
    "services.commands.ticking": ("Ticked",),
    "services.queries.available_actions": ("Possible",),
    "services.queries.effects": ("ActEffect",),
    "storage.databases": ("AsyncDatabase", "PoolOptions"),
    "storage.host_migrations": ("MigrationOperations",),
}
"""What arguments and results are made of; a test finds the ones that are missing."""

CONTRACTS: Final = {
    "testing.storage_contract": ("JournalContract",),
    "testing.attachments_contract": ("AttachmentsContract",),
}
"""The suites for a host's own journal or place of attachments."""

WRAPPED: Final = {"Awaited": "Awaited", "Streamed": "Read with `async for`"}
"""Descriptors of methods of `Engine` in an asynchronous program, and what is done with them there."""

INTERNAL: Final = {"of"}
"""Methods that one room of the package offers another: a host uses `Runtime.on`."""

WIDTH: Final = 110
HEADING: Final = re.compile(r"^(Args|Attributes|Returns|Yields|Raises|Examples?):$", re.MULTILINE)

CELL_BAR: Final = r"\|"
"""An upright stroke inside a cell of a table."""

ON_PAGES: Final = {"Event": "[Its fields and the bodies of its types](events.md)."}
"""Classes whose fields a page of their own describes."""

HEAD: Final = """\
# The Python API

This page is written by `scripts/gen_api.py` from the docstrings; change those, not the page. Everything on it is public:
[stability](stability.md) says what that promises. [How to embed](../howto/embed.md) shows it in use.

Every argument after `*` is given by name. What an error's code means stands in [the messages](messages.md).

"""
"""The top of the page."""

FURTHER: Final = """\
## Further types

What the results above hold, by the module that has it. As JSON all of them are described in
[output.schema.json](output.schema.json).

| name | module | what it is |
|---|---|---|
"""
"""The top of the table of types."""

PARTS: Final = (
    ("zhengxie_flow", "Imported from `zhengxie_flow`; loaded on first use.", {"": tuple(zhengxie_flow.__all__)}),
    ("Helpers", "Imported from their modules.", BESIDE),
    ("Types of arguments and results", "Imported from their modules, where a host names them at all.", TYPES),
    ("Contracts to test against", "For a host's own implementations of a port, run under pytest.", CONTRACTS),
)


def render() -> str:
    """The whole page."""
    parts = [
        f"## {title}\n\n{text}\n\n" + "".join(_entry(home, name) for home, names in homes.items() for name in names)
        for title, text, homes in PARTS
    ]
    return (HEAD + _contents() + "".join(parts) + _further()).rstrip() + "\n"


def _contents() -> str:
    rows = (f"[{name}](#{name.lower()})" for _, _, homes in PARTS for names in homes.values() for name in names)
    return " · ".join(rows) + "\n\n"


def _entry(home: str, name: str) -> str:
    module = import_module(f"{PACKAGE}.{home}" if home else PACKAGE)
    value = getattr(module, name)
    top = f"### {name}\n\n`from {module.__name__} import {name}`\n\n"
    if isinstance(value, type):
        contract = module.__name__.startswith(f"{PACKAGE}.testing.")  # its module shows how to subclass it
        return top + _class(name, value, inspect.cleandoc((module if contract else value).__doc__ or ""))
    if inspect.isroutine(value):
        return top + _signature(name, value) + _sections(inspect.getdoc(value) or "")
    if name == "__version__":
        return f"{top}The version of the package, as text.\n\n"
    assigned, text = _assignment(name, f"{PACKAGE}.{home or _HOMES[name]}")
    return f"{top}```python\n{name} = {assigned}\n```\n\n{_sections(text)}"


def _assignment(name: str, module: str) -> tuple[str, str]:
    """What an alias of types is assigned where it is declared, and the text under it."""
    home, statement = _declared(name, module) or _refuse(name)
    body = _tree(home).body
    following = [*body, None][body.index(statement) + 1]
    assigned: Any = getattr(statement, "value", None)
    text = following.value if isinstance(following, ast.Expr) else None
    return (
        assigned.value if isinstance(assigned, ast.Constant) else ast.unparse(assigned),
        inspect.cleandoc(text.value) if isinstance(text, ast.Constant) else "",
    )


def _refuse(name: str) -> NoReturn:
    raise LookupError(name)


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(Path(import_module(module).__file__ or "").read_text(encoding="utf-8"))


@cache
def _declared(name: str, module: str) -> tuple[str, ast.stmt] | None:
    """The module of this package that declares a name of another of its modules, and the statement that does."""
    for statement in _tree(module).body:
        match statement:
            case ast.ClassDef(name=bound) | ast.FunctionDef(name=bound) | ast.AnnAssign(target=ast.Name(id=bound)):
                pass
            case ast.Assign(targets=[ast.Name(id=bound)]):
                pass
            case _:
                continue
        if bound == name:
            return module, statement
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return _declared(alias.name, node.module or "")
    return None


def _further() -> str:
    """A table of the types that the signatures of the page name beside those it describes, and of further errors."""
    entries = {name for _, _, homes in PARTS for names in homes.values() for name in names}
    found: dict[str, tuple[str, ast.stmt]] = {}
    for _, _, homes in PARTS:
        for home, names in homes.items():
            for name in names:
                for mention, module in _mentions(
                    getattr(import_module(f"{PACKAGE}.{home}" if home else PACKAGE), name)
                ):
                    declared = None if mention in entries else _declared(mention, module)
                    if declared is not None:
                        found[mention] = declared
    return FURTHER + "".join(_row(name, *found[name]) for name in sorted(found))


def _mentions(value: Any) -> Iterator[tuple[str, str]]:
    """The capitalised names in the signatures of a public value, each with the module in which it means something."""
    if not isinstance(value, type):
        callables = [value] if inspect.isroutine(value) else []
    else:
        members = [found.fget if isinstance(found, property) else found for _, found in _public(value)]
        callables = [getattr(found, "__func__", found) for found in members if type(found).__name__ not in WRAPPED]
        callables += [value] if _is_made(value) else []
        text = inspect.getdoc(value) or ""
        yield from _raised(text)
    for function in callables:
        yield from _raised(inspect.getdoc(function) or "")
        modules = [owner.__module__ for owner in getattr(function, "__mro__", (function,))]
        signature = inspect.signature(function)
        annotations = [entry.annotation for entry in signature.parameters.values()]
        written = " ".join(map(_annotation, [*annotations, signature.return_annotation]))
        for name in re.findall(r"(?<![\w.'\"])([A-Z]\w+)", written):
            yield from ((name, module) for module in modules if module.startswith(PACKAGE) and _declared(name, module))


def _raised(text: str) -> Iterator[tuple[str, str]]:
    _, raises, body = text.partition("Raises:\n")
    if raises:
        yield from ((name, f"{PACKAGE}.errors") for name in re.findall(r"^ +([A-Z]\w+): ", body, re.MULTILINE))


def _row(name: str, module: str, statement: ast.stmt) -> str:
    value = getattr(import_module(module), name)
    if isinstance(statement, ast.ClassDef):
        text = (inspect.getdoc(value) or "").split("\n\n")[0]
        held = [entry.name for entry in fields(value) if not entry.name.startswith("_")] if is_dataclass(value) else []
        text = " ".join(text.split()) + (f" Fields: {', '.join(f'`{entry}`' for entry in held)}." if held else "")
    else:
        assigned, told = _assignment(name, module)
        text = f"`{' '.join(assigned.split())}`. {' '.join(told.split())}"
    return f"| {name} | `{module}` | {_words(text).strip().replace('|', CELL_BAR)} |\n"


def _class(name: str, value: type, text: str) -> str:
    bases = [base.__name__ for base in value.__mro__[1:] if base.__name__ in zhengxie_flow.__all__]
    kind = f"A kind of [{bases[0]}](#{bases[0].lower()}).\n\n" if bases else ""
    if issubclass(value, enum.Enum):
        values = ", ".join(f"`{name}.{member.name}` (`{member.value}`)" for member in value)
        return f"{_sections(text)}{kind}Values: {values}. [What each means](verdicts.md).\n\n"
    if is_typeddict(value):
        return _sections(text)
    if name in ON_PAGES:
        text, _, _ = text.partition("\n\nAttributes:")
    made = _signature(name, value) if _is_made(value) else ""
    kind += f"{ON_PAGES[name]}\n\n" if name in ON_PAGES else ""
    return made + _sections(text) + kind + "".join(_members(name, value))


def _is_made(value: type) -> bool:
    """True for a class whose instances a host makes or is given: no protocol, list of values or suite of tests."""
    barred = getattr(value, "_is_protocol", False) or issubclass(value, enum.Enum) or is_typeddict(value)
    barred = barred or value.__name__ in ON_PAGES
    return not barred and not value.__module__.startswith(f"{PACKAGE}.testing.")


def _members(name: str, value: type) -> Iterator[str]:
    wrapped: dict[str, list[str]] = {kind: [] for kind in WRAPPED}
    for member, found in _public(value):
        if type(found).__name__ in WRAPPED:
            wrapped[type(found).__name__].append(member)
        elif isinstance(found, property):
            yield f"#### {name}.{member}\n\nProperty: `{_result(found.fget)}`.\n\n{_sections(inspect.getdoc(found) or '')}"
        else:
            yield _method(name, member, found)
    for kind, members in wrapped.items():
        if members:
            names = ", ".join(f"[`{member}`](#engine{member})" for member in members)
            yield f"{WRAPPED[kind]}, with the arguments, results and errors of the method of `Engine`: {names}.\n\n"


def _method(name: str, member: str, found: Any) -> str:
    function = found.__func__ if isinstance(found, classmethod | staticmethod) else found
    return f"#### {name}.{member}\n\n{_signature(member, function)}{_sections(inspect.getdoc(function) or '')}"


def _public(value: type) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of a class, as they are declared, its bases of this package first."""
    seen: set[str] = set(INTERNAL)
    for owner in (*value.__mro__[1:], value):
        if not owner.__module__.startswith(PACKAGE):
            continue
        for name, found in vars(owner).items():
            documented = isinstance(found, property | classmethod | staticmethod) or inspect.isroutine(found)
            if name.startswith(("_", "test_")) or name in seen or not (documented or type(found).__name__ in WRAPPED):
                continue
            if isinstance(found, property) and (found.__doc__ or "").startswith("Deprecated"):
                continue
            seen.add(name)
            yield name, inspect.getattr_static(value, name)


def _signature(name: str, value: Callable[..., Any]) -> str:
    """The signature as a block of Python, an argument to a line where it is long."""
    signature = inspect.signature(value)
    parameters = [entry for entry in signature.parameters.values() if entry.name not in ("self", "cls")]
    shown, keyword = [], False
    for entry in parameters:
        if entry.kind is entry.KEYWORD_ONLY and not keyword and "*" not in "".join(shown[-1:])[:1]:
            shown.append("*")
        keyword = keyword or entry.kind in (entry.KEYWORD_ONLY, entry.VAR_POSITIONAL)
        shown.append(_parameter(entry))
        if entry.kind is entry.POSITIONAL_ONLY and not any(
            later.kind is entry.POSITIONAL_ONLY for later in parameters[parameters.index(entry) + 1 :]
        ):
            shown.append("/")
    result = "" if isinstance(value, type) else f" -> {_annotation(signature.return_annotation)}"
    line = f"{name}({', '.join(shown)}){result}"
    if len(line) > WIDTH:
        line = f"{name}(\n" + "".join(f"    {part},\n" for part in shown) + f"){result}"
    return f"```python\n{line}\n```\n\n"


def _parameter(entry: inspect.Parameter) -> str:
    stars = {entry.VAR_POSITIONAL: "*", entry.VAR_KEYWORD: "**"}.get(entry.kind, "")
    annotation = "" if entry.annotation is entry.empty else f": {_annotation(entry.annotation)}"
    if entry.default is entry.empty:
        return f"{stars}{entry.name}{annotation}"
    default = repr(entry.default)
    return f"{entry.name}{annotation} = {'...' if default.startswith('<') else default}"


def _annotation(annotation: Any) -> str:
    if annotation is inspect.Signature.empty:
        return "None"
    shown = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return shown.replace(f"{PACKAGE}.", "")


def _result(function: Callable[..., Any] | None) -> str:
    return "" if function is None else _annotation(inspect.signature(function).return_annotation)


def _sections(text: str) -> str:
    """A docstring as Markdown: its prose, and a list for each of its sections."""
    prose, *rest = HEADING.split(text)
    shown = _prose(prose)
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        lines = textwrap.dedent(body.strip("\n")).rstrip()
        match title:
            case "Example" | "Examples":
                shown += f"**Example**\n\n{_example(lines)}"
            case "Returns" | "Yields":
                shown += f"**{title}** {_words(' '.join(lines.split()))}\n\n"
            case _:
                shown += f"**{title}**\n\n" + "".join(_items(lines)) + "\n"
    return shown


def _prose(text: str) -> str:
    """Paragraphs; what is indented after ``::`` or in a module's docstring is a block of Python."""
    shown = []
    for paragraph in re.split(r"\n\n(?=\S)", text.strip()):
        words, *blocks = re.split(r"\n\n?(?=    )", paragraph, maxsplit=1)
        shown.append(_words(" ".join(re.sub(r"::$", ":", words).split())) + "\n\n")
        shown.extend(f"```python\n{textwrap.dedent(block)}\n```\n\n" for block in blocks)
    return "".join(shown) if text.strip() else ""


def _example(lines: str) -> str:
    if ">>> " not in lines:
        return _prose(lines)
    words, prompt, code = lines.partition(">>> ")
    return (_prose(words) if words else "") + f"```pycon\n{prompt}{code}\n```\n\n"


def _items(lines: str) -> Iterator[str]:
    for entry in re.split(r"\n(?=[\w*]+: )", lines):
        name, colon, words = " ".join(entry.split()).partition(": ")
        yield f"- `{name}`: {_words(words)}\n" if colon else f"- {_words(name)}\n"


def _words(text: str) -> str:
    return text.replace("``", "`")


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{TARGET}\n")

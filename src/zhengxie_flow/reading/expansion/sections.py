"""Sections of a process collected from its own keys, its articles and its gates."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.reading.expansion.trees import at_key, entries_of, listing, rebuilt, standing_at, with_defaults
from zhengxie_flow.reading.nodes import Node, Position

SECTIONS = ("roles", "facts", "items", "states", "subcases", "actions", "obligations", "exemptions")
"""Sections that an article may hold, as the process does."""

SHORT_SECTIONS = ("requirements", "gates", "publications", "expected")
"""Sections that it may hold beside them, and that become parts of those."""

DECLARED_TWICE = "ZX1360"


@dataclass(slots=True)
class Sections:
    """Entries of the sections of a process, with those that are written under articles or come from gates.

    Attributes:
        label: of the file.
        controls: the ids of internal controls, which cite no clause, as written.
        problems: takes what is wrong.
        entries: by section and id.
        keys: the positions of the ids.
        cited: the clauses of the entries that stand under an article, by section and id.
    """

    label: str
    controls: dict[str, Node]
    problems: list[Problem]
    entries: dict[str, dict[str, Node]] = field(default_factory=dict)
    keys: dict[str, dict[str, Position]] = field(default_factory=dict)
    cited: dict[str, dict[str, Node]] = field(default_factory=dict)

    def add(self, section: str, parent: Node, *, clause: Node | None = None) -> None:
        """Add the entries of a mapping to a section; under an article, with its clause."""
        entries, keys = self.entries.setdefault(section, {}), self.keys.setdefault(section, {})
        for name, entry in parent.fields.items():
            place = at_key(parent, name)
            if name in entries:
                first = keys[name][0]
                where = Where(place.file or self.label, place.line, place.column)
                self.problems.append(Problem(DECLARED_TWICE, where, {"id": name, "line": first}))
                continue
            entries[name], keys[name] = entry, place.position
            if clause is not None:
                self.cited.setdefault(section, {})[name] = clause


def collected(node: Node, label: str, problems: list[Problem]) -> Sections:
    """Return the sections of a process file, those under its articles included."""
    controls = {str(entry.value): entry for entry in entries_of(node.fields.get("controls"))}
    sections = Sections(label, controls, problems)
    for part, clause in parts_of(node):
        for section in (*SECTIONS, *SHORT_SECTIONS):
            inner = part.fields.get(section)
            if inner is not None and inner.kind == "map":
                sections.add(section, inner, clause=clause)
    return sections


def parts_of(node: Node) -> Iterator[tuple[Node, Node | None]]:
    """Yield the parts of a process file that hold sections: itself, then each article with the node of its clause."""
    yield node, None
    articles = node.fields.get("articles")
    for clause, group in articles.fields.items() if articles is not None else ():
        if articles is not None and group.kind == "map":
            yield group, citation(clause, at_key(articles, clause))


def citation(clause: str, place: Node) -> Node:
    """Return the citation that the key of an article stands for; another instrument is named before its clause."""
    instrument, _, number = clause.rpartition(" ")
    return standing_at({instrument: number} if instrument else clause, place)


def citing(entry: Node, clause: Node | None) -> Node:
    """Return an entry with the clause of its article, unless it cites something itself; ``law: []`` cites nothing."""
    if entry.kind != "map":
        return entry
    if "law" in entry.fields:
        cited = entry.fields["law"]
        if clause is None or cited.kind != "list" or cited.items:
            return entry
        return rebuilt(entry, {name: inner for name, inner in entry.fields.items() if name != "law"})
    return entry if clause is None else with_defaults(entry, {"law": clause})


def cited_requirements(action: Node, clause: Node, controls: Container[str]) -> Node:
    """Return an action whose own requirements cite the clause of its article, but for internal controls."""
    requires = action.fields.get("requires")
    if requires is None or requires.kind != "list":
        return action
    items = [
        citing(entry, clause) if "id" in entry.fields and entry.value["id"] not in controls else entry
        for entry in requires.items
    ]
    return rebuilt(action, {**action.fields, "requires": listing(requires, items)})

"""Editions and overlays from files: the process they rest on with their changes in it, every value with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from zhengxie_flow.errors import Problem, Where
from zhengxie_flow.model.citation import Instrument
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.edition import Edition, Overlay, Override
from zhengxie_flow.model.parameter import Parameter
from zhengxie_flow.model.patch import PARTS, Astray, Patch, bundle_of, change_from_settings
from zhengxie_flow.model.process import Process
from zhengxie_flow.reading.conventions import used_conventions
from zhengxie_flow.reading.nodes import Node, Position, with_source
from zhengxie_flow.reading.read_parts import ReadParts, read_parts
from zhengxie_flow.reading.sources import Loaded, RuleSources, SourceFile, plain
from zhengxie_flow.reading.subcase_definitions import subcase_states, with_states
from zhengxie_flow.reading.used_rules import used_rules
from zhengxie_flow.spelling import closest, hint

NOT_THERE = "ZX1270"
NAMED = ("roles", "facts", "items", "states", "actions", "obligations", "exemptions", *PARTS)
"""Sections whose entries have names; a new entry brings its label."""


KEPT = frozenset(["edition", "conventions", "volumes"])
"""Entries of a bundle that a changed one takes over only where it is told so."""


class Nodes:
    """Values with positions, as `model.patch` merges them."""

    def fields(self, tree: Node) -> Mapping[str, Node] | None:
        """The entries of a mapping."""
        return tree.fields if tree.kind == "map" else None

    def entries(self, tree: Node) -> Sequence[Node] | None:
        """The members of a list."""
        return tree.items if tree.kind == "list" else None

    def value(self, tree: Node) -> Any:
        """The plain value."""
        return tree.value

    def mapping(self, base: Node, change: Node, fields: dict[str, Node]) -> Node:
        """A mapping that stands where the change stands; each entry stands where it came from."""
        keys = {name: (change if name in change.fields else base).keys[name] for name in fields}
        return replace(change, keys=keys, fields=fields, value={name: node.value for name, node in fields.items()})

    def listing(self, base: Node, change: Node, entries: list[Node]) -> Node:
        """A list that stands where the base stands."""
        return replace(
            base,
            kind="list",
            items=tuple(entries),
            value=[node.value for node in entries],
            file=base.file or change.file,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Amendment:
    """An amendment to a definition: the changed values, and the label of the file that states them."""

    node: Node
    label: str


@dataclass(frozen=True, slots=True)
class DefinitionReading:
    """The reading of a process from its files.

    Attributes:
        processes: the folder of processes, for subcases.
        problems: takes the problems found.
        parts: parts that were read before; None: those of the definition that is changed.
        hash: the hash that a changed definition is known by; else it is that of its content.
    """

    processes: Path
    problems: list[Problem] = field(default_factory=list)
    parts: ReadParts | None = None
    hash: str = ""


def amended_edition(base: Loaded, source: SourceFile, since: Any, reading: DefinitionReading) -> Loaded | None:
    """Return the edition a file declares.

    Args:
        base: the edition before it.
        source: the file.
        since: the day the first edition came into force, as written.
        reading: the reading of its process.

    Returns:
        The edition; None where it cannot be resolved.
    """
    edition = Edition.model_validate(source.node.value)
    tree = read_parts(base).tree
    changes = source.node.fields.get("changes")
    if changes is not None and changes.kind == "map":
        tree = _changed(tree, Amendment(changes, source.label), reading.problems)
    tree = _with(tree, "in_force", source.node, source.label)
    info = {name: value for name, value in plain(source.node.value).items() if name in _INFO}
    info |= {"from": edition.begins.isoformat(), "since": since}
    return changed_definition(base, tree, source, {"edition": info}, reading)


_INFO = ("edition", "zh", "en", "law", "transition", "moved_states")


def overlaid_process(
    base: Loaded, source: SourceFile, ident: str, reading: DefinitionReading, *, since: Any = None
) -> Loaded | None:
    """Return the process of an overlay: the base with the overlay's offices and its overrides.

    What it has not set itself is followed by reference, and weighs one step less.  ``since`` is given for a later
    edition of the base, which the overlay follows: the day the overlay came into force.
    """
    node, overlay = source.node, OverlayTree(base, source, reading)
    founded = dict(_founded(Overlay.model_validate(node.value), node, source.label))
    overlay.take_roles()
    for change in founded:
        overlay.change(change)
    overlay.tree = _by_reference(overlay.tree, with_source(node, source.label), _touched(founded))
    later = since is not None
    overlay.take(node, ("process", "zh", "en", "calendar", "zone", *(() if later else ("in_force",))))
    extra: dict[str, Any] = {"id": ident, "base": {"id": base.definition.id, "hash": base.definition.hash}}
    if later:
        extra["edition"] = {**base.definition.bundle["edition"], "since": since}
    return overlay.loaded(extra)


class OverlayTree:
    """The definition of a base as one tree, on its way to become that of another place.

    Args:
        base: the definition it starts from.
        source: the file of the other place.
        reading: the reading of the process.
    """

    def __init__(self, base: Loaded, source: SourceFile, reading: DefinitionReading) -> None:
        """Start from the tree of the base."""
        self.base, self.source, self.reading = base, source, reading
        self.tree = read_parts(base).tree

    def take_roles(self) -> None:
        """Give the offices of the base the names of those who fill them in the place."""
        node, label = self.source.node, self.source.label
        if "roles" in node.fields:
            _known_roles(node, self.base, label, self.reading.problems)
            section = replace(node, keys={"roles": node.keys["roles"]}, fields={"roles": node.fields["roles"]})
            self.change(Amendment(section, label))

    def change(self, change: Amendment) -> None:
        """Apply a change."""
        self.tree = _changed(self.tree, change, self.reading.problems)

    def take(self, node: Node, keys: Sequence[str]) -> None:
        """Take these keys from a mapping, where it has them."""
        for key in keys:
            self.tree = _with(self.tree, key, node, self.source.label)

    def loaded(self, extra: dict[str, Any]) -> Loaded | None:
        """The definition of the tree, with extra entries of its bundle; None where it cannot be resolved."""
        return changed_definition(self.base, self.tree, self.source, extra, self.reading)


def read_under_interpretation(
    base: Loaded, settings: Node, register: SourceFile
) -> tuple[Loaded | None, tuple[Problem, ...]]:
    """Read the definition under an alternative interpretation, with the settings of its register entry applied.

    Args:
        base: the definition as it is judged by.
        settings: the node of ``sets:``; paths that belong to another process are left out.
        register: the file of the register.

    Returns:
        The changed definition, None where it cannot be resolved; and the problems of the settings.
    """
    processes = Path() if base.rules is None else base.rules.parent / "processes"
    reading = DefinitionReading(processes, hash=base.definition.hash)
    tree = read_parts(base).tree
    for path, node in settings.fields.items():
        change, astray = change_from_settings(tree.value, {path: node.value})
        if not astray:
            at = settings.keys[path]
            tree = _changed(tree, Amendment(_nested(change, node, at), register.label), reading.problems)
    kept = base.definition.bundle
    extra: dict[str, Any] = {key: kept[key] for key in ("edition", "base", "volumes") if key in kept}
    alternative = changed_definition(base, tree, register, extra, reading)
    return alternative, tuple(reading.problems)


def _nested(change: dict[str, Any], leaf: Node, at: Position) -> Node:
    """A change of one thing as nodes that stand where its path is written."""
    ((name, inner),) = change.items()
    end = leaf if inner == leaf.value and not (isinstance(inner, dict) and inner is not leaf.value) else None
    node = end if end is not None else _nested(inner, leaf, at)
    return Node("map", at[0], at[1], {name: node.value}, keys={name: at}, fields={name: node})


def _founded(overlay: Overlay, node: Node, label: str) -> Iterator[tuple[Amendment, Node]]:
    """Overrides with a basis, each with the document it names."""
    for index, override in enumerate(overlay.overrides):
        if takes_effect(override):
            written = node.fields["overrides"].items[index].fields
            yield Amendment(written["changes"], label), with_source(written["basis"], label)


def takes_effect(override: Override) -> bool:
    """True if an override takes effect: it names a local document as its basis."""
    return override.basis is not None


def _known_roles(node: Node, base: Loaded, label: str, problems: list[Problem]) -> None:
    """Report roles of an overlay that its base does not have."""
    names = tuple(base.definition.process.roles)
    roles = node.fields["roles"]
    problems += [_not_there(roles, name, name, names, label) for name in roles.fields if name not in names]


def _changed(tree: Node, change: Amendment, problems: list[Problem]) -> Node:
    """Return the tree with a change applied; an unknown path is a problem where it is written, and left out."""
    node = _labelled(tree, change, problems)
    astray: list[Astray] = []
    changed = Patch(Nodes(), astray).merged(tree, with_source(node, change.label))
    for unknown in astray:
        parent = node
        for step in unknown.path[:-1]:
            parent = parent.fields[step]
        problems.append(_not_there(parent, unknown.path[-1], unknown.name, unknown.choices, change.label))
    return changed


def _labelled(tree: Node, change: Amendment, problems: list[Problem]) -> Node:
    """A change without entries that would be new and have no label: most likely names that are misspelt."""
    sections = dict(change.node.fields)
    for section in NAMED:
        entries = sections.get(section)
        declared = tree.fields[section].fields if section in tree.fields else {}
        for name, node in entries.fields.items() if entries is not None else ():
            if name not in declared and node.value is not None and "zh" not in node.fields:
                problems.append(_not_there(sections[section], name, name, tuple(declared), change.label))
                kept = {key: inner for key, inner in sections[section].fields.items() if key != name}
                sections[section] = _rebuilt(sections[section], kept)
    return _rebuilt(change.node, sections)


def _not_there(parent: Node, key: str, name: str, names: Sequence[str], label: str) -> Problem:
    line, column = parent.keys.get(key, parent.position)
    params = {"name": name, "suggestion": hint(name, names), "known": tuple(closest(name, names))}
    return Problem(NOT_THERE, Where(label, line, column), params)


def _with(tree: Node, key: str, node: Node, label: str) -> Node:
    """The tree with one key as a file has it; as it is where the file has not."""
    if key not in node.fields:
        return tree
    fields = {**tree.fields, key: with_source(node.fields[key], label)}
    value = {**tree.value, key: node.fields[key].value}
    return replace(tree, keys={**tree.keys, key: node.keys[key]}, fields=fields, value=value)


def _touched(changes: Mapping[Amendment, Node]) -> dict[str, Node]:
    """The duties (and parameters of duties) that overrides with a basis speak of, each with that basis."""
    touched: dict[str, Node] = {}
    for change, basis in changes.items():
        for section in ("obligations", "parameters"):
            touched |= dict.fromkeys(change.node.fields[section].fields if section in change.node.fields else (), basis)
        for action in change.node.fields["actions"].fields.values() if "actions" in change.node.fields else ():
            requires = action.fields.get("requires")
            touched |= dict.fromkeys(requires.fields if requires is not None else (), basis)
    return touched


def _by_reference(tree: Node, overlay: Node, touched: Mapping[str, Node]) -> Node:
    """Mark every duty as followed by reference, except those the overlay overrides, which show their basis."""
    followed = replace(overlay, kind="scalar", value=True, keys={}, fields={}, items=())

    def weighed(name: str, duty: Node) -> Node:
        limit = duty.fields.get("limit")
        parameter = limit.value.get("parameter") if limit is not None and limit.kind == "map" else None
        basis = touched.get(name) or touched.get(parameter or "")
        key, node = ("by_reference", followed) if basis is None else ("basis", basis)
        return _rebuilt(duty, {**duty.fields, key: node}, {**duty.keys, key: node.position})

    def action(node: Node) -> Node:
        requires = node.fields.get("requires")
        if requires is None or requires.kind != "list":
            return node
        items = [weighed(entry.value["id"], entry) if "id" in entry.fields else entry for entry in requires.items]
        changed = replace(requires, items=tuple(items), value=[entry.value for entry in items])
        return _rebuilt(node, {**node.fields, "requires": changed})

    parts: dict[str, Node] = {}
    if "obligations" in tree.fields:
        duties = tree.fields["obligations"]
        parts["obligations"] = _rebuilt(duties, {name: weighed(name, duty) for name, duty in duties.fields.items()})
    if "actions" in tree.fields:
        acts = tree.fields["actions"]
        parts["actions"] = _rebuilt(acts, {name: action(entry) for name, entry in acts.fields.items()})
    return _rebuilt(tree, {**tree.fields, **parts})


def _rebuilt(node: Node, fields: dict[str, Node], keys: Mapping[str, Position] | None = None) -> Node:
    value = {name: inner.value for name, inner in fields.items()}
    return replace(node, keys=node.keys if keys is None else keys, fields=fields, value=value)


def changed_definition(
    base: Loaded, tree: Node, source: SourceFile, extra: dict[str, Any], reading: DefinitionReading
) -> Loaded | None:
    """Return the definition of a changed tree, with extra entries of its bundle, unless it has problems of shape."""
    label, processes, problems = base.process.label, reading.processes, reading.problems
    parts = reading.parts or read_parts(base)
    process = replace(
        tree,
        keys={name: place for name, place in tree.keys.items() if name not in PARTS},
        fields={name: node for name, node in tree.fields.items() if name not in PARTS},
        value={name: value for name, value in tree.value.items() if name not in PARTS},
    )
    before = len(problems)
    parts.fits(process, label, Process, problems)
    decisions = {
        name: (_of(base.decisions, name, source), node) for name, node in tree.fields["decisions"].fields.items()
    }
    for origin, node in decisions.values():
        parts.fits(node, origin.label, Decision, problems)
    parameters = {
        name: (_of(base.parameters, name, source), node) for name, node in tree.fields["parameters"].fields.items()
    }
    for origin, node in parameters.values():
        parts.fits(node, origin.label, Parameter, problems)
    law = base.law
    if law is not None:
        law = parts.law(law, tree.fields["clauses"])
        parts.fits(law.node, law.label, Instrument, problems)
    if len(problems) > before:
        return None
    old = base.definition.bundle
    rules = RuleSources(decisions, parameters)
    mine = rules if base.alone else used_rules(process.value, rules, parts.validator)
    if process.value.get("subcases") is base.process.node.value.get("subcases"):
        subcases = base.subcases  # they were read with the base
    else:
        subcases = subcase_states(process.value, processes, processes.parent, problems)
    ruling = [node for _, node in mine.parameters.values()]
    conventions = used_conventions(process, label, ruling, base.rules, problems)
    if len(problems) > before:
        return None
    whole = plain(tree.value) | {
        "decisions": {name: plain(node.value) for name, (_, node) in mine.decisions.items()},
        "parameters": {name: plain(node.value) for name, (_, node) in mine.parameters.items()},
    }
    bundle = {**bundle_of(with_states(whole, subcases), old), "id": base.definition.id}
    bundle = {name: value for name, value in bundle.items() if name not in KEPT} | extra
    if conventions.sources:
        bundle["conventions"] = conventions.entries
    sources = {**base.definition.sources, source.label: source.text} | conventions.texts
    definition = resolve(bundle, sources, validator=parts.validator, content_hash=reading.hash)
    return replace(
        base,
        definition=definition,
        process=SourceFile(label, base.process.text, process),
        law=law,
        decisions=decisions,
        parameters=parameters,
        scenarios=(),
        editions=(),
        amendment=source,
        subcases=subcases,
    )


def _of(declared: Mapping[str, tuple[SourceFile, Node]], name: str, source: SourceFile) -> SourceFile:
    return declared[name][0] if name in declared else source

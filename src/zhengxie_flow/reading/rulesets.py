"""Decisions compiled from files, with the places of their rules: of a project, a folder, or one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path, PurePosixPath

from zhengxie_flow.errors import InvalidDefinition, NotFound, Problem, Where
from zhengxie_flow.model.comparing import DEFAULT_ZONE, zone_named
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.parameter import Parameter, Parameters
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.compiling import compile_all, type_mismatch
from zhengxie_flow.reading.definitions import Files
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.positions import in_order
from zhengxie_flow.reading.sources import RuleSources, SourceFile, entries, label_of, read_any, read_rules, validate
from zhengxie_flow.reading.yaml_reader import read_yaml
from zhengxie_flow.rules import Ruleset, types_of
from zhengxie_flow.rules.kinds import output_types
from zhengxie_flow.rules.parameters import ParameterRules

SHARED = frozenset({"calendars", "conventions"})


@dataclass(frozen=True, slots=True)
class RuleFolder:
    """The decisions of one folder: compiled, with where each stands; ``processes`` use them."""

    folder: str
    rulesets: dict[str, Ruleset]
    nodes: dict[str, tuple[SourceFile, Node]] = field(default_factory=dict)
    processes: tuple[Process, ...] = ()
    parameters: dict[str, ParameterRules] = field(default_factory=dict)
    parameter_nodes: dict[str, tuple[SourceFile, Node]] = field(default_factory=dict)

    @property
    def all_rulesets(self) -> tuple[Ruleset, ...]:
        """The decisions, and the parameters as rules."""
        return (*self.rulesets.values(), *self.parameters.values())

    def of_file(self, label: str) -> RuleFolder:
        """The decisions and parameters that one file of the folder holds."""
        nodes = {name: node for name, node in self.nodes.items() if node[0].label == label}
        others = {name: node for name, node in self.parameter_nodes.items() if node[0].label == label}
        return RuleFolder(
            self.folder, {name: self.rulesets[name] for name in nodes}, nodes, self.processes,
            {name: self.parameters[name] for name in others}, others,
        )  # fmt: skip

    def places(self, ruleset: Ruleset) -> dict[str, str]:
        """``file:line`` of each rule of a decision, or row of a parameter, by its id."""
        nodes = self.parameter_nodes if isinstance(ruleset, ParameterRules) else self.nodes
        if ruleset.name not in nodes:
            return {}
        source, node = nodes[ruleset.name]
        decision = ruleset.decision
        top = Place(source, node)
        where = (top.at(decision.rules_key, index).where() for index in range(len(decision.rules)))
        return {rule.id: f"{place.file}:{place.line}" for rule, place in zip(decision.rules, where, strict=True)}


def of_project(files: Files) -> tuple[RuleFolder, ...]:
    """Return the decisions of every process folder of a project.

    Args:
        files: the folders of the project.

    Raises:
        InvalidDefinition: with all problems.
    """
    folders: dict[str, list[Process]] = {}
    rules: list[RuleFolder] = []
    for process in files.ids():
        folders.setdefault(str(PurePosixPath(process).parent), [])
    for folder in folders:
        loaded = [files.read(process) for process in files.ids() if str(PurePosixPath(process).parent) == folder]
        processes = tuple(entry.definition.process for entry in loaded)
        read = read_rules(files.rules / folder, files.root, [])
        rules.append(_compiled(folder, read, processes))
    rule_folders = {path.parent for path in _files(files.rules)}
    for path in sorted(rule_folders):
        folder = label_of(path, files.rules)
        if folder not in folders:
            rules.append(_folder(path, files.root, folder))
    return tuple(rules)


def of_path(path: Path) -> tuple[RuleFolder, ...]:
    """Return the decisions of a project folder, of a folder of decisions, or of one file.

    Args:
        path: the folder or file.

    Raises:
        NotFound: ZX1001, nothing lies there.
        InvalidDefinition: with all problems.
    """
    if not path.exists():
        raise NotFound("ZX1001", where=Where(str(path)), file=str(path))
    if path.is_dir() and (path / "processes").is_dir():
        return of_project(Files(path / "processes", path / "rules"))
    if path.is_dir():
        return tuple(
            _folder(folder, path, label_of(folder, path)) for folder in sorted({file.parent for file in _files(path)})
        )
    home = Files.project_of(path)
    if home is not None and path.resolve().is_relative_to(home.rules.resolve()):
        inside = label_of(path.resolve(), home.root.resolve())
        for rules in of_project(home):
            narrowed = rules.of_file(inside)
            if narrowed.all_rulesets:
                return (narrowed,)
    return (_file(path),)


def of_definition(definition: Definition, rulesets: Mapping[str, Ruleset]) -> RuleFolder:
    """The decisions a case is judged by, as its journal keeps them; places are those of the texts kept with them."""
    nodes: dict[str, tuple[SourceFile, Node]] = {}
    for label, text in definition.sources.items():
        source = SourceFile(label, text, read_yaml(text, label, top="any"))
        for node in entries(source):
            if node.kind == "map" and "decision" in node.fields:
                nodes[str(node.value["decision"])] = (source, node)
    folder = str(PurePosixPath(definition.id).parent)
    kept = {name: node for name, node in nodes.items() if name in rulesets}
    return RuleFolder(folder, dict(rulesets), kept, (definition.process,))


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*.yaml")) if root.is_dir() else ():
        if not SHARED.intersection(path.relative_to(root).parts[:1]):
            yield path


def _folder(folder: Path, root: Path, name: str) -> RuleFolder:
    problems: list[Problem] = []
    read = read_rules(folder, root, problems)
    return _alone(name, read, problems)


def _file(path: Path) -> RuleFolder:
    problems: list[Problem] = []
    source = read_any(path, path.parent, problems)
    read = RuleSources()
    if source is not None:
        for node in entries(source):
            if "parameters" in node.fields:
                if validate(node, source.label, Parameters, problems):
                    read.parameters |= {
                        name: (source, parameter) for name, parameter in node.fields["parameters"].fields.items()
                    }
            elif validate(node, source.label, Decision, problems):
                read.decisions[str(node.value["decision"])] = (source, node)
    return _alone(path.stem, read, problems)


def _alone(name: str, read: RuleSources, problems: Iterable[Problem]) -> RuleFolder:
    if problems:
        raise InvalidDefinition(problems=in_order(problems))
    return _compiled(name, read, ())


def _compiled(folder: str, read: RuleSources, processes: tuple[Process, ...]) -> RuleFolder:
    decisions = {name: Decision.model_validate(node.value) for name, (_, node) in read.decisions.items()}
    parameters = {name: Parameter.model_validate(node.value) for name, (_, node) in read.parameters.items()}
    types, zone = {**output_types(decisions), **_types(processes)}, _zone(processes)
    problems: list[Problem] = []
    rulesets = compile_all(decisions, read.decisions, types, problems, zone)
    parameters_compiled: dict[str, ParameterRules] = {}
    for name, parameter in parameters.items():
        try:
            parameters_compiled[name] = ParameterRules(name, parameter, types, zone)
        except InvalidDefinition as error:
            problems += [type_mismatch(parameter, Place(*read.parameters[name]), problem) for problem in error.problems]
    if problems:
        raise InvalidDefinition(problems=in_order(problems))
    return RuleFolder(folder, rulesets, read.decisions, processes, parameters_compiled, read.parameters)


def _zone(processes: Iterable[Process]) -> tzinfo:
    """The zone of the processes of one folder, that of the first where they differ."""
    return next((zone_named(process.zone) for process in processes), DEFAULT_ZONE)


def _types(processes: Iterable[Process]) -> dict[str, ValueType]:
    """The types of all names that processes of one folder use; left out where two differ."""
    types: dict[str, ValueType | None] = {}
    for process in processes:
        for name, kind in types_of(process).items():
            same = types.get(name, kind)
            alike = same is not None and (same.type, same.of) == (kind.type, kind.of)
            types[name] = same if alike else None
    return {name: kind for name, kind in types.items() if kind is not None}

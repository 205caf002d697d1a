"""Checks of the interpretation register: its settings name something, and agree with the definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from zhengxie_flow.model.citation import Interpretation
from zhengxie_flow.model.definition import Definition, resolve
from zhengxie_flow.model.patch import Astray, apply_change, bundle_of, change_from_settings, steps_of, tree_of
from zhengxie_flow.reading.checks.catalogue import Defect, Finding, check, warning
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_resolution import suggestion
from zhengxie_flow.reading.edition_files import read_under_interpretation
from zhengxie_flow.reading.sources import Loaded


@check(
    "ZX1278",
    "unknown-setting",
    en="What a reading sets is found by its path; a path that leads nowhere changes nothing.",
    zh="读法所设定的内容按路径寻找；走不通的路径什么也不会改变。",
    shared=True,
)
def unknown_setting(loaded: Loaded) -> Iterator[Defect]:
    """Report paths under ``sets:`` that name nothing in the definition."""
    if loaded.register is None:
        return
    tree = tree_of(loaded.definition.bundle)
    top = Place(loaded.register, loaded.register.node, ("interpretations",))
    for number, entry in loaded.definition.interpretations.items():
        places = [(entry.sets, top.at(number))]
        for name, alternative in entry.alternatives.items():
            places.append((alternative.sets, top.at(number, "alternatives", name)))
        for settings, place in places:
            for path in settings:
                for astray in change_from_settings(tree, {path: settings[path]})[1]:
                    yield Defect(place.name("sets", path), path=path, **_meant(tree, path, astray))


def _meant(tree: dict[str, Any], path: str, astray: Astray) -> dict[str, Any]:
    """Suggestion for a path: the section left out before an id, else the nearest name at the step that led nowhere."""
    guess = suggestion(astray.name, astray.choices)
    for section, entries in tree.items():
        if isinstance(entries, dict) and any(path.startswith(f"{name}.") for name in entries):
            return {**guess, "suggestion": f"{section}.{path}"}
    return guess


@check(
    "ZX1279",
    "unlike-register",
    en="Register and definition say the same of the reading that counts, and every other reading can be judged by.",
    zh="所采用的读法，登记与规定应当一致；其他读法应当能够据以判断。",
)
def unlike_register(loaded: Loaded) -> Iterator[Finding]:
    """Report settings of the register that the definition lacks, and faults that alternatives would bring."""
    from zhengxie_flow.reading.checks.preconditions import references

    if loaded.register is None or loaded.amendment is not None:  # an amendment may say otherwise
        return
    place = Place(loaded.register, loaded.register.node, ("interpretations",))
    standing: set[str] | None = None
    for number, entry in loaded.definition.interpretations.items():
        for path in entry.sets:
            if not _says(loaded, path, entry.sets[path]):
                yield Defect(place.at(number).name("sets", path), path=path)
        for name, alternative in entry.alternatives.items():
            if any(_applies(loaded, path) for path in alternative.sets):
                settings = place.at(number, "alternatives", name, "sets").value
                other, problems = read_under_interpretation(loaded, settings, loaded.register)
                faults = problems if other is None else references(other)
                if faults and standing is None:  # those of its scenarios are no faults of the reading
                    standing = {str(problem) for problem in references(replace(loaded, scenarios=()))}
                for problem in faults:
                    if str(problem) not in (standing or ()):
                        inside = problem.where.file == loaded.register.label
                        yield (
                            problem
                            if inside
                            else replace(problem, where=place.at(number).name("alternatives", name).where())
                        )


@warning(
    "ZX1352",
    "reading-without-alternative",
    en="Words that can be read otherwise are judged otherwise too, or nobody sees whether a verdict depends on it.",
    zh="读的是可以另作解释的文字，就要能按另一种读法判断，否则看不出结论是不是取决于它。",
    shared=True,
)
def reading_without_alternative(loaded: Loaded) -> Iterator[Defect]:
    """Report entries that read words and have no alternative that sets anything."""
    for number, entry, place in _entries(loaded):
        if entry.status != "not_in_text" and not entry.runnable:
            yield Defect(place.name(), "interpretation", name=number)


@warning(
    "ZX1353",
    "silence-without-place",
    en="Where the text is silent, the entry names what a signed interpretation would set, so that it can be set there.",
    zh="记载条文没有规定的，要写明签署的解释将设定哪一处，以便在那里设定。",
    shared=True,
)
def silence_without_place(loaded: Loaded) -> Iterator[Defect]:
    """Report entries of a silence that name no parameter, role, fact or field."""
    tree = tree_of(loaded.definition.bundle)
    for number, entry, place in _entries(loaded):
        if (
            entry.status == "not_in_text"
            and not entry.would_set
            and not any(_settable(tree, path) for path in entry.sets)
        ):
            yield Defect(place.name(), "interpretation", name=number)


@check(
    "ZX1354",
    "unknown-place",
    en="What a signed interpretation would set is a parameter, a role, a fact or a field that the definition has.",
    zh="签署的解释将设定的，是规定中有的参数、角色、事实或字段。",
    shared=True,
)
def unknown_place(loaded: Loaded) -> Iterator[Defect]:
    """Report paths under ``would_set:`` that lead to no parameter, role, fact or field."""
    tree = tree_of(loaded.definition.bundle)
    for _, entry, place in _entries(loaded):
        for position, path in enumerate(entry.would_set):
            if not _settable(tree, path):
                yield Defect(place.at("would_set", position), path=path)


@warning(
    "ZX1355",
    "signed-for-others",
    en="A reading of the law of another body is a working assumption: signing it here gives it no authority.",
    zh="对他人规定的理解只是工作假定：在这里签署，也不使它具有效力。",
    shared=True,
)
def signed_for_others(loaded: Loaded) -> Iterator[Defect]:
    """Report signed entries that cite instruments of others alone."""
    for number, entry, place in _entries(loaded):
        if entry.signed and entry.working_assumption(loaded.definition.law):
            yield Defect(place.at("signer"), "interpretation", name=number, signer=entry.signer)


def _entries(loaded: Loaded) -> Iterator[tuple[str, Interpretation, Place]]:
    """The entries of the register, each with its place."""
    if loaded.register is None:
        return
    top = Place(loaded.register, loaded.register.node, ("interpretations",))
    for number, entry in loaded.definition.interpretations.items():
        yield number, entry, top.at(number)


def _settable(tree: dict[str, Any], path: str) -> bool:
    """True if a path leads to a parameter, role or fact, to a field of an item or act, or into one of them."""
    steps = steps_of(tree, path)
    match steps:
        case (("parameters" | "roles" | "facts") as section, name, *_):
            return name in tree.get(section, {})
        case ("items", kind, "fields", name, *_):
            return name in tree["items"][kind].get("fields", {})
        case ("actions", action, "with", name, *_):
            return name in tree["actions"][action].get("with", {})
    return False


def _applies(loaded: Loaded, path: str) -> bool:
    """True if a path leads somewhere in this process; the register may be shared by several."""
    return not change_from_settings(tree_of(loaded.definition.bundle), {path: None})[1]


def _says(loaded: Loaded, path: str, value: object) -> bool:
    """True if the definition agrees with a setting; one whose path belongs to another process always does."""
    tree = tree_of(loaded.definition.bundle)
    change, astray = change_from_settings(tree, {path: value})
    if astray:
        return True
    changed, _ = apply_change(tree, change)
    return changed == tree or _alike(loaded.definition, changed)


def _alike(definition: Definition, tree: dict[str, Any]) -> bool:
    """True if a tree resolves to the definition, although it may write a default out."""
    try:
        other = resolve(bundle_of(_bare(tree), definition.bundle))
    except ValidationError:
        return False
    parts = ("process", "law", "decisions", "parameters")
    return all(getattr(other, name) == getattr(definition, name) for name in parts)


def _bare(value: Any) -> Any:
    """Values without the default method of counting."""
    match value:
        case dict():
            return {key: _bare(inner) for key, inner in value.items() if (key, inner) != ("count", "event_excluded")}
        case list():
            return [_bare(inner) for inner in value]
    return value


CHECKS = (
    unknown_setting,
    unlike_register,
    reading_without_alternative,
    silence_without_place,
    unknown_place,
    signed_for_others,
)

"""Checks of undefined names, one table: roles, states, actions, facts and whatever else a file refers to by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from zhengxie_flow.reading.checks.catalogue import Check, Defect, cached
from zhengxie_flow.reading.checks.comparisons import comparisons
from zhengxie_flow.reading.checks.editions import moved_state_references
from zhengxie_flow.reading.checks.law import citations, cites_own_law
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.model_walk import model_nodes
from zhengxie_flow.reading.checks.name_references import NameReference, name_references, references_in
from zhengxie_flow.reading.checks.name_resolution import names_in, suggestion
from zhengxie_flow.reading.checks.scenarios import scenario_references
from zhengxie_flow.reading.checks.volumes import attachment_references
from zhengxie_flow.reading.sources import Loaded

UNKNOWN_NAME = "ZX1201"
"""The code of an unknown name of any kind; a kind with advice of its own has a code of its own."""


@dataclass(frozen=True, slots=True)
class _Undefined:
    """A row of the table: the check that references of a kind lead to something that is defined.

    Attributes:
        name: The name of the check.
        kind: The concept of the glossary that the names belong to.
        en: The reason for the check, in English.
        zh: The same in Chinese.
        code: The code of its message.
        references: The references to look at; None: those of the kind in the process, its decisions and its scenarios.
    """

    name: str
    kind: str
    en: str
    zh: str
    code: str = UNKNOWN_NAME
    references: Callable[[Loaded], Iterable[NameReference]] | None = None

    def find(self, loaded: Loaded) -> Iterator[Defect]:
        """Find the references that lead to nothing."""
        for reference in _unresolved(loaded) if self.references is None else self.references(loaded):
            if reference.kind == self.kind and reference.name not in reference.choices:
                params = suggestion(reference.name, reference.choices, names_in(loaded))
                yield Defect(reference.place, kind=self.kind, **params)


def _checks(*rows: _Undefined) -> tuple[Check, ...]:
    """The checks of the rows of the table."""
    return tuple(
        Check(row.code, row.name, row.en, row.zh, row.find, kind=row.kind, stories=row.references in (None, _values))
        for row in rows
    )


@cached
def _unresolved(loaded: Loaded) -> Iterator[NameReference]:
    """References in a process, its decisions and its scenarios that lead to nothing."""
    for references in (name_references(loaded), scenario_references(loaded)):
        yield from (reference for reference in references if reference.name not in reference.choices)


def _register_entries(loaded: Loaded) -> Iterator[NameReference]:
    """Citations of entries of the interpretation register."""
    entries = tuple(loaded.definition.interpretations)
    for node in model_nodes(loaded):
        for key in ("interpretation", "unassigned"):
            cited = getattr(node.model, key, None) or ()
            numbers = (cited,) if isinstance(cited, str) else cited
            yield from references_in("register_entry", numbers, node.place.at(key), entries)


def _values(loaded: Loaded) -> Iterator[NameReference]:
    """Values in conditions that should be among the choices of their fact, field or parameter."""
    for comparison in comparisons(loaded):
        choices = comparison.type.of
        if isinstance(choices, dict) and isinstance(comparison.value, str):
            yield NameReference("value", comparison.value, comparison.place, tuple(choices))
    yield from _unresolved(loaded)


def _time_zone(loaded: Loaded) -> Iterator[NameReference]:
    """The time zone of a process, where the time zone database does not have it."""
    zone = loaded.definition.process.zone
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # no such key; a path that is no key; a folder of zones
        place = Place(loaded.process, loaded.process.node, ("zone",))
        yield NameReference("time_zone", zone, place, tuple(sorted(available_timezones())))


def _clauses(loaded: Loaded) -> Iterator[NameReference]:
    """Citations of clauses of the law file, or of an instrument whose clauses it lists."""
    law = loaded.definition.law
    if law is None:
        return
    own, others = tuple(law.clauses), {name: tuple(other.clauses) for name, other in law.incorporates.items()}
    for citation in citations(loaded):
        ref = citation.ref
        clauses = own if cites_own_law(loaded, ref) else others.get(ref.instrument or "", ())
        if clauses or cites_own_law(loaded, ref):  # an instrument whose clauses are not listed may have any
            yield NameReference("clause", ref.clause, citation.place, clauses)


def _instruments(loaded: Loaded) -> Iterator[NameReference]:
    """The instrument that a process and its register are about, and those that are cited."""
    process, law = loaded.definition.process, loaded.definition.law
    instruments = (law.law, *law.incorporates) if law is not None else ()
    yield NameReference(
        "instrument", process.law, Place(loaded.process, loaded.process.node, ("law",)), instruments[:1]
    )
    if process.law not in instruments[:1]:
        return
    if loaded.register is not None:
        place = Place(loaded.register, loaded.register.node, ("register",))
        yield NameReference("instrument", loaded.register.node.value["register"], place, instruments[:1])
    for citation in citations(loaded):
        instrument = citation.ref.instrument
        if instrument is not None and not cites_own_law(loaded, citation.ref):
            yield NameReference("instrument", instrument, citation.place, instruments)


IN_DEFINITIONS = _checks(
    _Undefined(
        "unknown-role",
        "role",
        en="Whoever acts must be a role of the process, or an item type that acts itself.",
        zh="行为主体必须是本流程的角色，或能自行作出行为的对象类型。",
    ),
    _Undefined(
        "unknown-state",
        "state",
        en="Actions lead from and to states of the process, and conditions ask about those alone.",
        zh="行为的起止状态、条件所问的状态，都必须是本流程写明的状态。",
    ),
    _Undefined(
        "unknown-action",
        "action",
        en="Obligations, limits, exemptions and conditions speak of acts; each must be an action of the process.",
        zh="义务、期限、豁免和条件所说的行为，都必须是本流程写明的行为。",
    ),
    _Undefined(
        "unknown-item-type",
        "item_type",
        en="Obligations quantify over the items of a type; of a type that is not there, they would bind nobody.",
        zh="没有写明的类型不会有对象，按它逐项成立的义务便落空。",
    ),
    _Undefined(
        "unknown-name",
        "name",
        code="ZX1205",
        en="A condition about a name that is neither a field nor a fact stays unknown for ever.",
        zh="条件中的名称若既不是字段也不是事实，其值永远未知。",
    ),
    _Undefined(
        "unknown-fact",
        "fact",
        code="ZX1206",
        en="An entry under `with:` that has no type asserts a fact of the case, so the fact must exist.",
        zh="`with:` 下没有类型的条目是在认定本案事实，该事实必须已经写明。",
    ),
    _Undefined(
        "unknown-obligation",
        "obligation",
        en="An obligation that is lifted, closed, required or asked about must be owed somewhere.",
        zh="被免除、被关闭、被要求或被询问的义务，必须已经写明。",
    ),
    _Undefined(
        "unknown-decision",
        "decision",
        en="A decision that is asked about must stand in the rules of the same folder.",
        zh="条件所问的决策表，必须写在同名的规则目录里。",
    ),
    _Undefined(
        "unknown-outcome",
        "outcome",
        en="A decision never has an outcome that it does not list, so the condition could never hold.",
        zh="决策表不会得出其未列出的结果，这样的条件永远不成立。",
    ),
    _Undefined(
        "unknown-field",
        "field",
        en="A field that no act carries is always empty: evidence would never be there, a date never known.",
        zh="行为不带有的字段永远为空：证据不会存在，日期无从得知。",
    ),
    _Undefined(
        "unknown-verdict",
        "verdict",
        en="An obligation never stands in a verdict that the engine does not know.",
        zh="义务的结论只能是规定的十八种之一。",
    ),
    _Undefined(
        "unknown-parameter",
        "parameter",
        en="A limit with a parameter needs that parameter in the rules, if only to say that it is not set.",
        zh="期限的天数取自参数的，规则目录里必须有这个参数；尚未确定的，也要写明未定。",
    ),
    _Undefined(
        "unknown-process",
        "process",
        en="A subcase is a case of another process of the project, whose states become acts of this one.",
        zh="子案件是本项目另一流程的案件，那个流程的状态在这里就是行为。",
    ),
    _Undefined(
        "unknown-subcase",
        "subcase",
        code="ZX1291",
        en="Conditions ask about the subcases that the process declares, "
        "so that a misspelt name is never simply false.",
        zh="条件只能问流程写明的子案件，以免写错的名称悄悄成为「否」。",
    ),
    _Undefined(
        "unknown-interpretation",
        "register_entry",
        code="ZX1212",
        references=_register_entries,
        en="A reading of the law rests on its entry in the interpretation register, so the entry must be there.",
        zh="对法条的解释以解释登记为依据，所引登记必须存在。",
    ),
    _Undefined(
        "unknown-value",
        "value",
        references=_values,
        en="A choice is one of those listed; held against any other, a condition never holds.",
        zh="选项只能取列出的值；与未列出的值相比，条件永远不成立。",
    ),
    _Undefined(
        "unknown-zone",
        "time_zone",
        references=_time_zone,
        en="The civil day on which something happened is the day in the zone of the process.",
        zh="行为发生在哪一天，以本流程所在时区的日期为准。",
    ),
    _Undefined(
        "unknown-attachment",
        "process",
        references=attachment_references,
        en="A volume attached to a process that does not exist judges nothing, and nobody would notice.",
        zh="卷所附的流程不存在，就什么也不判断，而且没人察觉。",
    ),
    _Undefined(
        "unknown-moved-state",
        "state",
        references=moved_state_references,
        en="A running case that is moved to the new edition goes on in a state of that edition.",
        zh="在办案件转入新版本后，须处于新版本已写明的状态。",
    ),
)
"""References that the engine follows: none may lead nowhere when a case is judged."""

IN_CITATIONS = _checks(
    _Undefined(
        "unknown-clause",
        "clause",
        references=_clauses,
        en="A citation leads to a clause of the law file; one that is not there proves nothing.",
        zh="所引条款必须在法规文件中；引用不存在的条款等于没有依据。",
    ),
    _Undefined(
        "unknown-instrument",
        "instrument",
        code="ZX1222",
        references=_instruments,
        en="A process is about the instrument in the law file beside it, and cites only what that one incorporates.",
        zh="流程所依的办法写在同一目录的 law.yaml 中；所引其他文件须由该办法援引。",
    ),
)
"""References to the law."""

IN_SCENARIOS = _checks(
    _Undefined(
        "unknown-item",
        "item",
        code="ZX1214",
        en="An act is about an item that is in the case by then: given at the start, or added by an act before.",
        zh="行为所及的对象必须此前已在本案中：开始时给定，或由先前的行为加入。",
    ),
    _Undefined(
        "unknown-edition",
        "edition",
        en="A case can only go on under an edition that there is: by its name, or by the day it begins.",
        zh="案件只能转入已有的版本：写版本名，或写其施行之日。",
    ),
)
"""References that only scenarios and case files make."""

CHECKS = (*IN_DEFINITIONS, *IN_CITATIONS, *IN_SCENARIOS)

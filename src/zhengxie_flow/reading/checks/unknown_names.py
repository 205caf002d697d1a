"""Checks of references by name: roles, states, actions, facts and whatever else a definition or scenario names."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.reading.checks.catalogue import Check, Defect, check
from zhengxie_flow.reading.checks.model_walk import model_nodes
from zhengxie_flow.reading.checks.name_references import NameReference, references_in
from zhengxie_flow.reading.checks.unknown import unknown
from zhengxie_flow.reading.sources import Loaded


def _references(code: str, name: str, *kinds: str, en: str, zh: str) -> Check:
    """The check of all references of some kinds: each must lead to something the definition declares."""

    def find(loaded: Loaded) -> Iterator[Defect]:
        for kind in kinds:
            yield from unknown(loaded, kind)

    return Check(code, name, en, zh, find)


@check(
    "ZX1212",
    "unknown-interpretation",
    en="A reading of the law rests on its entry in the interpretation register, so the entry must be there.",
    zh="对法条的解释以解释登记为依据，所引登记必须存在。",
)
def unknown_interpretation(loaded: Loaded) -> Iterator[Defect]:
    """Report every citation of a register entry that the register does not have."""
    yield from unknown(loaded, "interpretation", _cited(loaded))


def _cited(loaded: Loaded) -> Iterator[NameReference]:
    entries = tuple(loaded.definition.interpretations)
    for node in model_nodes(loaded):
        cited = getattr(node.model, "interpretation", None) or ()
        numbers = (cited,) if isinstance(cited, str) else cited
        yield from references_in("interpretation", numbers, node.place.at("interpretation"), entries)


IN_DEFINITIONS = (
    _references(
        "ZX1201",
        "unknown-role",
        "role",
        en="Whoever acts must be a role of the process, or an item type that acts itself.",
        zh="行为主体必须是本流程的角色，或能自行作出行为的对象类型。",
    ),
    _references(
        "ZX1202",
        "unknown-state",
        "state",
        en="Actions lead from and to states of the process, and conditions ask about those alone.",
        zh="行为的起止状态、条件所问的状态，都必须是本流程写明的状态。",
    ),
    _references(
        "ZX1203",
        "unknown-action",
        "action",
        en="Obligations, limits, exemptions and conditions speak of acts; each must be an action of the process.",
        zh="义务、期限、豁免和条件所说的行为，都必须是本流程写明的行为。",
    ),
    _references(
        "ZX1204",
        "unknown-item-type",
        "item",
        en="Obligations quantify over the items of a type; of a type that is not there, they would bind nobody.",
        zh="没有写明的类型不会有对象，按它逐项成立的义务便落空。",
    ),
    _references(
        "ZX1205",
        "unknown-name",
        "name",
        en="A condition about a name that is neither a field nor a fact stays unknown for ever.",
        zh="条件中的名称若既不是字段也不是事实，其值永远未知。",
    ),
    _references(
        "ZX1206",
        "unknown-fact",
        "fact",
        en="An entry under `with:` that has no type asserts a fact of the case, so the fact must exist.",
        zh="`with:` 下没有类型的条目是在认定本案事实，该事实必须已经写明。",
    ),
    _references(
        "ZX1207",
        "unknown-obligation",
        "duty",
        "obligation",
        en="An obligation that is lifted, closed, required or asked about must be owed somewhere.",
        zh="被免除、被关闭、被要求或被询问的义务，必须已经写明。",
    ),
    _references(
        "ZX1208",
        "unknown-decision",
        "decision",
        en="A decision that is asked about must stand in the rules of the same folder.",
        zh="条件所问的决策表，必须写在同名的规则目录里。",
    ),
    _references(
        "ZX1209",
        "unknown-outcome",
        "outcome",
        en="A decision never has an outcome that it does not list, so the condition could never hold.",
        zh="决策表不会得出其未列出的结果，这样的条件永远不成立。",
    ),
    _references(
        "ZX1210",
        "unknown-field",
        "field",
        en="A field that no act carries is always empty: evidence would never be there, a date never known.",
        zh="行为不带有的字段永远为空：证据不会存在，日期无从得知。",
    ),
    _references(
        "ZX1211",
        "unknown-verdict",
        "verdict",
        en="An obligation never stands in a verdict that the engine does not know.",
        zh="义务的结论只能是规定的十八种之一。",
    ),
    _references(
        "ZX1253",
        "unknown-parameter",
        "parameter",
        en="A limit with a parameter needs that parameter in the rules, if only to say that it is not set.",
        zh="期限的天数取自参数的，规则目录里必须有这个参数；尚未确定的，也要写明未定。",
    ),
    _references(
        "ZX1290",
        "unknown-process",
        "process",
        en="A subcase is a case of another process of the project, whose states become acts of this one.",
        zh="子案件是本项目另一流程的案件，那个流程的状态在这里就是行为。",
    ),
    _references(
        "ZX1291",
        "unknown-subcase",
        "subcase",
        en="Conditions ask about the subcases that the process declares, "
        "so that a misspelt name is never simply false.",
        zh="条件只能问流程写明的子案件，以免写错的名称悄悄成为「否」。",
    ),
    unknown_interpretation,
)
"""References that the engine follows: none may lead nowhere when a case is judged."""

IN_SCENARIOS = (
    _references(
        "ZX1214",
        "unknown-item",
        "item_id",
        en="An act is about an item that is in the case by then: given at the start, or added by an act before.",
        zh="行为所及的对象必须此前已在本案中：开始时给定，或由先前的行为加入。",
    ),
    _references(
        "ZX1255",
        "unknown-edition",
        "edition",
        en="A case can only go on under an edition that there is: by its name, or by the day it begins.",
        zh="案件只能转入已有的版本：写版本名，或写其施行之日。",
    ),
)
"""References that only scenarios and case files make."""

CHECKS = (*IN_DEFINITIONS, *IN_SCENARIOS)

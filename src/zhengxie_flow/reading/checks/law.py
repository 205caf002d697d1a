"""Citations of the law, and checks that every clause is encoded and every binding statement has a source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from zhengxie_flow.model.citation import ClauseRef, Incorporated
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.exemption import ByClause, Exemption
from zhengxie_flow.model.item import State
from zhengxie_flow.model.limit import AMOUNTS
from zhengxie_flow.model.process import Action, Obligation, Requirement
from zhengxie_flow.model.rule import Rule
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.reading.checks.catalogue import Defect, cached, check, warning
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.model_walk import ModelNode, model_nodes
from zhengxie_flow.reading.checks.volumes import control_files
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.sources import Loaded


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation of a clause by a model; ``encodes``: the model puts the clause into effect.

    ``place`` is where the clause is written, which may be over several models at once; ``part`` is the model's own.
    """

    ref: ClauseRef
    place: Place
    part: Place
    by: BaseModel
    encodes: bool


@cached
def citations(loaded: Loaded) -> Iterator[Citation]:
    """Citations of every clause that a definition rests on, lifts or interprets."""
    for model_node in model_nodes(loaded):
        encodes = loaded.register is None or model_node.place.source is not loaded.register
        cited = getattr(model_node.model, "law", ())
        if isinstance(cited, tuple) and cited:
            places = _places(model_node.place.at("law"))
            for ref, place in zip(cited, places, strict=True):
                yield Citation(ref, place, model_node.place, model_node.model, encodes)
        for clause, place in _pointed(model_node):
            yield Citation(ClauseRef(clause=clause), place, model_node.place, model_node.model, encodes=False)


def cites_own_law(loaded: Loaded, ref: ClauseRef) -> bool:
    """True if a reference is to the instrument that the process implements."""
    return ref.instrument in (None, loaded.definition.process.law)


def _pointed(model_node: ModelNode) -> Iterator[tuple[str, Place]]:
    """Clauses referred to without being put into effect."""
    match model_node.model:
        case Exemption():
            for key in ("lifts", "never_lifts"):
                for index, lift in enumerate(getattr(model_node.model, key)):
                    if isinstance(lift, ByClause):
                        yield lift.clause, model_node.place.at(key, index, "clause")
        case Incorporated():
            for index, clause in enumerate(model_node.model.cited_in):
                yield clause, model_node.place.at("cited_in", index)


def _places(place: Place) -> list[Place]:
    """The places of the clauses in ``law:``, in the order in which they are read."""
    return [Place(place.source, node) for node in _clauses(place.value)]


def _clauses(node: Node) -> Iterator[Node]:
    match node.kind:
        case "list":
            for entry in node.items:
                yield from _clauses(entry)
        case "map" if "clause" in node.fields:
            yield node.fields["clause"]
        case "map":
            for entry in node.fields.values():
                yield from _clauses(entry)
        case _:
            yield node


@warning(
    "ZX1223",
    "unencoded-clause",
    en="Every clause is put into effect somewhere or declared beyond a machine, so that nothing is left out unseen.",
    zh="每一条款要么已编入流程，要么声明机器无法判断，以免有遗漏而不自知。",
    shared=True,
)
def unencoded_clause(loaded: Loaded) -> Iterator[Defect]:
    """Report clauses that neither they themselves nor anything below them is cited for."""
    law = loaded.definition.law
    if law is None or loaded.law is None:
        return
    cited = {
        ClauseRef(clause=citation.ref.clause)
        for citation in citations(loaded)
        if citation.encodes and cites_own_law(loaded, citation.ref)
    }
    for number, clause in law.clauses.items():
        encoded = any(ref.under(number) for ref in cited)
        if clause.status != "not_computable" and not encoded:
            yield Defect(Place(loaded.law, loaded.law.node).name("clauses", number), clause=number)


_BINDING = (State, Action, Obligation, Exemption)
_ARTICLE = re.compile(r"a\d")
"""How the id of a requirement begins that puts a clause into effect; the house's own rules are named otherwise."""


@warning(
    "ZX1220",
    "missing-law",
    en="What moves a case or binds somebody shows the clause it rests on; without one, a fault is only a finding.",
    zh="凡推动流程或约束当事人的内容都应写明所依条款；没有条款的，违反时只记为发现的问题。",
)
def missing_law(loaded: Loaded) -> Iterator[Defect]:
    """Report states, actions, duties and exemptions without a clause, and rows of decisions that have none at all."""
    controls = control_files(loaded)
    for node in model_nodes(loaded):
        if controls and node.place.where().file in controls:
            continue
        if isinstance(node.model, Decision):
            yield from _rows(node.model, node.place)
        elif getattr(node.model, "law", None) or getattr(node.model, "interpretation", None):
            continue
        elif isinstance(node.model, _BINDING):
            yield Defect(node.place.name())
        elif isinstance(node.model, Requirement) and _ARTICLE.match(node.model.id):
            yield Defect(node.place)


def _rows(decision: Decision, place: Place) -> Iterator[Defect]:
    for index, rule in enumerate(decision.rules):
        if not decision.law and not _founded(rule):
            yield Defect(place.at(decision.rules_key, index))


def _founded(rule: Rule) -> bool:
    return bool(rule.law) or (rule.reading is not None and rule.reading.interpretation is not None)


@check(
    "ZX1224",
    "unread-number",
    en="An instrument marked unread is known by its title alone, so no number of days can come from it.",
    zh="标为未读的文件只知其名，不能由它得出任何天数。",
)
def unread_number(loaded: Loaded) -> Iterator[Defect]:
    """Report limits with an amount that rest on an unread instrument and on no entry of the register."""
    law, top = loaded.definition.law, Place(loaded.process, loaded.process.node)
    unread = law.unread() if law is not None else frozenset[str]()
    for name, duty in loaded.definition.process.obligations.items():
        cited = [ref.instrument for ref in duty.law if ref.instrument in unread]
        if not cited or duty.limit is None or duty.interpretation:
            continue
        for key in AMOUNTS:
            if getattr(duty.limit, key) is not None:
                yield Defect(top.at("obligations", name, "limit", key), instrument=cited[0])


@warning(
    "ZX1241",
    "unsettled-texture",
    en="Where the law says in good time and gives no number, the register says who determines it and how.",
    zh="法条只说「及时」而没有数字的，由谁认定、如何认定，应登记在解释登记中。",
)
def unsettled_texture(loaded: Loaded) -> Iterator[Defect]:
    """Report ``timely`` duties without an interpretation, of their own or of the fact that judges them."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, duty in process.obligations.items():
        if duty.limit is None or not duty.limit.timely or duty.interpretation:
            continue
        judge = process.facts.get(duty.limit.judged_by or "")
        if judge is None or not judge.interpretation:
            yield Defect(top.at("obligations", name, "limit", "timely"), duty=name)


@check(
    "ZX1240",
    "baseless-presumption",
    en="What holds until somebody determines otherwise decides cases, so the law or a register entry must say so.",
    zh="在无人认定之前以何者为准，会左右结论，须有条款或解释登记为据。",
)
def baseless_presumption(loaded: Loaded) -> Iterator[Defect]:
    """Report presumptions without a clause and without an entry of the register."""
    for node in model_nodes(loaded):
        kind = node.model
        if isinstance(kind, ValueType) and kind.presumed is not None and not kind.law and not kind.interpretation:
            yield Defect(node.place.at("presumed"))


CHECKS = (
    unencoded_clause,
    missing_law,
    unread_number,
    unsettled_texture,
    baseless_presumption,
)

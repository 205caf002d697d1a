"""Checks of citations: clauses and instruments exist, every clause is encoded, every binding statement has a source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhengxie_flow.model.citation import ClauseRef
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.exemption import Exemption
from zhengxie_flow.model.item import State
from zhengxie_flow.model.process import Action, Obligation, Requirement
from zhengxie_flow.model.rule import Rule
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.reading.checks.catalogue import Defect, check
from zhengxie_flow.reading.checks.citing import citations, cites_own_law
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.model_walk import model_nodes
from zhengxie_flow.reading.checks.unknown import suggestion
from zhengxie_flow.reading.sources import Loaded


@check(
    "ZX1221",
    "unknown-clause",
    en="A citation leads to a clause of the law file; one that is not there proves nothing.",
    zh="所引条款必须在法规文件中；引用不存在的条款等于没有依据。",
)
def unknown_clause(loaded: Loaded) -> Iterator[Defect]:
    """Report citations of clauses that the law file, or what it says of another instrument, does not have."""
    law = loaded.definition.law
    if law is None:
        return
    for citation in citations(loaded):
        ref = citation.ref
        if cites_own_law(loaded, ref):
            clauses = law.clauses
        else:
            other = law.incorporates.get(ref.instrument or "")
            clauses = other.clauses if other is not None else {}
            if not clauses:  # an instrument whose clauses are not listed may have any
                continue
        if ref.clause not in clauses:
            yield Defect(citation.place, "clause", **suggestion(ref.clause, clauses))


@check(
    "ZX1222",
    "unknown-instrument",
    en="A process is about the instrument in the law file beside it, and cites only what that one incorporates.",
    zh="流程所依的办法写在同一目录的 law.yaml 中；所引其他文件须由该办法援引。",
)
def unknown_instrument(loaded: Loaded) -> Iterator[Defect]:
    """Report a process or register of another law than the one beside it, and citations of instruments unknown here."""
    process, law = loaded.definition.process, loaded.definition.law
    instruments = (law.law, *law.incorporates) if law is not None else ()
    if law is None or process.law != law.law:
        place = Place(loaded.process, loaded.process.node, ("law",))
        yield Defect(place, "instrument", **suggestion(process.law, instruments[:1]))
        return
    if loaded.register is not None:
        register = loaded.register.node.value["register"]
        if register != law.law:
            place = Place(loaded.register, loaded.register.node, ("register",))
            yield Defect(place, "instrument", **suggestion(register, instruments[:1]))
    for citation in citations(loaded):
        instrument = citation.ref.instrument
        if instrument is not None and not cites_own_law(loaded, citation.ref) and instrument not in instruments:
            yield Defect(citation.place, "instrument", **suggestion(instrument, instruments))


@check(
    "ZX1223",
    "unencoded-clause",
    en="Every clause is put into effect somewhere or declared beyond a machine, so that nothing is left out unseen.",
    zh="每一条款要么已编入流程，要么声明机器无法判断，以免有遗漏而不自知。",
    severity="warning",
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


@check(
    "ZX1220",
    "missing-law",
    en="What moves a case or binds somebody shows the clause it rests on; without one, a fault is only a finding.",
    zh="凡推动流程或约束当事人的内容都应写明所依条款；没有条款的，违反时只记为发现的问题。",
    severity="warning",
)
def missing_law(loaded: Loaded) -> Iterator[Defect]:
    """Report states, actions, duties and exemptions without a clause, and rows of decisions that have none at all."""
    for node in model_nodes(loaded):
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
    unread = {name for name, other in law.incorporates.items() if other.source_status == "unread"} if law else set()
    for name, duty in loaded.definition.process.obligations.items():
        cited = [ref.instrument for ref in duty.law if ref.instrument in unread]
        if not cited or duty.limit is None or duty.interpretation:
            continue
        for key in ("within", "at_least"):
            if getattr(duty.limit, key) is not None:
                yield Defect(top.at("obligations", name, "limit", key), instrument=cited[0])


@check(
    "ZX1241",
    "unsettled-texture",
    en="Where the law says in good time and gives no number, the register says who determines it and how.",
    zh="法条只说「及时」而没有数字的，由谁认定、如何认定，应登记在解释登记中。",
    severity="warning",
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
    unknown_clause,
    unknown_instrument,
    unencoded_clause,
    missing_law,
    unread_number,
    unsettled_texture,
    baseless_presumption,
)

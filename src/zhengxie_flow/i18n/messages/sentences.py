"""Sentences in which rules are read back, explained, proved and compared (``rules.*``)."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]


def _texts(prefix: str, texts: dict[str, tuple[str, str]]) -> dict[str, Text]:
    return {f"rules.{prefix}{key}": Text(zh=zh, en=en) for key, (zh, en) in texts.items()}


_RULES = _texts("", {
    "decides": ("【{decision}】依据：{law}。可能的结果：{outcomes}。", "[{decision}] Under: {law}. Possible outcomes: {outcomes}."),
    "layers": ("上位法优先，依次为：{layers}。", "Higher law goes first, in this order: {layers}."),
    "rule": ("{id}（依据 {law}）：{when}的，结果为“{then}”。{notes}", '{id} (under {law}): if {when}, the outcome is "{then}". {notes}'),
    "otherwise": ("其他情形：结果为“{then}”。", 'In all other cases the outcome is "{then}".'),
    "otherwise.nothing": ("其他情形：没有规定。", "For all other cases nothing is provided."),
    "impossible": ("{id}：不会出现{when}的情形。", "{id}: it cannot be that {when}."),
    "gives": ("{output}＝{value}", "{output} = {value}"),
    "always": ("任何情形", "in any case"),
    "never": ("任何情形都不", "never"),
    "all": ("{parts}", "{parts}"),
    "any": ("{parts}", "{parts}"),
    "not": ("并非{part}", "it is not so that {part}"),
    "group": ("（{said}）", "({said})"),
    "join.and": ("，并且", " and "),
    "join.or": ("，或者", " or "),
    "join.list": ("、", ", "),
    "fact.true": ("“{fact}”成立", '"{fact}" is true'),
    "fact.false": ("“{fact}”不成立", '"{fact}" is false'),
    "fact": ("“{fact}”{tests}", '"{fact}" {tests}'),
    "field": ("“{fact}”的值", 'the value of "{fact}"'),
    "this": ("所判断的事项", "the item under judgement"),
    "word.true": ("是", "yes"),
    "word.false": ("否", "no"),
    "decided": ("“{decision}”的结果为{outcomes}", '"{decision}" comes out as {outcomes}'),
    "subcase": ("子案件“{subcase}”{standings}", 'the subcase "{subcase}" is {standings}'),
    "in_state": ("案件处于{states}", "the case is in the state {states}"),
    "verdict": ("“{duty}”的评定为{verdicts}", '"{duty}" stands as {verdicts}'),
    "done": ("已经{actions}", "{actions} has happened"),
    "last": ("最近一次{actions}符合：{where}", "in the latest {actions}, {where}"),
    "every": ("每一{item}都符合：{is}", "for every {item}, {is}"),
    "some": ("至少有一{item}", "there is a {item}"),
    "some.is": ("至少有一{item}符合：{is}", "for at least one {item}, {is}"),
    "count": ("{item}的数目{bounds}", "the number of {item} {bounds}"),
    "with.where": ("{said}（限于：{value}）", "{said} (where {value})"),
    "with.before": ("{said}（在{value}之前）", "{said} (before {value})"),
    "with.after": ("{said}（在{value}之后）", "{said} (after {value})"),
    "with.since": ("{said}（自最近一次{value}以来）", "{said} (since the latest {value})"),
})  # fmt: skip

_TESTS = _texts("test.", {
    "equals": ("为{value}", "is {value}"),
    "one_of": ("为{value}之一", "is one of {value}"),
    "at_least": ("不少于{value}", "is at least {value}"),
    "at_most": ("不多于{value}", "is at most {value}"),
    "more_than": ("多于{value}", "is more than {value}"),
    "less_than": ("少于{value}", "is less than {value}"),
    "before": ("在{value}之前", "is before {value}"),
    "after": ("在{value}之后", "is after {value}"),
    "on_or_before": ("不迟于{value}", "is on or before {value}"),
    "on_or_after": ("不早于{value}", "is on or after {value}"),
    "includes": ("包含{value}", "includes {value}"),
    "within": ("都在{value}之内", "lies within {value}"),
    "differs_from": ("不同于{value}", "differs from {value}"),
    "recorded": ("有记载", "is on record"),
    "not_recorded": ("没有记载", "is not on record"),
    "true": ("成立", "is true"),
    "false": ("不成立", "is false"),
})  # fmt: skip

_NOTES = _texts("note.", {
    "layer": ("层级：{layer}。", "Layer: {layer}."),
    "priority": ("优先级 {priority}。", "Priority {priority}."),
    "over": ("优先于 {rules}。", "Goes before {rules}."),
    "from": ("自 {day} 起施行。", "In force from {day}."),
    "to": ("施行至 {day}。", "In force until {day}."),
    "reading": ("理解：{reading}（解释登记 {interpretation}）。", "Reading: {reading} (register entry {interpretation})."),
    "record": ("须记载：{fields}。", "To be recorded: {fields}."),
})  # fmt: skip

_POLICIES = _texts("policy.", {
    "exceptions": ("先看例外，例外都不适用的用默认结果。", "The default holds unless an exception does."),
    "unique": ("每种情形至多一行适用。", "At most one row holds in any case."),
    "any": ("可以有几行同时适用，但结果须相同。", "Several rows may hold together, with the same outcome."),
    "priority": ("几行同时适用的，取所列结果中在先的一个。", "Of rows that hold together, the outcome listed first is taken."),
    "first": ("以先适用的一行为准。", "The first row that holds decides."),
    "rule_order": ("适用的各行都算，按行的次序列出结果。", "All rows that hold count, their outcomes in the order of the rows."),
    "output_order": ("适用的各行都算，按所列结果的次序列出。", "All rows that hold count, in the order of the outcomes listed."),
    "collect.list": ("适用的各行都算，列出全部结果。", "All rows that hold count; their outcomes are listed."),
    "collect.count": ("结果为适用的行数。", "The outcome is the number of rows that hold."),
    "collect.sum": ("结果为适用各行之和。", "The outcome is the sum over the rows that hold."),
    "collect.min": ("结果为适用各行中最小的。", "The outcome is the least of the rows that hold."),
    "collect.max": ("结果为适用各行中最大的。", "The outcome is the greatest of the rows that hold."),
})  # fmt: skip

_TOLD = _texts("", {
    "status.decided": ("已定：", "decided:"),
    "status.pending": ("待定", "pending"),
    "status.conflict": ("规则冲突", "conflict"),
    "status.no_rule": ("没有规则", "no rule"),
    "state.fired": ("适用", "holds"),
    "state.overridden": ("让位", "gives way"),
    "state.not_met": ("不适用", "does not hold"),
    "state.open": ("未定", "open"),
    "by": ("（让位于 {rules}）", "(to {rules})"),
    "law": ("依据 {law}", "under {law}"),
    "default": ("没有例外适用，用默认结果", "no rule holds; the default applies"),
    "possible": ("仍可能的结果：{endings}", "still possible: {endings}"),
    "needs": ("尚须查明：{facts}", "to find out: {facts}"),
    "inexact": ("（按已知推算，未能穷尽）", "(as far as could be told, not exact)"),
    "unknown": ("未知", "unknown"),
    "presumed": ("（推定）", "(presumed)"),
    "from": ("（{by} 于 {day}，事件 {event}）", "({by} on {day}, event {event})"),
    "hash": ("规则 {hash}", "rules {hash}"),
    "head.all": ("以下各项都成立", "all of these"),
    "head.any": ("以下至少一项成立", "at least one of these"),
    "case": ("例：{case}", "for example: {case}"),
    "branches": ("{count} 个分支", "{count} branches"),
    "claim.proved": ("已证明", "proved"),
    "claim.refuted": ("不成立", "refuted"),
    "claim.not_proved": ("未能证明", "not proved"),
    "claims.gap": ("每种情形都有规定", "every case is provided for"),
    "claims.overlap": ("没有两行同时适用", "no two rows hold together"),
    "claims.conflict": ("没有结果不同而分不出先后的规则", "no two rules contradict each other with none going first"),
    "claims.shadowed": ("每条规则都有适用的时候", "every rule applies in some case"),
    "claims.unreachable": ("每个结果都得得出", "every outcome comes in some case"),
    "claims.contradiction": ("约束没有排除一切情形", "the constraints leave some case"),
    "claims.useless": ("每项事实都影响结果", "every fact makes a difference in some case"),
    "change.same": ("相同", "the same"),
    "change.changed": ("有变", "changed"),
    "change.added": ("新增", "added"),
    "change.removed": ("删除", "removed"),
    "change.not_proved": ("未能证明相同", "not proved to be the same"),
    "no_cases": ("没有触及未结案件。", "No open case is touched."),
})  # fmt: skip

TEXTS = {**_RULES, **_TESTS, **_NOTES, **_POLICIES, **_TOLD}

"""ZX31xx: decisions and their tables; what a proof of them finds; and the sentences they are told in."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

_MEANT_ZH = "[[是不是想写 {suggestion}？]][[此处可用：{known}。]]"
_MEANT_EN = "[[Did you mean {suggestion}? ]][[Known here: {known}.]]"

_MODEL = {
    "ZX3101": Text(
        zh="{key} 不能与 {other} 同用。",
        en="{key} does not go with {other}.",
        fix_zh="exceptions: 属于 policy: exceptions，rows: 属于其他策略；aggregate: 只用于 collect；priority:、over: 只用于 exceptions；layers: 只用于得出单一结果的策略。",
        fix_en="exceptions: belongs to policy: exceptions, rows: to the other policies; aggregate: to collect; priority: and over: to exceptions; layers: to policies with one outcome.",
    ),
    "ZX3102": Text(
        zh="规则编号 {given} 写了两次。", en="The rule {given} is written twice.",
        fix_zh="给其中一条换编号。", fix_en="Give one of them another number.",
    ),
    "ZX3103": Text(zh="没有规则 {name}。", en="There is no rule {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX3104": Text(
        zh="{name} 既不是本表的输入，也不是行的键。",
        en="{name} is neither an input of this table nor a key of a row.",
        fix_zh=_MEANT_ZH + "确是输入的，写进 inputs:。",
        fix_en=_MEANT_EN + " If it is an input, name it under inputs:.",
    ),
    "ZX3105": Text(
        zh="规则互相优先，分不出先后：{circle}。",
        en="Rules go before each other, so none goes first: {circle}.",
        fix_zh="核对 over:、priority: 和 layer:，去掉其中一处。",
        fix_en="Check over:, priority: and layer:, and drop one of them.",
    ),
    "ZX3106": Text(
        zh="“{given}”像一段程序；单元格是数据，不会被计算。",
        en="'{given}' reads like a piece of a program; a cell is data and is never worked out.",
        fix_zh='范围写成 {{at_least: 3, at_most: 10}} 或 {{before: 2026-01-01}}；确指这段文字的，写 {{equals: "…"}}。',
        fix_en='Write a range as {{at_least: 3, at_most: 10}} or {{before: 2026-01-01}}; for this very text write {{equals: "..."}}.',
    ),
    "ZX3107": Text(
        zh="编号“{given}”中的 {codepoint}（{name}）容易与别的字符混淆。",
        en="{codepoint} ({name}) in the id '{given}' is easily taken for another character.",
        fix_zh="编号只用英文字母、数字、汉字和 - _ . / # ( )。",
        fix_en="Ids are made of ASCII letters, digits, Chinese characters and - _ . / # ( ).",
    ),
    "ZX3108": Text(
        zh="{name} 是行自己的键，不能作输入的名称。",
        en="{name} is a key of every row and cannot be the name of an input.",
        fix_zh="给这项事实换个名称。", fix_en="Give the fact another name.",
    ),
    "ZX3109": Text(
        zh="aggregate: {given} 要有恰好一个 int 或 decimal 的输出。",
        en="aggregate: {given} needs exactly one output that is an int or a decimal.",
        fix_zh="写 outputs: {{points: int}} 之类，或改用 list、count。",
        fix_en="Write outputs: {{points: int}} or the like, or use list or count.",
    ),
    "ZX3110": Text(zh="没有层级 {name}。", en="There is no layer {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX3111": Text(
        zh="{name} 的类型是 {type}，“{given}”不合适。",
        en="{name} is of type {type}; '{given}' does not fit it.",
        fix_zh="数与数比，日期与日期比，选项取所列的值。",
        fix_en="Hold numbers against numbers, days against days, choices against those listed.",
    ),
    "ZX3112": Text(
        zh="结果应给每个输出一个值[[（输出：{allowed}）]]。",
        en="The outcome has to give a value to every output ({allowed}).",
        fix_zh="写成 then: {{输出: 值, …}}，不多不少。", fix_en="Write then: {{output: value, ...}}, no more and no fewer.",
    ),
    "ZX3114": Text(
        zh="没有写可能的结果。", en="The possible outcomes are missing.",
        fix_zh="写 outcomes:（编号的结果）或 outputs:（带类型的值）。",
        fix_en="Write outcomes: (named ones) or outputs: (values with types).",
    ),
    "ZX3115": Text(
        zh="policy: {policy} 按所列次序取结果，输出 {name} 却没有列出其值。",
        en="policy: {policy} goes by the order of the values, and the output {name} does not list them.",
        fix_zh="把它写成 type: enum，of: 从先到后列出各值。",
        fix_en="Make it type: enum, with of: listing the values, the first before the last.",
    ),
    "ZX3117": Text(
        zh="{name} 的类型是 {type}，不能与“{given}”相比。",
        en="{name} is of type {type} and cannot be held against '{given}'.",
        fix_zh="数与数比，日期与日期比，选项取所列的值，是非直接写名称。",
        fix_en="Hold numbers against numbers, days against days, choices against their values; write a bool by its name.",
    ),
    "ZX3116": Text(zh="{name} 不是可选的值。", en="{name} is not one of the choices.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
}  # fmt: skip

_PROOF = {
    "ZX3120": Text(
        zh="没有规则管这种情形：{case}。", en="No rule provides for this case: {case}.",
        fix_zh="补一条规则或写 default:；不可能出现的组合写进 constraints:。",
        fix_en="Add a rule or a default:; a combination that cannot be goes under constraints:.",
    ),
    "ZX3121": Text(
        zh="规则 {one} 与 {other} 同时适用：{case}。", en="The rules {one} and {other} hold together: {case}.",
        fix_zh="收窄其中一条，或换一种 policy:。", fix_en="Narrow one of them, or choose another policy:.",
    ),
    "ZX3122": Text(
        zh="规则 {one} 与 {other} 同时适用而结果不同：{case}。",
        en="The rules {one} and {other} hold together and say different things: {case}.",
        fix_zh="收窄其中一条；policy: exceptions 的，用 priority: 或 over: 分出先后。",
        fix_en="Narrow one of them; under policy: exceptions give one a priority: or name the other under over:.",
    ),
    "ZX3123": Text(
        zh="规则 {rule} 永远不起作用（条件成立时总有别的规则在先：{case}）。",
        en="The rule {rule} never applies (a case that meets it, where another goes first: {case}).",
        fix_zh="核对其条件和先后；没有例子（-）的，是条件自相矛盾。不需要的删去。",
        fix_en="Check its conditions and its rank; without a case (-) its conditions exclude each other. Drop it if it is not needed.",
    ),
    "ZX3124": Text(
        zh="永远得不出结果 {outcome}。", en="The outcome {outcome} never comes.",
        fix_zh="补上得出它的规则，或从 outcomes: 中删去。", fix_en="Add the rule that leads to it, or drop it from outcomes:.",
    ),
    "ZX3125": Text(
        zh="{decision} 的约束排除了一切情形。", en="The constraints of {decision} exclude every case.",
        fix_zh="核对 constraints: 中的各条。", fix_en="Check the entries under constraints:.",
    ),
    "ZX3126": Text(
        zh="输入 {name} 从不影响结果。", en="The input {name} never makes a difference.",
        fix_zh="从 inputs: 中删去，或补上漏填的单元格。", fix_en="Drop it from inputs:, or fill in the cells that are missing.",
    ),
    "ZX3127": Text(
        zh="有几项未能证明：{claims}（每项至多 {branches} 个分支）。",
        en="Some claims were not proved: {claims} (at most {branches} branches each).",
        fix_zh="涉及行为、事项、状态或其他字段的条件只凭事实无法证明；其余的用 zhengxie rules prove --branches 放宽分支。",
        fix_en="Conditions on acts, items, states or other fields cannot be proved from facts alone; for the others give zhengxie rules prove more --branches.",
    ),
    "ZX3128": Text(
        zh="本表以先适用的一行为准。", en="The first row of this table that holds decides.",
        fix_zh="改用 unique 并写清各行的界限，或用 exceptions 写明优先次序。",
        fix_en="Use unique with the limits of each row written out, or exceptions with their priorities.",
    ),
}  # fmt: skip

_ASKED = {
    "ZX3140": Text(
        zh="没有裁量事项 {name}。", en="There is no decision {name}.", fix_zh=_MEANT_ZH + "也可以写规则文件的路径。",
        fix_en=_MEANT_EN + " The path of a file of rules will do too.",
    ),
    "ZX3141": Text(
        zh="针对哪一个？案件编号和 --facts 恰好写一样。", en="Of what? Give either a case or --facts.",
        fix_zh="在命令后写案件编号，或者写 --facts 事实=值。",
        fix_en="Write a case after the command, or --facts FACT=VALUE.",
    ),
    "ZX3142": Text(
        zh="没有哪个裁量事项用到事实 {name}。", en="No decision looks at a fact {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN,
    ),
}  # fmt: skip

TEXTS = {**_MODEL, **_PROOF, **_ASKED}

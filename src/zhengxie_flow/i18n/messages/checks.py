"""ZX1200 to ZX1299: the checks of definitions."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

_MEANT_ZH = "[[是不是想写 {suggestion}？]][[此处可用：{known}。]]"
_MEANT_EN = "[[Did you mean {suggestion}? ]][[Known here: {known}.]]"

_REFERENCES = {
    "ZX1201": Text(zh="没有角色 {name}。", en="There is no role {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX1202": Text(zh="没有状态 {name}。", en="There is no state {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX1203": Text(zh="没有行为 {name}。", en="There is no action {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX1204": Text(
        zh="没有事项类型 {name}。", en="There is no type of item {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN
    ),
    "ZX1205": Text(
        zh="{name} 在此处没有所指：不是可见的字段，不是本案事实；作期限起点时，也不是行为。",
        en="{name} means nothing here: no field in sight, no fact of the case and, where a limit hangs on it, no action.",
        fix_zh=_MEANT_ZH,
        fix_en=_MEANT_EN,
    ),
    "ZX1206": Text(
        zh="没有事实 {name}。",
        en="There is no fact {name}.",
        fix_zh=_MEANT_ZH + "若是行为自己的字段，请写明 type:。",
        fix_en=_MEANT_EN + " A field of the act itself needs a type:.",
    ),
    "ZX1207": Text(zh="没有义务 {name}。", en="There is no duty {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX1208": Text(zh="没有裁量事项 {name}。", en="There is no decision {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX1253": Text(zh="没有参数 {name}。", en="There is no parameter {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX1209": Text(
        zh="该裁量事项没有结果 {name}。",
        en="The decision has no outcome {name}.",
        fix_zh=_MEANT_ZH,
        fix_en=_MEANT_EN,
    ),
    "ZX1210": Text(
        zh="所指的行为或事项没有字段 {name}。",
        en="The act or item in question has no field {name}.",
        fix_zh=_MEANT_ZH,
        fix_en=_MEANT_EN,
    ),
    "ZX1211": Text(zh="没有评定结论 {name}。", en="There is no verdict {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX1212": Text(
        zh="解释登记中没有 {name}。",
        en="The interpretation register has no entry {name}.",
        fix_zh=_MEANT_ZH + "或在 interpretations.yaml 中登记。",
        fix_en=_MEANT_EN + " Or enter it in interpretations.yaml.",
    ),
    "ZX1260": Text(
        zh="没有日历 {name}。",
        en="There is no calendar {name}.",
        fix_zh=_MEANT_ZH + "地方的放假安排写在 rules/calendars/local/<层>.yaml。",
        fix_en=_MEANT_EN + " Local days lie in rules/calendars/local/<layer>.yaml.",
    ),
    "ZX1255": Text(
        zh="本流程没有版本 {name}。", en="The process has no edition {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN
    ),
    "ZX1213": Text(zh="没有时区 {name}。", en="There is no time zone {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
}

_STORIES = {
    "ZX1214": Text(
        zh="此时案中还没有事项 {name}。",
        en="There is no item {name} in the case by then.",
        fix_zh=_MEANT_ZH + "或在 given: 中给定，或先记录加入它的行为。",
        fix_en=_MEANT_EN + " Or give it under given:, or record the act that adds it before.",
    ),
    "ZX1215": Text(
        zh="{name} 的类型是 {type}，不能是“{given}”。",
        en="{name} is of type {type}; '{given}' is not.",
        fix_zh="改成该类型的值。[[选项：{known}。]][[最接近的是 {suggestion}。]]",
        fix_en="Give a value of that type.[[ Choices: {known}.]][[ The nearest is {suggestion}.]]",
    ),
    "ZX1216": Text(zh="没有流程 {name}。", en="There is no process {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX1217": Text(
        zh="看不出这个文件写的是什么。",
        en="The file does not say what it holds.",
        fix_zh="文件开头应有其中一个键：{known}。",
        fix_en="It should begin with one of these keys: {known}.",
    ),
}

_LAW = {
    "ZX1220": Text(
        zh="此处没有写所依条款。",
        en="This shows no clause that it rests on.",
        fix_zh='加上 law: "条款号"；确无条款而依解释登记的，写 interpretation:。',
        fix_en='Add law: "<clause>"; where a register entry stands behind it instead, write interpretation:.',
    ),
    "ZX1221": Text(
        zh="法规文件中没有条款 {name}。",
        en="The law file has no clause {name}.",
        fix_zh=_MEANT_ZH,
        fix_en=_MEANT_EN,
    ),
    "ZX1222": Text(
        zh="没有法规文件 {name}，该办法也未援引它。",
        en="There is no instrument {name} here, nor one that the law incorporates.",
        fix_zh=_MEANT_ZH + "法规写在同一目录的 law.yaml，援引的文件写在其 incorporates:。",
        fix_en=_MEANT_EN + " The law stands in law.yaml beside the process, what it refers to under incorporates:.",
    ),
    "ZX1223": Text(
        zh="条款 {clause} 没有编入任何流程或规则。",
        en="Nothing puts clause {clause} into effect.",
        fix_zh='在实现它的条目上写 law: "{clause}"；机器无法判断的，写 status: not_computable 和 why:。',
        fix_en='Cite it where it is put into effect, law: "{clause}"; or declare status: not_computable with why:.',
    ),
    "ZX1224": Text(
        zh="这个数字出自未读的文件 {instrument}。",
        en="This number is from {instrument}, which nobody has read.",
        fix_zh="读到原文后改 source_status；依解释登记确定的，写 interpretation:；否则删去数字。",
        fix_en="Read it and change its source_status; cite the entry that sets the number; or drop the number.",
    ),
    "ZX1240": Text(
        zh="这项推定没有依据。",
        en="This presumption rests on nothing.",
        fix_zh="写明 law: 或 interpretation:；没有依据就删去 presumed:，让它保持未知。",
        fix_en="Add law: or interpretation:; without either drop presumed: and let it stay unknown.",
    ),
    "ZX1241": Text(
        zh="{duty} 要求及时，却没有解释登记说明如何认定。",
        en="{duty} has to be done in good time, and no register entry says how that is settled.",
        fix_zh="写 interpretation:，指明由谁认定、如何认定的登记。",
        fix_en="Add interpretation: with the entry that says who determines it and how.",
    ),
}

_LABELS = {
    "ZX1225": Text(zh="缺少中文名称。", en="The Chinese label is missing.", fix_zh="加上 zh:。", fix_en="Add zh:."),
    "ZX1226": Text(zh="缺少英文名称。", en="The English label is missing.", fix_zh="加上 en:。", fix_en="Add en:."),
    "ZX1242": Text(
        zh="流程名为 {name}，文件名却是 {file}.yaml。",
        en="The process is called {name}, its file {file}.yaml.",
        fix_zh="写 process: {file}，或给文件改名。",
        fix_en="Write process: {file}, or rename the file.",
    ),
    "ZX1245": Text(
        zh="终止日 {end} 早于起始日 {begin}。",
        en="The period ends on {end}, before it begins on {begin}.",
        fix_zh="核对两个日期；当日起止写同一天。",
        fix_en="Check the two dates; for a single day write it twice.",
    ),
    "ZX1246": Text(
        zh="名称 {name} 永远读不到：by、at、for 是行为自带的，带点的名称指行为的字段。",
        en="{name} can never be read: by, at and for belong to every act, a dot means a field of an action.",
        fix_zh="换一个名称，例如 decided_by。",
        fix_en="Choose another name, such as decided_by.",
    ),
    "ZX1247": Text(
        zh="标识符 {name} 已另有所指，或为系统保留（integrity.）。",
        en="The id {name} means something else already, or is kept for the engine (integrity.).",
        fix_zh="换一个标识符。",
        fix_en="Choose another id.",
    ),
}

_LIFE = {
    "ZX1230": Text(
        zh="没有任何行为通向状态 {state}。",
        en="Nothing leads to the state {state}.",
        fix_zh="补上通向它的行为，或删去这个状态。",
        fix_en="Let an action lead to it, or drop the state.",
    ),
    "ZX1231": Text(
        zh="从状态 {state} 到达不了任何终局状态。",
        en="No final state can be reached from {state}.",
        fix_zh="补上离开它的行为，或标明 final: true。",
        fix_en="Add an action that leads on, or mark it final: true.",
    ),
    "ZX1232": Text(
        zh="行为 {action} 没有写由谁作出。",
        en="Nobody may do {action}.",
        fix_zh="写明 by:。",
        fix_en="Add by:.",
    ),
    "ZX1233": Text(
        zh="{action} 只在到达不了的状态才允许，期限永远不会起算。",
        en="{action} is allowed only in states that no case comes to, so the clock never starts.",
        fix_zh="改正该行为的 from:，或换一个起算点。",
        fix_en="Mend the action's from:, or hang the limit on something else.",
    ),
    "ZX1234": Text(
        zh="{duty} 没有届满之日可供起算。",
        en="{duty} has no last day to count from.",
        fix_zh="改从行为本身起算，或给 {duty} 规定最后一日。",
        fix_en="Count from the act itself, or give {duty} a last day.",
    ),
    "ZX1256": Text(
        zh="{name} 的类型是 {type}：{key} 要的是 {wanted}。",
        en="{name} is of type {type}: {key} takes {wanted}.",
        fix_zh="改用类型为 {wanted} 的字段，或改 {action} 中 {name} 的类型。",
        fix_en="Name a field of type {wanted}, or change the type of {name} in {action}.",
    ),
    "ZX1257": Text(
        zh="没有行为把 {role} 委托出去，{action} 无可撤销。",
        en="No action delegates {role}, so {action} has nothing to revoke.",
        fix_zh="在委托的行为上写 delegates: {{role: {role}}}，或改为撤销[[：{known}]]。",
        fix_en="Write delegates: {{role: {role}}} at the action that lends it, or revoke one that is lent[[: {known}]].",
    ),
    "ZX1258": Text(
        zh="{kind} 没有写理由，到时会被拒绝。",
        en="This {kind} gives no reason and would be refused.",
        fix_zh="加上 reason:，写明理由。",
        fix_en="Add reason: and say why.",
    ),
    "ZX1254": Text(
        zh="{duty} 对每个 {type} 各有最后一日，而 {owed} 不针对某一个 {type}。",
        en="{duty} has a last day for each {type}, and {owed} is not owed for one {type}.",
        fix_zh="{owed} 也写 for: {type}；或改从行为起算；要说“不得早于”，写成最早日：at_least: n, after: 行为。",
        fix_en="Write for: {type} at {owed} too; or count from an act; 'not before' is a minimum window: at_least: n, after: ACT.",
    ),
    "ZX1235": Text(
        zh="{name} 的类型是 {type}，没有日期可供起算。",
        en="{name} is of type {type} and has no day to count from.",
        fix_zh="改用行为、日期字段，或是非类的事实。",
        fix_en="Use an action, a date, or a fact that is true or not.",
    ),
    "ZX1236": Text(
        zh="这些内容互相依赖，无从判断：{circle}。",
        en="These rest on each other in a circle and settle nothing: {circle}.",
        fix_zh="去掉其中一处引用。",
        fix_en="Drop one of the references.",
    ),
    "ZX1237": Text(
        zh="箭头后的行为作出了，箭头前的才能申请作出；如此循环，谁都无法先作出：{circle}。",
        en="Each of these acts can be asked for only once the next has been done, and so none ever: {circle}.",
        fix_zh="去掉循环中的一项前提；行为本身应遵守的期限，不必写成它自己的前提。",
        fix_en="Drop one requirement of the circle; the limit an act has to keep itself is judged without being required.",
    ),
}

_DUTIES = {
    "ZX1238": Text(
        zh="{duty} 没有写以什么为证；行为附有 {known}。",
        en="{duty} does not say what proves it; its act carries {known}.",
        fix_zh="加上 evidence: [{known}]。",
        fix_en="Add evidence: [{known}].",
    ),
    "ZX1239": Text(
        zh="{duty} 也是 {instrument} 所要求的，本办法无权免除。",
        en="{duty} is required by {instrument} too, which this measure cannot lift.",
        fix_zh="从 lifts: 中去掉，或写入 never_lifts:。",
        fix_en="Take it out of lifts:, or name it under never_lifts:.",
    ),
    "ZX1243": Text(
        zh="一项 {type} 都没有时，这个条件也成立。",
        en="With no {type} at all this condition holds.",
        fix_zh="另写 {{count: {type}, at_least: 1}}；没有也可以的，写 at_least: 0。",
        fix_en="Put {{count: {type}, at_least: 1}} beside it; at_least: 0 where none will do.",
    ),
    "ZX1244": Text(
        zh="状态 {state} 看来是撤回，却按普通终局处理。",
        en="The state {state} seems to end a withdrawn case, and is written as an ordinary end.",
        fix_zh="写 final: withdrawn，未到期的义务随之消灭。",
        fix_en="Write final: withdrawn, and its open duties fall away.",
    ),
    "ZX1248": Text(
        zh="这一条没有免除任何义务。",
        en="This entry lifts no duty.",
        fix_zh="核对条款或标识符，以及 never_lifts: 是否已将其排除。",
        fix_en="Check the clause or id, and whether never_lifts: takes it back.",
    ),
}

_CONDITIONS = {
    "ZX1249": Text(
        zh="{name} 的类型是 {type}，不能这样比较（{test}）。",
        en="{name} is of type {type} and cannot be compared like this ({test}).",
        fix_zh="数与数比，日期与日期比，选项与其取值比；是非直接写名称，或写 {{名称: true}}、{{名称: false}}。",
        fix_en="Hold numbers against numbers, days against days, choices against their values; a bool stands by its name, or as {{NAME: true}} or {{NAME: false}}.",
    ),
    "ZX1250": Text(
        zh="{name} 不是可选的值。",
        en="{name} is not one of the choices.",
        fix_zh=_MEANT_ZH,
        fix_en=_MEANT_EN,
    ),
    "ZX1251": Text(
        zh="名称 {name} 在此处有两个意思。",
        en="The name {name} means two things here.",
        fix_zh="给其中一个改名；若行为的字段就是本案事实，去掉它的 type:。",
        fix_en="Rename one of them; where the act's field is the fact, drop its type:.",
    ),
    "ZX1252": Text(
        zh="没有人能认定事实 {name}，也没有行为写明它。",
        en="Nobody may determine {name}, and no act asserts it.",
        fix_zh="写明 by:，或在某个行为的 with: 中写上它。",
        fix_en="Add by:, or name it under with: of an action.",
    ),
}

TEXTS = {**_REFERENCES, **_STORIES, **_LAW, **_LABELS, **_LIFE, **_DUTIES, **_CONDITIONS}

"""ZX1130 to ZX1139 and ZX1142 to ZX1145: time limits that make no sense as written."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

TEXTS = {
    "ZX1130": Text(
        zh="一个期限只能有一个数量：within 或 at_least",
        en="a limit has one amount: within or at_least",
        fix_zh="删去其中一个",
        fix_en="drop one of them",
    ),
    "ZX1131": Text(
        zh="数量和单位必须同时出现",
        en="an amount and a unit go together",
        fix_zh="加上 unit: working_day（或 calendar_day、month、year、hour），或补上数量",
        fix_en="add unit: working_day (or calendar_day, month, year, hour), or the amount",
    ),
    "ZX1132": Text(
        zh="一个期限必须有且只有一个起点：after、before 或 by_date",
        en="a limit hangs on exactly one of after, before and by_date",
        fix_zh="只保留一个",
        fix_en="keep one of them",
    ),
    "ZX1133": Text(
        zh="within 只能与 after 搭配",
        en="within goes with after",
        fix_zh="“……前至少 n 日”写成 at_least: n, before: X",
        fix_en="'at least n before' is written at_least: n, before: X",
    ),
    "ZX1134": Text(
        zh="by_date 是当日，不带数量和单位",
        en="by_date is the very day and has no amount or unit",
        fix_zh="删去数量和单位，或改用 within 与 after",
        fix_en="drop the amount and unit, or use within and after",
    ),
    "ZX1135": Text(
        zh="judged_by 只与 timely: true 搭配",
        en="judged_by goes with timely: true",
        fix_zh="加上 timely: true，或删去 judged_by",
        fix_en="add timely: true, or drop judged_by",
    ),
    "ZX1136": Text(
        zh="延长要么写 add（加多少），要么写 to（改到哪天），二者选一",
        en="an extension has either add (how much more) or to (until when)",
        fix_zh="只保留一个",
        fix_en="keep one of them",
    ),
    "ZX1137": Text(
        zh="choose 里只有最后一项可以、而且必须不写 when",
        en="in choose the last part, and it alone, has no when",
        fix_zh="给前面各项写上 when，最后一项不写",
        fix_en="give the earlier parts a when and the last one none",
    ),
    "ZX1138": Text(
        zh="earliest_of、latest_of 只能单独使用",
        en="earliest_of and latest_of stand alone",
        fix_zh="把各个期限都写进列表，旁边不再写别的",
        fix_en="write the limits in its list and nothing beside it",
    ),
    "ZX1139": Text(
        zh="只有向后计算、有天数的期限才能中止、延长或重新起算",
        en="only a forward limit with an amount can be suspended, extended or restarted",
        fix_zh="改用 within 与 after，或删去 extended_by、suspended、restarts_on",
        fix_en="use within and after, or drop extended_by, suspended and restarts_on",
    ),
    "ZX1142": Text(
        zh="延长的 to 只写新的期限：within，必要时加 unit；起点不变",
        en="the to of an extension is a new amount alone: within, and unit where it differs; the anchor stays",
        fix_zh="写成 to: {{within: 30}}；改到某一天的，写 to: {{field: 日期字段}}",
        fix_en="write to: {{within: 30}}; for a day that is set, to: {{field: a date field}}",
    ),
    "ZX1143": Text(
        zh="earliest_of、latest_of 自己不走时间：extended_by、suspended、restarts_on 写在它旁边不起作用",
        en="earliest_of and latest_of have no clock of their own: extended_by, suspended and restarts_on do nothing beside them",
        fix_zh="写进列表里要延长、中止或重新起算的那个期限",
        fix_en="write it in the limit of the list whose clock it changes",
    ),
    "ZX1144": Text(
        zh="earliest_of、latest_of 的列表里不能写 late、on_lapse、timely：迟延看整个期限",
        en="inside earliest_of and latest_of there is no late, on_lapse or timely: lateness is that of the whole",
        fix_zh="移到 earliest_of、latest_of 旁边",
        fix_en="move it beside earliest_of or latest_of",
    ),
    "ZX1145": Text(
        zh="以小时计的期限连续计算，不能延长或中止",
        en="a limit in hours runs on and can be neither extended nor suspended",
        fix_zh="改用 calendar_day 或 working_day，或删去 extended_by、suspended（restarts_on 可以保留）",
        fix_en="use calendar_day or working_day, or drop extended_by and suspended (restarts_on may stay)",
    ),
}

"""Texts of exemptions and of parameters that give values (ZX1300-1309), and of the command that lists exemptions."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

TEXTS = {
    "ZX1300": Text(
        zh="to 须写 within 或 at_least 之一",
        en="to takes one of within and at_least",
        fix_zh="与原期限写法一致，如 to: {{at_least: 5}}，天数取自批准字段的写 to: {{at_least: {{field: notice_days}}}}",
        fix_en="write it as the limit itself does, such as to: {{at_least: 5}} or, from a field of the grant, "
        "to: {{at_least: {{field: notice_days}}}}",
    ),
    "ZX1301": Text(
        zh="{key} 只用于须经批准的豁免，而这里没有 granted_by",
        en="{key} is about a grant, and there is no granted_by",
        fix_zh="写明 granted_by: 批准的行为，或删去 {key}",
        fix_en="name the granting action in granted_by:, or drop {key}",
    ),
    "ZX1302": Text(
        zh="既没有 granted_by，也没有 when，义务就永远免除了",
        en="with neither granted_by nor when, the duties would never be owed",
        fix_zh="须经批准的写 granted_by:，当然免除的写 when:",
        fix_en="write granted_by: for a power, or when: for what the law lifts by itself",
    ),
    "ZX1303": Text(
        zh="never_lifts 里不能写 to",
        en="to has no place under never_lifts",
        fix_zh="把缩短期限的条目写到 lifts: 下",
        fix_en="put the entry that shortens a limit under lifts:",
    ),
    "ZX1304": Text(
        zh="by 与 by_parameter 只能写一个",
        en="by does not go beside by_parameter",
        fix_zh="角色固定的写 by:，由参数确定的写 by_parameter:",
        fix_en="write by: for fixed roles, by_parameter: where the rules give the role",
    ),
    "ZX1305": Text(
        zh="参数要么给出期限的一部分，要么给出 type: 所写类型的值，不能混用",
        en="a parameter gives parts of limits, or values of its type:, never both",
        fix_zh="有 type: 的每行写 value:；没有 type: 的写 within、unit 等",
        fix_en="with type: write value: in each row, without it write within, unit and so on",
    ),
    "ZX1306": Text(
        zh="参数的值“{given}”不是 {type} 类型",
        en="the value '{given}' of the parameter is not of type {type}",
        fix_zh="改成该类型的值，或改 type:",
        fix_en="give a value of that type, or change type:",
    ),
    "ZX1307": Text(
        zh="“{duty}”的期限不能这样缩短：{given} 与原期限的写法不同",
        en="the limit of '{duty}' cannot be replaced so: it has no {given}",
        fix_zh="to: 里写原期限所用的 within 或 at_least；没有天数的期限不能缩短",
        fix_en="use the one of within and at_least that the limit has; a limit without an amount cannot be shortened",
    ),
    "ZX1308": Text(
        zh="expires 指的“{name}”是 {type}，不是日期",
        en="expires names '{name}', which is of type {type} and not a date",
        fix_zh="在批准的行为里加一个 date 类型的字段，写在 expires: 下",
        fix_en="give the granting action a field of type date and name it in expires:",
    ),
    "cli.exempting.none": Text(zh="没有批准过豁免。", en="No exemption was granted."),
    "cli.exempting.year": Text(
        zh="{year} 年：批准 {grants} 次；当年立案 {matters} 件，其中 {exempted} 件豁免生效{rate}",
        en="{year}: {grants} grants; {matters} matters opened, {exempted} of them exempted{rate}",
    ),
    "cli.exempting.rate": Text(zh="，占 {rate}%", en=", {rate}%"),
    "cli.exempting.grounds": Text(zh="情形", en="by ground"),
    "cli.exempting.verdicts": Text(zh="判定", en="by verdict"),
    "cli.exempting.since": Text(zh="自 {day}（#{event}）", en="since {day} (#{event})"),
    "cli.exempting.until": Text(zh="至 {day}", en="until {day}"),
    "cli.exempting.expired": Text(zh="已于 {day} 失效", en="expired {day}"),
    "cli.exempting.revoked": Text(zh="已于 {day} 撤销", en="revoked {day}"),
    "cli.exempting.used": Text(zh="已使用", en="used"),
    "cli.exempting.standing": Text(zh="有效", en="stands"),
    "cli.exempting.later": Text(zh="只对以后到期的有效", en="stands for what falls due later"),
    "cli.exempting.nothing": Text(zh="不生效", en="lifts nothing"),
    "cli.exempting.open": Text(zh="当然免除", en="by operation of law"),
    "cli.exempting.ground": Text(zh="情形：{grounds}", en="grounds: {grounds}"),
    "cli.exempting.lifts": Text(zh="免除：{duties}", en="lifts: {duties}"),
    "cli.exempting.shortens": Text(zh="缩短：{duties}", en="shortens: {duties}"),
    "cli.show.exemptions": Text(zh="豁免", en="Exemptions"),
    "cli.note.until": Text(zh="至", en="until"),
    "cli.note.lifted_by": Text(zh="免除依据", en="lifted by"),
    "cli.note.by_law": Text(zh="依法当然", en="by operation of law"),
}

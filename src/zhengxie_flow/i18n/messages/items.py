"""Items with states of their own: ZX1310 to ZX1316, ZX4085."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

TEXTS = {
    "ZX1310": Text(
        zh="item: 要与 for、adds、withdraws 或 replaces 并用",
        en="item: goes with for, adds, withdraws or replaces",
        fix_zh="写明该行为针对哪类事项，例如 for: opinion；移动本案状态的用 from 和 to",
        fix_en="say which type of item the act is for, e.g. for: opinion; the case itself is moved by from and to",
    ),
    "ZX1311": Text(
        zh="item: 里既没有 from 也没有 to",
        en="item: has neither from nor to",
        fix_zh="写成 item: {{from: 原状态, to: 新状态}}；只写 from 表示仅在该状态下允许",
        fix_en="write item: {{from: a_state, to: another}}; from alone says where the act is allowed",
    ),
    "ZX1312": Text(
        zh="新增的事项没有原状态，item: 里不写 from",
        en="a new item comes from no state: no from in item: beside adds",
        fix_zh="删去 from；to 表示新事项一开始所处的状态",
        fix_en="drop from; to says in which state the new item begins",
    ),
    "ZX1313": Text(
        zh="carries 只用于 replaces",
        en="carries goes with replaces alone",
        fix_zh="删去 carries，或写明 replaces: 哪类事项",
        fix_en="drop carries, or say which type of item the act replaces",
    ),
    "ZX1314": Text(
        zh="事项类型 {type} 没有写明状态，item: 无从谈起。",
        en="The type of item {type} has no states, so item: has nothing to move.",
        fix_zh="在 items: 之下给 {type} 写上 states:，或删去 item:。",
        fix_en="Give {type} its states: under items:, or drop item:.",
    ),
    "ZX1315": Text(
        zh="{name} 既是 {type} 的状态，也是本案的状态，此处不知指哪一个。",
        en="{name} is a state of {type} and of the case; here it could mean either.",
        fix_zh="给其中一个状态换名。",
        fix_en="Rename one of the two states.",
    ),
    "ZX1316": Text(
        zh="没有任何行为使 {type} 转入状态 {state}。",
        en="Nothing moves an item of the type {type} to the state {state}.",
        fix_zh="在相应行为写上 item: {{to: {state}}}，或删去这个状态。",
        fix_en="Let an action say item: {{to: {state}}}, or drop the state.",
    ),
    "cli.show.withdrawn": Text(zh="{date} 移出", en="withdrawn {date}"),
    "cli.show.replaced": Text(zh="{date} 由 {item} 替代", en="replaced by {item} {date}"),
    "duty.item_state": Text(zh="事项自己的状态", en="the item's own state"),
    "detail.withdrawn": Text(zh="已移出", en="withdrawn"),
    "detail.replaced": Text(zh="已被替代", en="replaced"),
    "ZX4085": Text(
        zh="替代者 {item} 不能用：本案已有同名的 {type}，或不是可读的标识",
        en="{item} cannot take the place: the case has one of that id already among {type}, or it is no readable id",
        fix_zh="给替代者另取一个标识",
        fix_en="give the successor an id of its own",
    ),
}

"""Texts about cases that lie under other cases."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

TEXTS = {
    "ZX4070": Text(
        zh="这条事件转述自子案件“{subcase}”的第 {there} 号事件，不能在这里改动",
        en="this event tells what happened in the subcase '{subcase}' (its event {there}); it is not changed here",
        fix_zh="更正或者删除子案件里的那条事件的内容，本案随之改变",
        fix_en="correct or erase that event of the subcase; this case follows",
    ),
    "ZX4071": Text(
        zh="本案已经作为“{subcase}”归在案件“{parent}”之下",
        en="the case lies under '{parent}' as '{subcase}' already",
        fix_zh="不必重复；要归在另一案件之下，写明那个案件",
        fix_en="there is nothing to do; to take it under another case, name that one",
    ),
    "ZX4072": Text(
        zh="案件不能归在自己之下",
        en="a case cannot lie under itself",
        fix_zh="用 --under 写明另一个案件",
        fix_en="name another case with --under",
    ),
    "ZX4073": Text(
        zh="这个案件的流程没有可用于“{process}”的子案件“{name}”（可用：{known}）",
        en="the process of this case has no subcase '{name}' of the process '{process}' (fitting: {known})",
        fix_zh="换一个上级案件，或者在它的流程的 subcases 里写明",
        fix_en="choose another parent, or write the subcase into the subcases of its process",
    ),
    "ZX4074": Text(
        zh="有几种子案件都合适（{known}），须写明是哪一种",
        en="several subcases would fit ({known}); say which is meant",
        fix_zh="加上 --as",
        fix_en="add --as",
    ),
    "ZX4075": Text(
        zh="现在不能在这个案件之下开启“{name}”",
        en="'{name}' cannot be opened under this case now",
        fix_zh="先满足所列理由；若已经发生，加上 --at 如实记录",
        fix_en="meet the reasons listed; if it has already happened, tell it with --at",
    ),
    "ZX4076": Text(
        zh="案件“{parent}”本身（直接或者间接）就在这个案件之下",
        en="the case '{parent}' lies under this one itself, directly or through others",
        fix_zh="案件的上下级不能成圈；检查该归在谁之下",
        fix_en="cases cannot lie under each other in a circle; check which belongs under which",
    ),
    "ZX4077": Text(
        zh="没有上级案件“{parent}”：库里没有，这次导入的文件里也没有",
        en="there is no case '{parent}' to lie under: neither kept already nor in this import",
        fix_zh="把上级案件的文件一起导入，或者改正编号",
        fix_en="import the parent's file with it, or correct the id",
    ),
    "ZX6070": Text(
        zh="--as 要与 --under 一起用",
        en="--as goes with --under",
        fix_zh="用 --under 写明上级案件",
        fix_en="name the parent with --under",
    ),
    "ZX1155": Text(
        zh="开启子案件时须用 id 写明它的编号",
        en="the opening of a subcase must say under id: what the subcase is called",
        fix_zh="加上 id: 编号",
        fix_en="add id: and a name for it",
    ),
    "ZX1156": Text(
        zh="事件里的 as 要与 link 一起用",
        en="as of an event goes with link",
        fix_zh="用 link 写明上级案件；在上级之下开启的，under 和 as 写在案件文件开头",
        fix_en="name the parent with link; of a case opened under another, under and as stand at the top of its file",
    ),
    "ZX1157": Text(
        zh="场景里没有别的案件，不能用 link",
        en="there is no other case in a scenario to link to",
        fix_zh="场景里用 open 开启子案件；link 只用于导入的案件文件",
        fix_en="open a subcase with open; link belongs to case files for import",
    ),
    "ZX1290": Text(
        zh="没有名为“{name}”的流程（最接近的：{suggestion}；共有：{known}）",
        en="there is no process '{name}' (closest: {suggestion}; known: {known})",
        fix_zh="写流程的编号：它在 processes/ 下的路径，不带 .yaml",
        fix_en="write the id of a process: its path under processes/ without .yaml",
    ),
    "ZX1291": Text(
        zh="没有名为“{name}”的子案件（最接近的：{suggestion}；共有：{known}）",
        en="there is no subcase '{name}' (closest: {suggestion}; known: {known})",
        fix_zh="用 subcases 里写明的名称；场景的 in 用前面 open 时给的 id",
        fix_en="use a name written under subcases:; for in: of a scenario, the id given by an open: before it",
    ),
    "ZX1292": Text(
        zh="子案件的流程“{process}”没有同样类型的事实“{name}”，无从转述",
        en="the process '{process}' of the subcase has no fact '{name}' of this type to tell",
        fix_zh="with 里只写那个流程的 facts 里有的事实，类型和取值相同",
        fix_en="list under with: only facts of that process, with the same type and values",
    ),
    "cli.link": Text(
        zh="把独立的案件归在另一案件之下；此后它的进展在那里可见",
        en="Take a case under another; what it does is told there",
    ),
    "cli.option.under": Text(zh="上级案件的编号", en="The id of the case it lies under"),
    "cli.option.subcase": Text(
        zh="作为上级案件的哪一种子案件（只有一种合适时不必写）",
        en="As which subcase of the parent (may be left out where only one fits)",
    ),
    "cli.audit.subcase": Text(zh="{case} 之下的{subcase}：", en="{subcase} under {case}:"),
    "cli.show.subcases": Text(zh="子案件", en="Subcases"),
    "cli.show.parents": Text(zh="归在以下案件之下", en="Lies under"),
    "cli.subcase.none": Text(zh="尚未开启", en="not opened"),
    "cli.subcase.open": Text(zh="办理中", en="open"),
    "cli.subcase.completed": Text(zh="已办结", en="completed"),
    "cli.subcase.withdrawn": Text(zh="已撤回", en="withdrawn"),
    "cli.subcase.called_for": Text(zh="需要", en="called for"),
    "cli.subcase.uncalled_for": Text(zh="不需要", en="not called for"),
    "cli.subcase.unsettled": Text(zh="是否需要尚未认定", en="not yet determined whether it is called for"),
    "event.subcase": Text(zh="子案件", en="subcase"),
    "event.linked": Text(zh="归入", en="linked"),
}

"""Findings that no article names: their names, what they show, and what is wrong with how they are asked for."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

_NAMES = {
    "duty.integrity.order": Text(zh="次序颠倒", en="out of order"),
    "duty.integrity.authority": Text(zh="主体无权", en="without authority"),
    "duty.integrity.anchor": Text(
        zh="宣布结束之日与最后一次活动不在同日", en="end declared later than the last activity"
    ),
    "duty.integrity.four_eyes": Text(zh="应由两人分别办理", en="one pair of eyes where two are wanted"),
    "duty.integrity.backdated": Text(zh="事后很久才补录", en="recorded long after it happened"),
    "duty.integrity.receipt": Text(zh="缺少凭据", en="proof is missing"),
    "duty.integrity.after_close": Text(zh="办结之后的改动", en="changed after the end"),
    "duty.integrity.delegation": Text(zh="没有有效委托", en="without a delegation in force"),
    "duty.integrity.link": Text(zh="未逐一列明", en="not every item is referred to"),
    "duty.four_eyes": Text(zh="须由另一人办理", en="somebody else has to do it"),
    "duty.delegation": Text(zh="没有有效委托", en="no delegation in force"),
    "detail.gap": Text(zh="有间隔", en="a gap"),
    "detail.same_role": Text(zh="同一角色", en="the same role"),
    "detail.same_actor": Text(zh="同一人", en="the same person"),
    "detail.not_in_force": Text(zh="当日无此机构", en="no such office on that day"),
    "detail.not_delegated": Text(zh="未受委托", en="not delegated"),
    "detail.delegation_lapsed": Text(zh="委托已失效", en="the delegation had lapsed"),
    "cli.show.awaits": Text(zh="待会签：{roles}", en="awaits a second hand: {roles}"),
    "cli.note.needs_by": Text(zh="可由何者认定", en="may be settled by"),
    "cli.note.finding": Text(zh="情形", en="found"),
    "finding.action": Text(zh="行为", en="action"),
    "finding.state": Text(zh="状态", en="state"),
    "finding.item_state": Text(zh="事项状态", en="item's state"),
    "finding.obligation": Text(zh="义务", en="duty"),
    "finding.obligations": Text(zh="义务", en="duties"),
    "finding.anchor": Text(zh="起算日", en="anchor"),
    "finding.last": Text(zh="最后的活动", en="last activity"),
    "finding.since": Text(zh="活动之日", en="on"),
    "finding.gap": Text(zh="相隔", en="gap"),
    "finding.unit": Text(zh="单位", en="unit"),
    "finding.differs_from": Text(zh="应不同于", en="to differ from"),
    "finding.role": Text(zh="角色", en="role"),
    "finding.field": Text(zh="字段", en="field"),
    "finding.unknown": Text(zh="本案没有", en="not in the case"),
    "finding.recorded": Text(zh="补录之日", en="recorded"),
    "finding.days": Text(zh="相隔", en="days"),
    "finding.allowed": Text(zh="容许", en="allowed"),
    "finding.closed": Text(zh="终局之日", en="ended"),
    "finding.event": Text(zh="事件", en="event"),
}

TEXTS = {
    **_NAMES,
    "ZX1317": Text(
        zh="天数只能写一种：working_days 或 calendar_days",
        en="days are of one kind: working_days or calendar_days",
        fix_zh="写成 {{working_days: 天数}}",
        fix_en="write {{working_days: N}}",
    ),
    "ZX1318": Text(
        zh="complete 只用于写明 of: 事项类型的 refs",
        en="complete goes with refs of a type of item",
        fix_zh="写成 {{type: refs, of: 事项类型, complete: true}}",
        fix_en="write {{type: refs, of: an_item_type, complete: true}}",
    ),
    "ZX1319": Text(
        zh="{name} 由 {roles} 会签，其中没有认定人以外的角色。",
        en="{name} is countersigned by {roles}, nobody but who determines it.",
        fix_zh="在 countersigned_by: 写上另一个角色，或给 by: 另加一个。",
        fix_en="Name another role in countersigned_by:, or add one to by:.",
    ),
    "ZX1320": Text(
        zh="{action} 的 delegates: 所写的 {name} 不是日期字段。",
        en="{name} under delegates: of {action} is no date.",
        fix_zh="改为 {action} 中类型为 date 的字段。",
        fix_en="Name a field of {action} of the type date.",
    ),
}

"""Words of the law that every report shares: verdicts and what refines them, force, kinds of events and anchors."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

_VERDICTS = {
    "breach": Text(zh="违规", en="breach"),
    "overdue": Text(zh="逾期未办", en="overdue"),
    "invalid": Text(zh="无效", en="invalid"),
    "incomplete": Text(zh="不完整", en="incomplete"),
    "deviation": Text(zh="偏离", en="deviation"),
    "finding": Text(zh="发现问题", en="finding"),
    "needs_judgement": Text(zh="待认定", en="needs judgement"),
    "needs_parameter": Text(zh="缺参数", en="needs a parameter"),
    "lapsed": Text(zh="已失效", en="lapsed"),
    "out_of_time": Text(zh="超期无效果", en="out of time"),
    "capped": Text(zh="已按上限截短", en="capped"),
    "provisional": Text(zh="日期未定", en="provisional"),
    "pending": Text(zh="待办", en="pending"),
    "deemed": Text(zh="视为已办", en="deemed"),
    "deviation_justified": Text(zh="偏离有据", en="justified deviation"),
    "exempt": Text(zh="依法免除", en="exempt"),
    "pass": Text(zh="合规", en="pass"),
    "not_applicable": Text(zh="不适用", en="not applicable"),
}

_DETAILS = {
    "retroactive": Text(zh="事后补办", en="retroactive"),
    "partial": Text(zh="部分", en="partial"),
    "waived": Text(zh="对象自己放弃", en="waived by the one it is owed for"),
    "not_published": Text(zh="理由未公开", en="the reason was not made public"),
    "wrong_authority": Text(zh="无权主体", en="wrong authority"),
    "after_expiry": Text(zh="期限届满后", en="after expiry"),
    "outside_calendar": Text(zh="超出日历数据", en="outside the calendar's data"),
    "suspended": Text(zh="期限中止", en="suspended"),
    "hindsight": Text(zh="按事后公布的日历", en="by a calendar published afterwards"),
    "amended": Text(zh="因新通知变更", en="moved by a later notice"),
}

_FORCES = {
    "must": Text(zh="应当", en="must"),
    "must_not": Text(zh="不得", en="must not"),
    "should": Text(zh="一般应当", en="should"),
    "may": Text(zh="可以", en="may"),
    "by_reference": Text(zh="参照执行", en="by reference"),
}

_EVENTS = {
    "opened": Text(zh="立案", en="opened"),
    "act": Text(zh="办理", en="act"),
    "determined": Text(zh="认定", en="determined"),
    "planned": Text(zh="安排", en="planned"),
    "explained": Text(zh="说明理由", en="explained"),
    "corrected": Text(zh="更正", en="corrected"),
    "deemed": Text(zh="视为办理", en="deemed"),
    "moved": Text(zh="转入新版本", en="moved to another edition"),
    "recomputed": Text(zh="期限重算", en="deadline recomputed"),
}

_MODES = {
    "advanced": Text(zh="经准许办理", en="advanced"),
    "recorded": Text(zh="补录", en="recorded"),
}

_ANCHORS = {
    "actual": Text(zh="实际", en="actual"),
    "planned": Text(zh="计划", en="planned"),
    "unknown": Text(zh="未知", en="unknown"),
}

_FAMILIES = {
    "verdict": _VERDICTS,
    "detail": _DETAILS,
    "force": _FORCES,
    "event": _EVENTS,
    "mode": _MODES,
    "anchor": _ANCHORS,
}

TEXTS = {f"{family}.{word}": text for family, words in _FAMILIES.items() for word, text in words.items()}

"""ZX1200 to ZX1299: the checks of definitions."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

_MEANT_ZH = "是不是想写 {suggestion}？此处可用：{known}。"
_MEANT_EN = "Did you mean {suggestion}? Known here: {known}."

_REFERENCES = {
    "ZX1201": Text(zh="没有角色 {name}。", en="There is no role {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX1202": Text(zh="没有状态 {name}。", en="There is no state {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX1203": Text(zh="没有行为 {name}。", en="There is no action {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
    "ZX1204": Text(
        zh="没有事项类型 {name}。", en="There is no type of item {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN
    ),
    "ZX1205": Text(
        zh="{name} 既不是此处可见的字段，也不是本案事实。",
        en="{name} is neither a field in sight here nor a fact of the case.",
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
    "ZX1213": Text(zh="没有时区 {name}。", en="There is no time zone {name}.", fix_zh=_MEANT_ZH, fix_en=_MEANT_EN),
}

TEXTS = {**_REFERENCES}

"""ZX6020 to ZX6029: the project folder, ``zhengxie.toml`` and the environment."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

TEXTS = {
    "ZX6020": Text(
        zh="没有项目文件夹 {folder}（来自 {source}）。",
        en="There is no project folder {folder} (from {source}).",
        fix_zh="请核对路径；新建项目用 zhengxie init。",
        fix_en="Check the path; `zhengxie init` makes a new project.",
    ),
    "ZX6021": Text(
        zh="{folder}（来自 {source}）不是项目文件夹：既没有 zhengxie.toml，也没有 processes/。",
        en="{folder} (from {source}) is no project: it has neither zhengxie.toml nor processes/.",
        fix_zh="请指向项目的最上层文件夹；新建项目用 zhengxie init。",
        fix_en="Name the top folder of a project; `zhengxie init` makes a new one.",
    ),
    "ZX6022": Text(
        zh="此处不是有效的 TOML：{detail}",
        en="This is not valid TOML: {detail}",
        fix_zh='每行写作 名称 = 值，文字加英文引号，例如 language = "zh"。',
        fix_en='Write each line as name = value, with text in quotes: language = "en".',
    ),
    "ZX6023": Text(
        zh="没有名为 {key} 的设置。",
        en="There is no setting called {key}.",
        fix_zh="[[是不是想写 {suggestion}？]]可用：{known}。",
        fix_en="[[Did you mean {suggestion}? ]]Known here: {known}.",
    ),
    "ZX6024": Text(
        zh="设置 {key} 要写成加引号的文字，不能是 {found}。",
        en="The setting {key} takes text in quotes, not {found}.",
        fix_zh='例如：{key} = "{example}"',
        fix_en='For example: {key} = "{example}"',
    ),
    "ZX6025": Text(
        zh="{source} 中的语言 {given} 不可用。",
        en="{given} is not a language this program speaks (from {source}).",
        fix_zh="请用 zh 或 en。",
        fix_en="Use zh or en.",
    ),
    "ZX6026": Text(
        zh="ZHENGXIE_CLOCK 的值 {given} 不是时刻。",
        en="ZHENGXIE_CLOCK holds {given}, which is not an instant.",
        fix_zh="请写成 2026-11-22T10:00:00+08:00，或取消该变量以使用系统时间。",
        fix_en="Write 2026-11-22T10:00:00+08:00, or unset it to use the system's time.",
    ),
    "ZX6027": Text(
        zh="ZHENGXIE_CLOCK 的值 {given} 没有时区。",
        en="ZHENGXIE_CLOCK holds {given}, which has no time zone.",
        fix_zh="请加上时区，例如 +08:00。",
        fix_en="Add the zone, for example +08:00.",
    ),
}

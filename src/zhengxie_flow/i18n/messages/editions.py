"""Editions, overlays and readings: ZX1270 to ZX1289 where files are read, ZX4060 to ZX4069 in the engine, and their screens."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

_FILES = {
    "ZX1270": Text(
        zh="所修改的内容中没有 {name}。",
        en="There is no {name} in what is changed.",
        fix_zh="是不是想写 {suggestion}？此处有：{known}。确要新增的，写全并加上标签 zh:。",
        fix_en="Did you mean {suggestion}? Here there is: {known}. What is new is written whole, with its label zh:.",
    ),
    "ZX1271": Text(
        zh="修订要写明自哪一天起施行，且不写到哪一天止。",
        en="An edition says from which day it is in force, and not until when.",
        fix_zh="写 in_force: {{from: 2026-07-01}}；下一版本施行之日起，它自然失效。",
        fix_en="Write in_force: {{from: 2026-07-01}}; it ends where the next one begins.",
    ),
    "ZX1272": Text(
        zh="修订写的是 {amends}，却放在 {process} 的文件夹里。",
        en="The edition amends {amends} and lies in the folder of {process}.",
        fix_zh="改成 amends: {process}，或移到所修订流程的 editions 文件夹。",
        fix_en="Write amends: {process}, or move it to the editions folder of what it amends.",
    ),
    "ZX1273": Text(
        zh="版本的施行期间不衔接：前一版本自 {before} 起施行（至 {until}），这一版本自 {begins} 起。",
        en="The editions do not meet: the one before is in force from {before} (until {until}), this one from {begins}.",
        fix_zh="每个版本自不同的日子起施行；前一版本如写 to:，应为后一版本施行的前一日。",
        fix_en="Each edition begins on a day of its own; a to: of the one before is the day before this one begins.",
    ),
    "ZX1274": Text(
        zh="状态 {state} 在新版本中没有，又没有写明其中的案件转到哪里。",
        en="The new edition has no state {state} and does not say where cases in it go.",
        fix_zh="写 moved_states: {{{state}: 新状态}}；现有状态：{known}。",
        fix_en="Write moved_states: {{{state}: its new state}}; there are: {known}.",
    ),
    "ZX1275": Text(
        zh="没有可参照的流程 {name}。",
        en="There is no process {name} to extend.",
        fix_zh="是不是想写 {suggestion}？现有：{known}。",
        fix_en="Did you mean {suggestion}? There are: {known}.",
    ),
    "ZX1276": Text(
        zh="{name} 本身参照别的流程执行，不能再被参照。",
        en="{name} itself extends another process and cannot be extended.",
        fix_zh="直接参照它所参照的流程。",
        fix_en="Extend the process that it extends.",
    ),
    "ZX1277": Text(
        zh="这项变通没有写依据，不算数：仍按所参照的规定判定。",
        en="This override names no document it rests on and counts for nothing: what it would change is judged by reference.",
        fix_zh="写明依据：basis: 文件名称和文号。",
        fix_en="Name the document under basis:.",
    ),
    "ZX1278": Text(
        zh="路径 {path} 走到 {name} 就断了。",
        en="The path {path} leads nowhere at {name}.",
        fix_zh="是不是想写 {suggestion}？此处有：{known}。路径从 obligations、actions、decisions 等写起。",
        fix_en="Did you mean {suggestion}? Here there is: {known}. A path begins with obligations, actions, decisions and so on.",
    ),
    "ZX1279": Text(
        zh="登记所采用的读法与规定不一致：{path}。",
        en="The definition does not say what the register says it sets: {path}.",
        fix_zh="先在登记中改答案，再改规定，两处一致。",
        fix_en="Change the answer in the register and the definition together.",
    ),
    "ZX1280": Text(
        zh="moved_states 写到状态 {state}，新版本却没有。",
        en="moved_states leads to {state}, which the new edition has not.",
        fix_zh="是不是想写 {suggestion}？现有：{known}。",
        fix_en="Did you mean {suggestion}? There are: {known}.",
    ),
}

_ENGINE = {
    "ZX4060": Text(
        zh="没有解释登记 {entry}。",
        en="There is no entry {entry} in the register.",
        fix_zh="可选：{known}",
        fix_en="There are: {known}",
    ),
    "ZX4061": Text(
        zh="解释登记 {entry} 没有读法 {alternative}。",
        en="The entry {entry} has no reading {alternative}.",
        fix_zh="可选：{known}",
        fix_en="There are: {known}",
    ),
    "ZX4062": Text(
        zh="解释登记 {entry} 的读法 {alternative} 没有写明改动什么，无法据以重判。",
        en="The reading {alternative} of {entry} does not say what it sets, so nothing can be judged by it.",
        fix_zh="在登记中为它写 sets:；不能这样表达的，登记中应说明原因。",
        fix_en="Write its sets: in the register; where it cannot be said so, the entry says why.",
    ),
    "ZX4063": Text(
        zh="流程没有版本 {edition}。",
        en="The process has no edition {edition}.",
        fix_zh="可选：{known}",
        fix_en="There are: {known}",
    ),
    "ZX4064": Text(
        zh="案件已经按版本 {edition} 办理。",
        en="The case already runs under the edition {edition}.",
        fix_zh="用 zhengxie show 查看案件所用版本",
        fix_en="see with zhengxie show under which edition it runs",
    ),
    "ZX4065": Text(
        zh="案件处于状态 {state}，版本 {edition} 没有这个状态，也没有写明转到哪里。",
        en="The case is in the state {state}, which the edition {edition} has not; nor does it say where such cases go.",
        fix_zh="在修订文件中写 moved_states: {{{state}: 新状态}}",
        fix_en="write moved_states: {{{state}: its new state}} in the file of the edition",
    ),
    "ZX4066": Text(
        zh="版本 {edition} 自 {begins} 起施行，{day} 还不能转入。",
        en="The edition {edition} is in force from {begins}; on {day} nothing can move to it.",
        fix_zh="等到施行之日再转",
        fix_en="move the case when it is in force",
    ),
    "ZX4067": Text(
        zh="转入版本 {edition} 应由有权的角色决定。",
        en="Only certain roles may decide to move a case to the edition {edition}.",
        fix_zh="由所列角色决定，或在修订文件的 transition: by: 中写明谁可以决定",
        fix_en="let one of the roles named decide, or name who may under transition: by: in the file of the edition",
    ),
    "ZX4068": Text(
        zh="按这种读法改动后，规定不成立：{detail}。",
        en="With what this reading sets, the definition no longer holds together: {detail}.",
        fix_zh="用 zhengxie check 检查登记中的 sets:",
        fix_en="run zhengxie check on the sets: of the register",
    ),
}

_SCREENS = {
    "cli.move": Text(
        zh="将案件转入流程的另一版本（记录为一项决定；--dry-run 先看影响）",
        en="Move a case to another edition of its process: a recorded decision; --dry-run shows what it would change",
    ),
    "cli.move.to": Text(zh="转入的版本：名称或施行之日", en="The edition: its name or the day it begins"),
    "cli.move.basis": Text(zh="决定的依据", en="On what authority"),
    "cli.show.edition": Text(zh="按版本 {edition} 办理", en="runs under the edition {edition}"),
    "cli.note.edition": Text(zh="依版本", en="judged by the edition"),
    "cli.note.basis": Text(zh="依据", en="basis"),
    "cli.move.state": Text(zh="状态：{before} → {after}", en="state: {before} → {after}"),
    "cli.move.edition": Text(zh="版本：{before} → {after}", en="edition: {before} → {after}"),
    "cli.move.duties": Text(zh="受影响的义务：{count} 项", en="duties affected: {count}"),
    "cli.audit.reading": Text(
        zh="按登记中的另一种读法重判，并列出变化；可多次使用，如 I-2016-02=from_end",
        en="Judge again by another reading of the register and list what changes; may be repeated, e.g. I-2016-02=from_end",
    ),
    "cli.reading.head": Text(zh="按另一种读法：{readings}", en="by another reading: {readings}"),
    "cli.reading.same": Text(zh="没有结论因此改变", en="no verdict changes"),
    "cli.reading.days": Text(
        zh="另有 {count} 项只是日期不同，结论不变", en="of {count} more lines the day is another, the verdict the same"
    ),
    "cli.register": Text(
        zh="列出解释登记：谁签署、采用哪种读法、还有哪些读法",
        en="List the interpretation register: who signed, which reading counts, which others there are",
    ),
    "cli.register.process": Text(zh="流程（默认：全部）", en="The process (default: all)"),
    "cli.register.unsigned": Text(
        zh="{total} 项登记，{unsigned} 项尚未签署", en="{total} entries, {unsigned} not signed"
    ),
    "cli.register.status.adopted": Text(zh="已采用", en="adopted"),
    "cli.register.status.default": Text(zh="缺省", en="default"),
    "cli.register.status.not_in_text": Text(zh="条文没有写", en="not in the text"),
    "cli.register.no": Text(zh="未签署", en="unsigned"),
}

TEXTS = {**_FILES, **_ENGINE, **_SCREENS}

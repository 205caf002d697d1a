"""Texts about personal values and their erasure."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

TEXTS = {
    "ZX4080": Text(
        zh="这条事件记录的是删除个人信息，不能更正或撤回",
        en="this event records that personal values were erased; it is not corrected or withdrawn",
        fix_zh="已删除的内容无法恢复；确需重新填写的，另行更正原事件",
        fix_en="what was erased does not come back; to state it again, correct the event it belonged to",
    ),
    "ZX4081": Text(
        zh="“{field}”直接写在事件里，不能删除",
        en="'{field}' stands in the event itself and cannot be erased",
        fix_zh="只有标有 personal: true、且在标明之后写入的字段可以删除；事件本身从不改动",
        fix_en="only a field marked personal: true, written after it was so marked, can be erased; events never change",
    ),
    "cli.erase": Text(
        zh="依法删除事件中的个人信息；谁、何时、为何删除仍记录在案",
        en="Erase personal values of an event for good; who did it, when and why stays on record",
    ),
    "cli.erase.event": Text(zh="事件序号（见 zhengxie show）", en="The number of the event (see zhengxie show)"),
    "cli.erase.field": Text(
        zh="字段名，或事件内容中的 JSON 指针（如 /fields/name）",
        en="The name of the field, or a JSON pointer into the event's body (/fields/name)",
    ),
    "cli.erase.left": Text(
        zh="本案的以下事件中仍有相同的内容：", en="Other events of the case still hold the same value:"
    ),
    "cli.finding.projection": Text(
        zh="案件索引或期限与事件不符（zhengxie db rebuild 可重建）",
        en="the head or the deadlines are not what the events give (zhengxie db rebuild writes them anew)",
    ),
    "cli.db.rebuild": Text(
        zh="按事件重建与之不符的案件索引和期限", en="Write heads and deadlines anew where the events give others"
    ),
    "cli.db.rebuilt": Text(
        zh="数据库 {database}：重建了 {count} 个案件", en="the database {database}: rebuilt {count} cases"
    ),
    "cli.erased": Text(zh="已删除", en="erased"),
    "event.erased": Text(zh="删除个人信息", en="personal data erased"),
}

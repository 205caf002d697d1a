"""Texts of the storage errors, ZX5xxx."""

from __future__ import annotations

from typing import Final

from zhengxie_flow.i18n.catalogue import Text

TEXTS: Final[dict[str, Text]] = {
    "ZX5000": Text(
        zh="数据库 {database} 操作失败：{detail}",
        en="The database {database} failed: {detail}",
        fix_zh="请检查数据库及其所在磁盘；若重复出现，请附错误代码报告。",
        fix_en="Check the database and its disk; if it happens again, report it with this code.",
    ),
    "ZX5001": Text(
        zh="找不到数据库 {database}：{detail}",
        en="There is no database at {database}: {detail}",
        fix_zh="请检查路径；如需新建，请运行 zhengxie init 或 zhengxie db upgrade。",
        fix_en="Check the path; to make a new one run `zhengxie init` or `zhengxie db upgrade`.",
    ),
    "ZX5002": Text(
        zh="数据库 {database} 的结构版本是 {found}，本程序需要 {expected}。",
        en="The database {database} is at schema {found}, this program needs {expected}.",
        fix_zh="结构较旧或尚未建立：请运行 zhengxie db upgrade；结构较新：请升级本程序。",
        fix_en="If it is older or empty, run `zhengxie db upgrade`; if it is newer, upgrade this program.",
    ),
    "ZX5003": Text(
        zh="数据库 {database} 正被占用：{detail}",
        en="The database {database} is locked: {detail}",
        fix_zh="请等另一个写入结束后重试；本次没有写入任何内容。",
        fix_en="Try again when the other writer has finished; nothing was written.",
    ),
    "ZX5004": Text(
        zh="数据库 {database} 只读，不能写入：{detail}",
        en="The database {database} is read-only: {detail}",
        fix_zh="请取得文件及其所在文件夹的写权限，或使用只读命令（show、list、due、audit、verify）。",
        fix_en="Get write permission for the file and its folder, or use a command that only reads.",
    ),
    "ZX5005": Text(
        zh="{database} 不是可用的数据库，或已损坏：{detail}",
        en="{database} is not a usable database, or it is damaged: {detail}",
        fix_zh="请检查路径是否正确；若文件已损坏，请从备份恢复。",
        fix_en="Check the path; if the file is damaged, restore it from a backup.",
    ),
    "ZX5006": Text(
        zh="数据库 {database} 无法写入磁盘：{detail}",
        en="The database {database} could not be written to disk: {detail}",
        fix_zh="请检查磁盘空间与磁盘状态后重试；本次没有写入任何内容。",
        fix_en="Check the free space and health of the disk, then try again; nothing was written.",
    ),
    "ZX5007": Text(
        zh="事项编号不可用：长度 {length}，应为 1 至 {limit} 个字符且不含控制字符。",
        en="The case id has {length} characters; it takes 1 to {limit}, none of them a control character.",
        fix_zh="请使用较短的编号，例如文号。",
        fix_en="Use a shorter id, for example the number of the document.",
    ),
    "ZX5008": Text(
        zh="流程 {process} 的定义标识 {hash} 与其内容的哈希 {computed} 不符。",
        en="The definition of {process} is called {hash}, but its content hashes to {computed}.",
        fix_zh="请重新编译该定义后再试。",
        fix_en="Compile the definition again.",
    ),
    "ZX5009": Text(
        zh="该事件无法保存：{why}",
        en="The event cannot be kept: {why}",
        fix_zh="只使用文本、整数、真假值、日期、列表和对象；小数请写成文本；时刻须带时区。",
        fix_en="Use text, integers, booleans, dates, lists, mappings; decimals as text, times with offset.",
    ),
    "ZX5010": Text(
        zh="不能使用哈希算法 {algorithm}[[（可选：{known}）]]。",
        en="The hash algorithm {algorithm} cannot be used (possible: {known}).",
        fix_zh="请改用 sha256；使用 sm3 需要 OpenSSL 支持国密 SM3。",
        fix_en="Use sha256; sm3 needs an OpenSSL built with SM3.",
    ),
    "ZX5011": Text(
        zh="不能使用数据库地址 {database}：{detail}",
        en="The database address {database} cannot be used: {detail}",
        fix_zh="请给出文件路径、sqlite:///路径 或 postgresql://主机/库名（需安装 psycopg）。",
        fix_en="Give a file path, sqlite:///PATH or postgresql://HOST/NAME (needs the package psycopg).",
    ),
    "ZX5012": Text(
        zh="事项已被他人更新：预期版本 {expected}，现为 {found}。",
        en="Somebody else has changed the case: version {expected} was expected, it is now {found}.",
        fix_zh="请重新查看该事项（zhengxie show），确认后再试。",
        fix_en="Look at the case again (`zhengxie show`), then repeat what still applies.",
    ),
    "ZX5013": Text(
        zh="幂等键 {key} 已用于本事项的另一个事件。",
        en="The idempotency key {key} already belongs to another event of the case.",
        fix_zh="请换一个键；若是重复提交，则无需再次提交。",
        fix_en="Use another key; if this is a repetition, there is nothing left to do.",
    ),
    "ZX5014": Text(
        zh="无法连接数据库 {database}：{detail}",
        en="The database {database} cannot be reached: {detail}",
        fix_zh="请检查主机、端口、用户名、密码以及数据库服务是否运行。",
        fix_en="Check host, port, user and password, and that the server is running.",
    ),
    "ZX5016": Text(
        zh="数据库 {database} 已在本程序中关闭。",
        en="The journal {database} was closed by this program.",
        fix_zh="请重新打开后再使用。",
        fix_en="Open it again before using it.",
    ),
    "ZX5017": Text(
        zh="程序内部的写入请求前后不一致：{why}",
        en="The program asked for a write that does not fit: {why}",
        fix_zh="这是程序缺陷，请附错误代码报告；没有写入任何内容。",
        fix_en="This is a fault of the program; report it with this code. Nothing was written.",
    ),
    "ZX5018": Text(
        zh="不能打开数据库 {database}：{detail}",
        en="The database {database} cannot be opened: {detail}",
        fix_zh="请检查权限以及该路径是否为文件；复制数据库时须同时复制 -wal 文件。",
        fix_en="Check the permissions and that it is a file; a copy of a database needs its -wal file too.",
    ),
    "ZX5019": Text(
        zh="表 {table} 中有无法读取的数据：{detail}",
        en="The table {table} holds something unreadable: {detail}",
        fix_zh="数据库被其他程序改动过：请运行 zhengxie verify，必要时从备份恢复。",
        fix_en="Another program changed the database: run `zhengxie verify` and restore a backup if needed.",
    ),
    "ZX5020": Text(
        zh="该事件没有可删除的个人信息 {field}。",
        en="The event holds no personal value at {field} that could be erased.",
        fix_zh="请检查事件序号与字段；已删除的信息不能再次删除。",
        fix_en="Check the event's number and the field; what was erased cannot be erased again.",
    ),
    "ZX5021": Text(
        zh="事件的结构版本是 {schema}，本程序不认识。",
        en="The event has schema {schema}, which this program does not know.",
        fix_zh="该事件由更新的版本写入：请升级本程序。",
        fix_en="A newer version wrote the event: upgrade this program.",
    ),
    "ZX5022": Text(
        zh="数据库 {database} 由更新的版本写入（结构版本 {found}），至少需要 {least} 版，本程序是 {version} 版。",
        en="A newer version of the program wrote the database {database} (schema {found}). It needs at least version "
        "{least}; this is {version}.",
        fix_zh="请升级本程序。数据没有损坏，不需要恢复备份。",
        fix_en="Upgrade this program. Nothing is damaged, and no backup is needed.",
    ),
    "ZX5023": Text(
        zh="数据库 {database} 标明结构版本为 {revision}，但缺少：{missing}。",
        en="The database {database} says it is at schema {revision}, and lacks: {missing}.",
        fix_zh="结构升级或复制未完成，或被其他程序改动过：请恢复完整的数据库（含触发器）；只缺触发器时，只读命令（audit、verify 等）仍可使用。",
        fix_en="It was migrated or copied in part, or changed by another program: bring back the whole of it, triggers too; where only triggers are missing, commands that only read (audit, verify) still work.",
    ),
    "ZX5900": Text(
        zh="事件记录已被改动，无法读取：{why}",
        en="The journal was changed behind the engine's back; the event cannot be read: {why}",
        fix_zh="请运行 zhengxie verify 查明首处改动，并从备份恢复。",
        fix_en="Run `zhengxie verify` to find the first change and restore a backup.",
    ),
    "ZX5901": Text(
        zh="事件记录已被改动：这里缺少一个事件，或者次序不对。",
        en="The journal was changed behind the engine's back: an event is missing here, or stands elsewhere.",
        fix_zh="请运行 zhengxie verify 查明首处改动，并从备份恢复。",
        fix_en="Run `zhengxie verify` to find the first change and restore a backup.",
    ),
    "ZX5902": Text(
        zh="事件记录已被改动：登记的版本是 {version}，事件到第 {found} 个为止，两者对不上。",
        en="The journal was changed behind the engine's back: its head is at version {version}, its events end at "
        "{found}, and the two do not fit.",
        fix_zh="请运行 zhengxie verify 查明首处改动，并从备份恢复；没有写入任何内容。",
        fix_en="Run `zhengxie verify` to find the first change and restore a backup; nothing was written.",
    ),
    "ZX5904": Text(
        zh="事件的内容与其种类不符：{why}",
        en="The body of the event does not fit its kind: {why}",
        fix_zh="该事件不是本程序写入的。请运行 zhengxie verify 查明涉及哪些事项，并从备份恢复。",
        fix_en="This program did not write the event. Run `zhengxie verify` to see which cases are concerned, and restore "
        "a backup.",
    ),
    "ZX5905": Text(
        zh="事件在 {place} 处写有“{name}”，而该事项所依据的定义中没有。",
        en="At {place} the event says {name}, which the definition of its case does not have.",
        fix_zh="该事件不是本程序写入的。请运行 zhengxie verify 查明涉及哪些事项，并从备份恢复。",
        fix_en="This program did not write the event. Run `zhengxie verify` to see which cases are concerned, and restore "
        "a backup.",
    ),
    "ZX5903": Text(
        zh="保存的定义 {process} 已被改动：标识为 {hash}，内容的哈希却是 {computed}。",
        en="The kept definition of {process} was changed: it is called {hash}, but its content hashes to {computed}.",
        fix_zh="请运行 zhengxie verify 查看涉及哪些事项，并从备份恢复。",
        fix_en="Run `zhengxie verify` to see which cases rest on it and restore a backup.",
    ),
}

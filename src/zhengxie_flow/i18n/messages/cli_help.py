"""Help of the command line: every command (``cli.<command>``) and option (``cli.option.<name>``, or the command's own)."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

TEXTS = {
    "cli.program": Text(
        zh="依照以 YAML 写成的法律程序办理案件，并按工作日期限作出审计结论。\n\n"
        "退出码：0 完成；1 结论为否（检查或场景未过、有达到 --fail-on 的结论、办理被拒、链条断裂）；2 用法有误；"
        "3 输入不可读；4 未找到；5 冲突；6 存储；70 内部错误；130 中断。",
        en="Run legal procedures written as YAML, and audit them against working-day deadlines.\n\n"
        "Exit codes: 0 done; 1 the answer is no (a check or scenario failed, a verdict at or above --fail-on, an act refused, "
        "a broken chain); 2 usage; 3 unreadable input; 4 not found; 5 conflict; 6 storage; 70 internal error; 130 interrupted.",
    ),
    "cli.option.project": Text(
        zh="项目文件夹（默认：ZHENGXIE_PROJECT，否则为向上最近的 zhengxie.toml 所在处，再否则为随附的吉林文件）",
        en="The project folder (default: ZHENGXIE_PROJECT, else where the nearest zhengxie.toml lies upwards, else the packaged "
        "Jilin files)",
    ),
    "cli.option.db": Text(
        zh="数据库：SQLite 文件的路径，或 SQLAlchemy URL",
        en="The database: the path of an SQLite file, or an SQLAlchemy URL",
    ),
    "cli.option.lang": Text(
        zh="提示与结果的语言（默认：ZHENGXIE_LANG，否则按系统语言）",
        en="The language of messages and results (default: ZHENGXIE_LANG, else the locale)",
    ),
    "cli.option.format": Text(
        zh="text 供人阅读；json 在标准输出给出一个 JSON 文档",
        en="text for people; json gives one JSON document on standard output",
    ),
    "cli.option.version": Text(zh="显示版本并退出", en="Show the version and exit"),
    "cli.help.usage": Text(zh="用法:", en="Usage:"),
    "cli.help.arguments": Text(zh="参数", en="Arguments"),
    "cli.help.options": Text(zh="选项", en="Options"),
    "cli.help.commands": Text(zh="命令", en="Commands"),
    "cli.help.required": Text(zh="[必填]", en="[required]"),
    "cli.option.help": Text(zh="显示本说明并退出", en="Show this message and exit."),
    "cli.option.case": Text(zh="案件编号", en="The id of the case"),
    "cli.option.cases": Text(zh="案件编号（默认：全部）", en="The ids of cases (default: all)"),
    "cli.option.action": Text(zh="动作编号", en="The id of the action"),
    "cli.option.by": Text(zh="办理者的角色", en="The role that acts"),
    "cli.option.for_": Text(zh="针对的对象（编号）", en="The item it is about"),
    "cli.option.with_": Text(zh="字段的值，可重复", en="The value of a field; may be repeated"),
    "cli.option.evidence": Text(
        zh="证据文件，记下文件名和 SHA-256，可重复",
        en="A file of evidence, kept by its name and SHA-256; may be repeated",
    ),
    "cli.option.actor": Text(zh="角色背后的人或机构", en="The person or body behind the role"),
    "cli.option.key": Text(
        zh="幂等键：同一命令重发时不再写入", en="An idempotency key: the same command sent again writes nothing more"
    ),
    "cli.option.expect_version": Text(
        zh="案件应处的版本，不符则报冲突", en="The version the case must be at, else it is a conflict"
    ),
    "cli.option.dry_run": Text(zh="只显示会写入什么，不写入", en="Show what would be written and write nothing"),
    "cli.option.at": Text(
        zh="发生的日期，或带时区的时刻（默认：现在）",
        en="The day it happened, or an instant with its offset (default: now)",
    ),
    "cli.option.reason": Text(zh="理由", en="The reason"),
    "cli.option.as_of": Text(
        zh="只用这一天之前公布的通知（默认：全部）", en="With the notices published by that day (default: all of them)"
    ),
    "cli.audit.as_of": Text(zh="截至哪一天（默认：今天）", en="The day to judge as of (default: today)"),
    "cli.option.paths": Text(zh="文件或文件夹（默认：整个项目）", en="Files or folders (default: the whole project)"),
    "cli.init": Text(
        zh="建立项目文件夹：设置、程序、规则和空数据库",
        en="Make a project folder: settings, processes, rules and an empty database",
    ),
    "cli.init.folder": Text(zh="新建或空的文件夹", en="A folder that is new or empty"),
    "cli.init.empty": Text(
        zh="不带随附的流程和规则，从头编写自己的法规",
        en="Without the packaged processes and rules, to write a statute of one's own",
    ),
    "cli.db": Text(zh="数据库的结构", en="The schema of the database"),
    "cli.db.upgrade": Text(zh="建立数据库，或升级到最新结构", en="Make the database, or bring it to the newest schema"),
    "cli.db.current": Text(zh="显示数据库的结构版本", en="Show which schema the database is at"),
    "cli.db.checkpoint": Text(
        zh="为全部案件的现状立一个检查点；把它的哈希另行保存，日后用 verify --root 核对",
        en="Keep where every case stands, under one hash; written down elsewhere, verify --root holds the journal to it",
    ),
    "cli.db.checkpointed": Text(
        zh="{taken} 的检查点，{count} 个案件：{root}", en="checkpoint of {taken}, {count} cases: {root}"
    ),
    "cli.db.name": Text(zh="数据库", en="the database"),
    "cli.finding.checkpoint": Text(zh="与检查点不符", en="not as it was at the checkpoint"),
    "cli.verify.root": Text(
        zh="必须有这个检查点（db checkpoint 给出的哈希）",
        en="There must be the checkpoint of this hash (see db checkpoint)",
    ),
    "cli.check": Text(
        zh="检查程序和规则，一次报告全部问题", en="Check processes and rules, and report every problem at once"
    ),
    "cli.test": Text(zh="运行场景", en="Run scenarios"),
    "cli.open": Text(zh="开启案件", en="Open a case"),
    "cli.open.process": Text(
        zh="程序编号，如 jilin/consultation", en="The id of the process, such as jilin/consultation"
    ),
    "cli.open.case": Text(zh="新案件的编号", en="The id of the new case"),
    "cli.open.set_": Text(zh="已知的事实，可重复", en="A fact that is known; may be repeated"),
    "cli.open.at": Text(
        zh="开启的日期，或带时区的时刻（默认：现在）",
        en="The day it opened, or an instant with its offset (default: now)",
    ),
    "cli.advance": Text(
        zh="现在办理一个动作；角色、状态和全部要件都满足才予办理",
        en="Do an action now; refused unless role, state and every requirement allow it",
    ),
    "cli.record": Text(
        zh="照实记录已发生的动作；记录后再作判断", en="Tell what happened at a past time; it is judged afterwards"
    ),
    "cli.record.at": Text(zh="发生的日期，或带时区的时刻", en="The day it happened, or an instant with its offset"),
    "cli.determine": Text(zh="由人认定事实，附理由", en="A person asserts facts, with a reason"),
    "cli.determine.facts": Text(zh="事实=值，可有多个", en="Facts as FACT=VALUE, one or more"),
    "cli.determine.basis": Text(zh="依据的文件", en="The authority it rests on"),
    "cli.plan": Text(zh="为尚未发生的动作定日期", en="Set a date for an action that has not happened"),
    "cli.plan.to": Text(zh="计划的日期", en="The day it is planned for"),
    "cli.plan.at": Text(zh="作出计划的日期（默认：现在）", en="The day it was planned (default: now)"),
    "cli.explain": Text(zh="说明偏离某项义务的理由", en="Record why a duty is departed from"),
    "cli.explain.obligation": Text(zh="义务编号", en="The id of the obligation"),
    "cli.explain.public": Text(zh="理由已公开", en="The reason was made public"),
    "cli.correct": Text(
        zh="更正较早的事件：撤回，或改字段；原事件保留在案",
        en="Correct an earlier event: withdraw it or change its fields; the original stays on record",
    ),
    "cli.correct.event": Text(zh="事件序号（见 zhengxie show）", en="The number of the event (see zhengxie show)"),
    "cli.correct.retract": Text(zh="撤回该事件", en="Withdraw the event"),
    "cli.correct.with_": Text(
        zh="字段的新值，at、by、for 也可改，可重复", en="The new value of a field, or of at, by or for; may be repeated"
    ),
    "cli.correct.by": Text(zh="更正者的角色", en="The role that corrects"),
    "cli.show": Text(
        zh="显示一个案件：状态、事实、对象、现在能办什么、事件和期限",
        en="Show one case: state, facts, items, what is possible now, events and deadlines",
    ),
    "cli.exemptions": Text(
        zh="按年列出批准的豁免：情形、判定，以及占当年立案数的比例",
        en="List the exemptions granted by year: grounds, verdicts, and their rate among the matters of the year",
    ),
    "cli.exemptions.year": Text(zh="只列这一年", en="This year alone"),
    "cli.list": Text(zh="列出全部案件", en="List all cases"),
    "cli.due": Text(zh="列出未了的期限", en="List the open deadlines"),
    "cli.due.until": Text(zh="只列到这一天的", en="Only those up to this day"),
    "cli.schedule": Text(
        zh="由已定的日期推出一个程序的全部合法日期",
        en="Give every lawful date of a process from the days that are set",
    ),
    "cli.schedule.process": Text(zh="程序编号", en="The id of the process"),
    "cli.schedule.plan": Text(
        zh="某个行为定在某天，可重复，例如 hold=2026-12-25",
        en="An act set on a day, such as hold=2026-12-25; may be repeated",
    ),
    "cli.schedule.today": Text(
        zh="未定的行为不早于这一天（today：今天；默认：不限）",
        en="No other act can lie before this day (today: the present day; default: no bound)",
    ),
    "cli.due.ics": Text(
        zh="另存为日历程序可导入的 .ics 文件（- 为标准输出）；再次导入是更新，不会重复",
        en="Also write them as an .ics file for calendar programs (- for standard output); importing a later one updates, and "
        "doubles nothing",
    ),
    "cli.audit": Text(zh="审计：每项义务的结论", en="Audit: the verdict on every duty"),
    "cli.audit.known_at": Text(
        zh="按何时所知（时刻，或一天之末；默认：现在）",
        en="By what was known at an instant, or at the end of a day (default: now)",
    ),
    "cli.audit.fail_on": Text(
        zh="有这样或更重的结论时退出码为 1（never：从不）",
        en="Exit with 1 on such a verdict or a worse one (never: do not)",
    ),
    "cli.audit.verbose": Text(zh="显示每个案件的全部结论", en="Show every verdict of every case"),
    "cli.audit.working": Text(zh="显示逐日的计数", en="Show the counted days"),
    "cli.verify": Text(zh="核对全部案件的哈希链", en="Check the hash chain of every case"),
    "cli.import": Text(
        zh="导入文件里的案件，全有或全无；重复导入不改变任何内容",
        en="Record the cases of files, all or nothing; doing it again changes nothing",
    ),
    "cli.import.file": Text(
        zh="要导入的文件（.yaml；.jsonl 一行一个 JSON 对象），可多个",
        en="The files (.yaml, or .jsonl with one JSON object a line)",
    ),
    "cli.calendar": Text(zh="工作日历", en="The working-day calendar"),
    "cli.calendar.day": Text(zh="某天是否工作日，为什么", en="Whether a day is worked, and why"),
    "cli.calendar.day.on": Text(zh="日期", en="The day"),
    "cli.calendar.add": Text(zh="某天之后第 N 个工作日", en="The N-th working day after a day"),
    "cli.calendar.add.start": Text(zh="起算日（不计入）", en="The day counted from (itself not counted)"),
    "cli.calendar.add.n": Text(zh="工作日数", en="How many working days"),
    "cli.calendar.before": Text(
        zh="某天之前第 N 个工作日，即最迟合法日", en="The latest lawful day of an act due N working days before a day"
    ),
    "cli.calendar.before.event": Text(zh="事件日（不计入）", en="The day of the event (itself not counted)"),
    "cli.calendar.before.n": Text(zh="工作日数", en="How many working days"),
    "cli.calendar.before.clear_days": Text(
        zh="中间须有 N 个整工作日，即再早一日", en="N full working days must lie between, so one day earlier"
    ),
    "cli.calendar.count": Text(
        zh="两天之间（含两端）有几个工作日", en="How many working days lie between two days, both included"
    ),
    "cli.calendar.count.first": Text(zh="第一天", en="The first day"),
    "cli.calendar.count.last": Text(zh="最后一天", en="The last day"),
    "cli.calendar.import": Text(
        zh="把放假通知收入项目：离线核对，全有或全无；随后重算未了的期限，每个变动的期限记一个事件",
        en="Take a notice into the project: checked offline, all or nothing; then count open deadlines again, with an event "
        "for each that moves",
    ),
    "cli.calendar.import.file": Text(
        zh="通知文件（.yaml，一份通知，或 notices: 下多份）",
        en="The file (.yaml; one notice, or several under notices:)",
    ),
    "cli.calendar.doctor": Text(
        zh="逐日核对日历与已安装的库，并看下一年的通知是否该有了；不符或 12 月 1 日后仍缺，退出码为 1",
        en="Compare the calendar day by day with the libraries installed, and see whether the next notice should be here; exit "
        "with 1 on a disagreement, or when next year is missing after 1 December",
    ),
    "cli.calendar.diff": Text(
        zh="两个日期所知的日历之间有哪些天不同", en="Which days differ between what was known on two days"
    ),
    "cli.calendar.diff.old": Text(zh="较早的日期", en="The earlier day"),
    "cli.calendar.diff.new": Text(zh="较晚的日期", en="The later day"),
    "cli.option.calendar": Text(zh="历法名称（cn，或国家代码）", en="The calendar (cn, or a country code)"),
    "cli.rules": Text(
        zh="裁量规则：说明、提问、证明、比较、读出", en="The rules: explain, ask, prove, compare, read back"
    ),
    "cli.rules.explain": Text(
        zh="说明裁量事项如何得出、为什么：就一个案件，或就 --facts 所给的事实",
        en="Say how decisions stand and why: over a case, or over the facts given with --facts",
    ),
    "cli.rules.ask": Text(zh="下一步最该查明什么", en="Say what is most useful to find out next"),
    "cli.rules.prove": Text(
        zh="证明规则没有漏洞和矛盾，或给出有问题的情形；有一项未证明时退出码为 1",
        en="Prove that the rules have no gap and no contradiction, or show a case; exits with 1 unless all is proved",
    ),
    "cli.rules.diff": Text(
        zh="两套规则有何不同：逐项给出结果改变的情形，或证明没有；有不同时退出码为 1",
        en="Compare two sets of rules: a case that is decided otherwise, or the proof that there is none; exits with 1 on a change",
    ),
    "cli.rules.readback": Text(
        zh="把每条规则读成一句话，供核准", en="Read every rule back as a plain sentence, for approval"
    ),
    "cli.option.facts": Text(zh="事实=值，可重复", en="A fact as FACT=VALUE; may be repeated"),
    "cli.option.decision": Text(
        zh="裁量事项的编号，或规则文件的路径", en="The id of a decision, or the path of a file of rules"
    ),
    "cli.option.branches": Text(zh="每项至多探查多少分支", en="How many branches to explore for each claim"),
    "cli.rules.explain.case": Text(zh="案件编号", en="The id of the case"),
    "cli.rules.ask.case": Text(zh="案件编号", en="The id of the case"),
    "cli.rules.diff.old": Text(
        zh="原来的规则：文件、文件夹或项目", en="The rules as they were: a file, a folder or a project"
    ),
    "cli.rules.diff.new": Text(
        zh="新的规则：文件、文件夹或项目", en="The rules as they will be: a file, a folder or a project"
    ),
    "cli.rules.diff.cases": Text(zh="列出受影响的未结案件", en="List the open cases that are decided otherwise"),
}

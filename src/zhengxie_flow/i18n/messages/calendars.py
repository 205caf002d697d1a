"""Texts of the calendar: faults ZX2xxx, why a day is worked or not, names of festivals and units."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

TEXTS = {
    "ZX2000": Text(
        zh="日历无法回答这个问题",
        en="the calendar cannot answer this",
        fix_zh="请核对日期、天数和历法名称",
        fix_en="check the days, the amount and the name of the calendar",
    ),
    "ZX2001": Text(
        zh="时刻 {given} 没有时区",
        en="the instant {given} has no time zone",
        fix_zh="请写明时区，例如 2026-08-10T10:00:00+08:00，或只写日期",
        fix_en="give the zone, as in 2026-08-10T10:00:00+08:00, or give a date alone",
    ),
    "ZX2002": Text(
        zh="此处要的是日期，得到的是时刻 {given}",
        en="a civil day is wanted here, and {given} is an instant",
        fix_zh="先按时区和办公时间换算成日期（deemed_day）",
        fix_en="turn it into a day by zone and office hours first (deemed_day)",
    ),
    "ZX2003": Text(
        zh="{given} 不是日期",
        en="{given} is not a civil day",
        fix_zh="请写成 2026-08-31 这样的日期",
        fix_en="write a date such as 2026-08-31",
    ),
    "ZX2004": Text(
        zh="期间不能为零",
        en="a limit of nought units has no meaning",
        fix_zh="请给出不小于 1 的数；当日完成的事项不是期间",
        fix_en="give 1 or more; what is due on the very day is not a period",
    ),
    "ZX2005": Text(
        zh="{given} 不是整数",
        en="{given} is not a whole number",
        fix_zh="期间只按整数的单位计算",
        fix_en="periods are counted in whole units",
    ),
    "ZX2006": Text(
        zh="期间不能为负数（{given}）",
        en="a limit cannot be negative ({given})",
        fix_zh="倒算请用 before，不要用负数",
        fix_en="to count backwards use before, not a negative amount",
    ),
    "ZX2007": Text(
        zh="起日 {first} 晚于止日 {last}",
        en="the range begins on {first}, after its end {last}",
        fix_zh="请把两个日期对调",
        fix_en="swap the two days",
    ),
    "ZX2008": Text(
        zh="{day} 或由它推算的日期不在历法数据之内（{first} 至 {last}）",
        en="{day}, or the day counted from it, lies outside the calendar's data ({first} to {last})",
        fix_zh="请核对日期；更晚的年份要等放假通知公布并导入",
        fix_en="check the day; later years need their holiday notice to be published and imported",
    ),
    "ZX2009": Text(
        zh="农历节日表中没有 {year} 年的 {festival}",
        en="the table of lunar dates has no {festival} in {year}",
        fix_zh="请在 lunar.yaml 中补上该年",
        fix_en="add the year to lunar.yaml",
    ),
    "ZX2010": Text(
        zh="在 {as_of} 时，{calendar} 尚无任何数据（最早为 {first}）",
        en="on {as_of} nothing was known yet about the calendar {calendar}, which begins on {first}",
        fix_zh="请用较晚的截止日",
        fix_en="ask as of a later day",
    ),
    "ZX2011": Text(
        zh="不认识的单位 {given}",
        en="{given} is not a unit of a limit in days",
        fix_zh="可用：working_day、calendar_day、month、year；小时用 add_hours",
        fix_en="use working_day, calendar_day, month or year; hours are counted with add_hours",
    ),
    "ZX2012": Text(
        zh="不认识的倒算口径 {given}",
        en="{given} is not a way of counting",
        fix_zh="可用：event_excluded、clear_days",
        fix_en="use event_excluded or clear_days",
    ),
    "ZX2013": Text(
        zh="批量计算需要 numpy，本机没有安装",
        en="counting whole arrays needs numpy, which is not installed",
        fix_zh="请安装 numpy，或逐个用 add",
        fix_en="install numpy, or use add for single days",
    ),
    "ZX2014": Text(
        zh="{day} 有两个办公截止时间：{first} 和 {second}",
        en="two closing times hold on {day}: {first} and {second}",
        fix_zh="请让两者的有效日期不重叠",
        fix_en="keep their dates of validity apart",
    ),
    "ZX2015": Text(
        zh="没有名为 {calendar} 的历法数据",
        en="there is no data for a calendar called {calendar}",
        fix_zh="中国用 cn；其他国家用两位代码，例如 NL",
        fix_en="use cn for China, a two-letter code such as NL for another country",
    ),
    "ZX2016": Text(
        zh="没有名为 {layer} 的地方日历",
        en="there is no local calendar called {layer}",
        fix_zh="地方日历放在 rules/calendars/local/ 下，文件名即其名",
        fix_en="local calendars lie in rules/calendars/local/, the file's name is theirs",
    ),
    "ZX2017": Text(
        zh="地方日历只能加在 cn 之上，不能加在 {calendar} 上",
        en="local calendars go on top of cn only, not of {calendar}",
        fix_zh="去掉地方日历，或改用 cn",
        fix_en="leave the local calendar out, or use cn",
    ),
    "ZX2018": Text(
        zh="holidays 库没有 {country} {subdivision} 的历法",
        en="the library holidays has no calendar for {country} {subdivision}",
        fix_zh="请用 ISO 3166 国家代码和地区代码",
        fix_en="use the ISO 3166 code of a country and of a subdivision",
    ),
    "ZX2019": Text(
        zh="{country} 的历法需要 holidays 库，本机没有安装",
        en="the calendar of {country} needs the library holidays, which is not installed",
        fix_zh="请安装 holidays",
        fix_en="install holidays",
    ),
    "ZX2020": Text(
        zh="{given} 不是日期，也不是一段日期",
        en="{given} is neither a day nor a run of days",
        fix_zh="请写成 2026-10-01 或 2026-10-01/2026-10-07",
        fix_en="write 2026-10-01 or 2026-10-01/2026-10-07",
    ),
    "ZX2021": Text(
        zh="{given} 的起止颠倒，或超过 {most} 天",
        en="{given} runs backwards, or for more than {most} days",
        fix_zh="请核对起止日期",
        fix_en="check both ends",
    ),
    "ZX2022": Text(
        zh="{given} 不是法定节假日的写法",
        en="{given} is not a way to write a statutory day",
        fix_zh="请写成 10-01，或 spring_festival+1",
        fix_en="write 10-01, or spring_festival+1",
    ),
    "ZX2023": Text(
        zh="{given} 不是带时区的时刻",
        en="{given} is not an instant with a time zone",
        fix_zh="请写成 2026-11-04T10:00:00+08:00",
        fix_en="write 2026-11-04T10:00:00+08:00",
    ),
    "ZX2024": Text(
        zh="通知 {notice} 没有公布日期",
        en="the notice {notice} has no date of publication",
        fix_zh="请写明 published；没有它就无法判断当时是否已知",
        fix_en="give published: without it nobody can tell what was known when",
    ),
    "calendar.reason.working_week": Text(zh="平日", en="ordinary working day"),
    "calendar.reason.calendar_day": Text(zh="自然日", en="calendar day"),
    "calendar.reason.weekend": Text(zh="周末", en="weekend"),
    "calendar.reason.holiday": Text(zh="放假（{instrument}）", en="day off ({instrument})"),
    "calendar.reason.make_up": Text(zh="调休上班（{instrument}）", en="make-up working day ({instrument})"),
    "calendar.reason.cleared": Text(
        zh="取消调休上班（{instrument}）", en="make-up working day taken back ({instrument})"
    ),
    "calendar.reason.statutory": Text(
        zh="法定节假日（{instrument}，尚无当年通知）", en="statutory day off ({instrument}; no notice for the year yet)"
    ),
    "calendar.reason.in_lieu": Text(
        zh="法定节假日逢周末补假（{instrument}，尚无当年通知）",
        en="day off in lieu of a statutory day on a weekend ({instrument}; no notice for the year yet)",
    ),
    "calendar.reason.public_holiday": Text(zh="公共假日（{instrument}）", en="public holiday ({instrument})"),
    "calendar.reason.public_make_up": Text(zh="补班（{instrument}）", en="working day by decree ({instrument})"),
    "calendar.reason.local_holiday": Text(zh="地方放假（{instrument}）", en="local day off ({instrument})"),
    "calendar.reason.local_make_up": Text(
        zh="地方调休上班（{instrument}）", en="local make-up working day ({instrument})"
    ),
    "calendar.festival.new_year": Text(zh="元旦", en="New Year"),
    "calendar.festival.spring_festival": Text(zh="春节", en="Spring Festival"),
    "calendar.festival.qingming": Text(zh="清明节", en="Qingming Festival"),
    "calendar.festival.labour_day": Text(zh="劳动节", en="Labour Day"),
    "calendar.festival.dragon_boat": Text(zh="端午节", en="Dragon Boat Festival"),
    "calendar.festival.mid_autumn": Text(zh="中秋节", en="Mid-Autumn Festival"),
    "calendar.festival.national_day": Text(zh="国庆节", en="National Day"),
    "calendar.status.firm": Text(zh="确定", en="firm"),
    "calendar.status.provisional": Text(zh="暂定", en="provisional"),
    "calendar.unit.working_day": Text(zh="工作日", en="working days"),
    "calendar.unit.calendar_day": Text(zh="自然日", en="calendar days"),
    "calendar.unit.month": Text(zh="个月", en="months"),
    "calendar.unit.year": Text(zh="年", en="years"),
    "calendar.unit.hour": Text(zh="小时", en="hours"),
}

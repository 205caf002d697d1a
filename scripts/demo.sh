#!/bin/sh
# 演示：把虚构城市「青禾市」一年的协商事项导入并审计。The main job: a fictional city's year, imported and audited.
# Needs only `zhengxie` on the PATH.  Makes demo-project/ (or the folder given) afresh; the clock is fixed, so that every
# run shows the same.  The language is that of ZHENGXIE_LANG, else of the locale.
set -eu
cd "$(dirname "$0")/.."

project=${1:-demo-project}
as_of=2026-11-22
export ZHENGXIE_CLOCK="${as_of}T09:00:00+08:00"
unset ZHENGXIE_DB ZHENGXIE_PROJECT

heading() {
	printf '\n=== %s\n=== %s\n' "$1" "$2"
}

run() {
	printf '$ zhengxie %s\n' "$*"
	zhengxie "$@"
}

import_all() {
	printf '$ zhengxie import examples/qinghe/*.yaml\n'
	zhengxie import examples/qinghe/*.yaml
}

# 输出太长的只列一部分，见其后的筛选。Of a long output a part is shown, which the filter after it picks.
excerpt() {
	printf '$ zhengxie %s   # 节选 / excerpt\n' "$*"
	shown=$(zhengxie "$@")
}

part() {
	printf '%s\n' "$shown" | "$@"
}

# 几项义务的逐日计算。The counted days of some duties.
counted() {
	awk -v wanted="$1" '/^  [^ ]/ { on = ($1 ~ "^(" wanted ")") } on'
}

heading '一、新建项目和数据库' '1. A new project with its database'
if [ -e "$project" ]; then
	if [ ! -f "$project/zhengxie.toml" ]; then
		printf '%s: 不是本演示建的，未改动 / not made by this demo, left alone\n' "$project" >&2
		exit 2
	fi
	rm -rf "$project"
fi
run init "$project"
export ZHENGXIE_PROJECT="$project"
run db upgrade

heading '二、导入全年的案件：十七件事项、七个子案件、目录、督办、建议提案' \
	'2. Import the year: seventeen matters, seven subcases, the catalogue, the supervision, the suggestions'
import_all

heading '三、再导入一次：什么都不变' '3. Import them again: nothing changes'
import_all

heading '四、案件一览' '4. The cases'
run list

heading "五、截至 ${as_of} 的审计，一件一行" "5. The audit as of ${as_of}, one line a case"
run audit --as-of "$as_of" --fail-on never

heading '六、全年的目录（QH-C）和督办（QH-S）：不合规的、下一步的，名下的事项' \
	'6. The catalogue (QH-C) and the supervision (QH-S) of the year: what is not in order, what is next, the matters under them'
run audit QH-C QH-S --verbose --as-of "$as_of" --fail-on never

heading '七、其中一件（QH-04）和它的听证（QH-04-H）：不合规的、下一步的' \
	'7. One matter (QH-04) and its hearing (QH-04-H): what is not in order, and what is next'
run audit QH-04 --as-of "$as_of" --fail-on never

heading '八、最迟为什么是2月5日、2月25日：逐日计算' '8. Why 5 and 25 February were the last days: the counted days'
excerpt audit QH-04 --as-of "$as_of" --working --fail-on never
part counted 'a7.2.notice.elderly|a9.h.materials.rider_b'

heading '九、参照执行的县（QH-X3）：通知依本县文件，文件仍依办法' \
	'9. A county that follows by reference (QH-X3): notice by its own document, documents by the measure'
excerpt audit QH-X3 --as-of "$as_of" --all --working --fail-on never
part counted 'a7.2.notice|a7.2.documents.villages'

heading '十、换一种读法：报告的五日也从协商结束起算' '10. By another reading: the five days for the report run from the end, too'
run audit QH-06 QH-10 QH-11 --as-of "$as_of" --reading I-2016-02=from_end --fail-on never

heading '十一、第十四条：批准了哪些不经协商' '11. Article 14: the exemptions granted'
run exemptions

heading '十二、到 2027-01-31 为止的期限' '12. The deadlines until 2027-01-31'
run due --until 2027-01-31

heading '十三、办法逐条：该做什么，多少情景试过' '13. The measure clause by clause: what is owed, and how many scenarios try it'
excerpt coverage
part awk '/^[^ ]/ { on = / jilin$/ } on'

heading '十四、校验事件链' '14. Verify the chains of events'
run verify

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

heading '二、导入全年十六件事项' '2. Import the sixteen matters of the year'
import_all

heading '三、再导入一次：什么都不变' '3. Import them again: nothing changes'
import_all

heading '四、事项一览' '4. The matters'
run list

heading "五、截至 ${as_of} 的审计，一件一行" "5. The audit as of ${as_of}, one line a matter"
run audit --as-of "$as_of" --fail-on never

heading '六、其中一件（QH-04）的全部结论，附逐日计算' '6. One matter (QH-04): every verdict, with the counted days'
run audit QH-04 --as-of "$as_of" --working --fail-on never

heading '七、到 2027-01-31 为止的期限' '7. The deadlines until 2027-01-31'
run due --until 2027-01-31

heading '八、校验事件链' '8. Verify the chains of events'
run verify

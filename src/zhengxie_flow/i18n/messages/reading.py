"""ZX1000 to ZX1079: files, YAML, shapes of definitions, JSON lines."""

from __future__ import annotations

from zhengxie_flow.i18n.catalogue import Text

__all__ = ["TEXTS"]

_FILES = {
    "ZX1000": Text(
        zh="读入的内容无法使用。",
        en="What was read cannot be used.",
        fix_zh="逐条改正随附的问题后重试。",
        fix_en="Mend the problems listed with this error and try again.",
    ),
    "ZX1001": Text(
        zh="没有文件 {file}。",
        en="There is no file {file}.",
        fix_zh="核对文件名和所在目录。",
        fix_en="Check the file name and the directory.",
    ),
    "ZX1002": Text(
        zh="此路径是目录、管道或设备，不是普通文件，无法读入。",
        en="This path is a directory, pipe or device, not a regular file; it cannot be read.",
        fix_zh="给出一个文件的路径。",
        fix_en="Give the path of a file.",
    ),
    "ZX1003": Text(
        zh="文件无法读取：{reason}。",
        en="The file cannot be read: {reason}.",
        fix_zh="检查文件的读取权限，以及它所在的磁盘。",
        fix_en="Check the permission to read the file, and the disk it lies on.",
    ),
    "ZX1004": Text(
        zh="文件有 {size} 字节，超过上限 {limit} 字节，未予读入。",
        en="The file has {size} bytes, more than the limit of {limit}; it was not read.",
        fix_zh="拆成几个文件；大批事件用 JSON lines（.jsonl）导入。",
        fix_en="Split it into several files; import large numbers of events as JSON lines (.jsonl).",
    ),
    "ZX1005": Text(
        zh="文件不是 UTF-8 编码（此处字节为 {byte}），看来是 GBK/GB18030。",
        en="The file is not UTF-8 (the byte here is {byte}); it looks like GBK/GB18030.",
        fix_zh="在编辑器中“另存为”并选 UTF-8，或执行 iconv -f GB18030 -t UTF-8 旧文件 > 新文件。",
        fix_en="Save it as UTF-8 in your editor, or run: iconv -f GB18030 -t UTF-8 old > new.",
    ),
    "ZX1006": Text(
        zh="文件是 {encoding} 编码，不是 UTF-8。",
        en="The file is {encoding}, not UTF-8.",
        fix_zh="在编辑器中“另存为”并选 UTF-8，或执行 iconv -f {encoding} -t UTF-8 旧文件 > 新文件。",
        fix_en="Save it as UTF-8 in your editor, or run: iconv -f {encoding} -t UTF-8 old > new.",
    ),
    "ZX1007": Text(
        zh="文件不是 UTF-8 编码：此处的字节 {byte} 不合规则。",
        en="The file is not UTF-8: the byte {byte} here breaks its rules.",
        fix_zh="若是文本文件，请在编辑器中“另存为”并选 UTF-8；若是别的文件，请换正确的文件。",
        fix_en="If it is a text file, save it as UTF-8 in your editor; if it is not, give the right file.",
    ),
    "ZX1008": Text(
        zh="此处有控制字符 {codepoint}（{name}），它看不见，却会扰乱显示和行号。",
        en="There is a control character {codepoint} ({name}) here; nobody sees it, and it upsets displays.",
        fix_zh="删去此字符。",
        fix_en="Delete the character.",
    ),
    "ZX1009": Text(
        zh="此处有不可见字符 {codepoint}（{name}），它会使人看到的与机器读到的不一致。",
        en="There is an invisible character {codepoint} ({name}) here: people would see another text.",
        fix_zh="删去此字符；多是从网页或文书复制时带入的，重新键入前后几个字即可。",
        fix_en="Delete it (it comes with text copied from web pages), or retype the words around it.",
    ),
}

_SYNTAX = {
    "ZX1010": Text(
        zh="此处不合 YAML 的写法（解析器报告：{detail}）。",
        en="This is not valid YAML (the parser says: {detail}).",
        fix_zh="对照相邻各行的写法改正；文字中有特殊符号时用双引号括起来。",
        fix_en="Compare with the lines around it; put text with special characters in double quotes.",
    ),
    "ZX1011": Text(
        zh="此处有制表符；YAML 的缩进和间隔只用空格。",
        en="There is a tab here; YAML uses only spaces for indentation and between words.",
        fix_zh="把制表符换成空格（一层缩进用两个）。",
        fix_en="Replace the tab by spaces (two for each level).",
    ),
    "ZX1012": Text(
        zh="此处是全角“{character}”，YAML 不把它当作标点，应为半角 {instead} 。",
        en="The full-width {character} is no punctuation to YAML; a half-width {instead} is meant.",
        fix_zh="改用半角 {instead}（冒号、逗号后加一个空格）；若本来就是文字，请用双引号括起来。",
        fix_en="Write {instead}, with a space after a colon or comma; put it in quotes if it is text.",
    ),
    "ZX1013": Text(
        zh="此处是 {codepoint}（{name}）而不是普通空格，YAML 不把它当作空白。",
        en="This is {codepoint} ({name}) instead of a space; YAML does not take it for white space.",
        fix_zh="换成半角空格；若本来就是文字，请用双引号括起来。",
        fix_en="Replace it by an ordinary space; if it is meant as text, put it in double quotes.",
    ),
    "ZX1014": Text(
        zh="从此处开始的引号没有结束。",
        en="The quotation that begins here never ends.",
        fix_zh="补上收尾的引号，首尾用同一种半角引号。",
        fix_en="Add the closing quotation mark, the same kind as the opening one.",
    ),
    "ZX1015": Text(
        zh="第 {line} 行第 {column} 列的 {bracket} 到此处没有正确结束，或其中少了、多了逗号。",
        en="The {bracket} at line {line}, column {column} is not closed properly up to here, or a comma is missing or one too many.",
        fix_zh="补上对应的右括号，各项之间用半角逗号加空格隔开。",
        fix_en="Add the matching bracket, and separate the entries by a comma and a space.",
    ),
    "ZX1016": Text(
        zh="此处的冒号使 YAML 以为又来一个键：文字中含“: ”而未加引号，或缩进不对。",
        en="This colon looks like another key: unquoted text contains ': ', or the indentation is wrong.",
        fix_zh='整段文字用双引号括起来，或改正缩进。例： zh: "时间: 三日"。',
        fix_en='Put the whole text in double quotes, or mend the indentation: en: "time: three days".',
    ),
    "ZX1017": Text(
        zh="此行的缩进与上下各行不相配。",
        en="The indentation of this line does not fit the lines around it.",
        fix_zh="同一层的各行左端对齐，下一层多缩进两个空格；列表项以“- ”开头。",
        fix_en="Align lines of one level, indent the next level by two spaces; list entries begin with '- '.",
    ),
    "ZX1018": Text(
        zh="值不能以 {character} 开头，它在 YAML 中另有用途。",
        en="A value cannot begin with {character}, which means something else in YAML.",
        fix_zh="用双引号把整个值括起来。",
        fix_en="Put the whole value in double quotes.",
    ),
    "ZX1019": Text(
        zh="双引号内的反斜杠后不是 YAML 认识的转义。",
        en="The backslash inside double quotes is not followed by an escape that YAML knows.",
        fix_zh="反斜杠本身写成两个，或改用单引号。",
        fix_en="Write the backslash twice, or use single quotes.",
    ),
    "ZX1020": Text(
        zh="不用锚点 &{name}：同一内容写在两处时，看一处即应知其全貌。",
        en="Anchors (&{name}) are not used: what holds at a place must be readable at that place.",
        fix_zh="删去 &{name}，在需要处重复写出内容。",
        fix_en="Remove &{name} and repeat the content where it is needed.",
    ),
    "ZX1021": Text(
        zh="不用别名 *{name}：层层引用可使小文件膨胀成巨量数据，也难以审阅。",
        en="Aliases (*{name}) are not used: nested ones blow a small file up, and they are hard to review.",
        fix_zh="在此处写出内容；若是以 * 开头的文字，请加双引号。",
        fix_en="Write the content here; if it is text that begins with *, put it in double quotes.",
    ),
    "ZX1022": Text(
        zh="不用标签（{tag}）：值的类型由其写法和定义决定。",
        en="Tags ({tag}) are not used: how a value is written, and the definition, say what it is.",
        fix_zh="删去以 ! 开头的标签；要作文字就加双引号。",
        fix_en="Remove the tag that begins with !; put the value in double quotes if text is meant.",
    ),
    "ZX1023": Text(
        zh="不用合并键 <<，它使读者看不到此处究竟有哪些键。",
        en="Merge keys (<<) are not used: they hide which keys are here.",
        fix_zh="删去 <<，在此处写出各键。",
        fix_en="Remove << and write the keys out here.",
    ),
    "ZX1024": Text(
        zh="键 {key} 重复，第一次在第 {first_line} 行第 {first_column} 列。",
        en="The key {key} stands twice; the first is at line {first_line}, column {first_column}.",
        fix_zh="删去其一，或改名，或合并两处内容。",
        fix_en="Remove one, rename it, or bring both contents together.",
    ),
    "ZX1025": Text(
        zh="键“{key}”未加引号，会被读成数、真假值或空值；键须是文字。",
        en="The unquoted key '{key}' is read as a number, true/false or nothing; a key must be text.",
        fix_zh='加双引号："{key}"。条款号也是文字，例如 "7.4"。',
        fix_en='Put it in double quotes: "{key}". A clause number is text too, as in "7.4".',
    ),
    "ZX1026": Text(
        zh="键 {key} 未加引号，许多 YAML 1.1 工具会把它读成 true 或 false。",
        en="The key {key} is unquoted; many tools that speak YAML 1.1 read it as true or false.",
        fix_zh='加双引号："{key}"，或换一个名字。',
        fix_en='Put it in double quotes: "{key}", or choose another name.',
    ),
    "ZX1027": Text(
        zh="键不能是列表或映射。",
        en="A key cannot be a list or a mapping.",
        fix_zh="键写成一个词；以 {{ 或 [ 开头的文字请加双引号。",
        fix_en="Write a single word as the key; put text that begins with {{ or [ in double quotes.",
    ),
    "ZX1028": Text(
        zh="从此处开始又是一份文档；一个文件只放一份。",
        en="Another document begins here; a file holds only one.",
        fix_zh="删去 --- 或 ...，或拆成几个文件。",
        fix_en="Remove the --- or ..., or split the file.",
    ),
    "ZX1029": Text(
        zh="不用以 % 开头的 YAML 指令。",
        en="YAML directives (lines that begin with %) are not used.",
        fix_zh="删去此行。",
        fix_en="Remove the line.",
    ),
    "ZX1030": Text(
        zh="文件没有内容。",
        en="The file is empty.",
        fix_zh="写入内容，第一行一般是 language: 1。",
        fix_en="Write its content; the first line is usually language: 1.",
    ),
    "ZX1031": Text(
        zh="文件的最外层应是“键: 值”。",
        en="The outermost level of the file must be 'key: value'.",
        fix_zh="每行写成 键: 值，冒号用半角，其后加一个空格。",
        fix_en="Write lines of the form key: value, with a space after the colon.",
    ),
    "ZX1032": Text(
        zh="嵌套超过 {limit} 层，未再往下读。",
        en="More than {limit} levels are nested here; nothing further was read.",
        fix_zh="检查是否漏了右括号；条件过深时拆成几条。",
        fix_en="Look for a missing bracket; split a condition that is too deep.",
    ),
    "ZX1033": Text(
        zh="文件中的值超过 {limit} 个，未再往下读。",
        en="The file holds more than {limit} values; nothing further was read.",
        fix_zh="拆成几个文件。",
        fix_en="Split the file.",
    ),
    "ZX1034": Text(
        zh="这段文字有 {size} 字，超过上限 {limit}。",
        en="This text has {size} characters, more than the limit of {limit}.",
        fix_zh="检查是否漏了引号；长文另存为材料，此处只写摘要。",
        fix_en="Look for a missing quotation mark; keep long texts as documents and write a summary here.",
    ),
    "ZX1035": Text(
        zh="数 {given} 位数过多或用了指数写法，会在别的程序中失真。",
        en="The number {given} has too many digits or an exponent; other programs would spoil it.",
        fix_zh="编号之类请加双引号作文字；数量请写普通的数。",
        fix_en="Put serial numbers in double quotes; write amounts as plain numbers.",
    ),
    "ZX1036": Text(
        zh="已有 {count} 个问题，其余未再检查。",
        en="There are {count} problems already; the rest was not looked at.",
        fix_zh="先改正以上各条，再检查一次。",
        fix_en="Mend those above, then check again.",
    ),
    "ZX1037": Text(
        zh="此行缺冒号，或冒号、短横后缺空格，与下一行连成了一句。",
        en="This line lacks a colon, or a space after the colon or dash, and runs into the next line.",
        fix_zh="写成 键: 值 或 - 值。",
        fix_en="Write key: value or - value.",
    ),
    "ZX1038": Text(
        zh="此处多出内容：前面的值已经结束。",
        en="There is something left over here: the value before it has ended.",
        fix_zh="引号应括住整个值；注释以空格加 # 开头。",
        fix_en="Let the quotation marks enclose the whole value; a comment begins with a space and #.",
    ),
}

_SHAPES = {
    "ZX1040": Text(
        zh="这里没有名为 {key} 的键[[，最接近的是 {suggestion}]]。",
        en="There is no key {key} here[[; the nearest is {suggestion}]].",
        fix_zh="改为此处可用的键[[：{allowed}]]。",
        fix_en="Use a key that is known here[[: {allowed}]].",
    ),
    "ZX1041": Text(
        zh="这里缺少键 {key}。",
        en="The key {key} is missing here.",
        fix_zh="补上 {key}: 及其值。",
        fix_en="Add {key}: with its value.",
    ),
    "ZX1042": Text(
        zh="这里应是一段文字，写的是 {given}。",
        en="Text is needed here, but {given} was given.",
        fix_zh="只写一个值；检查下面各行是否缩进过多。",
        fix_en="Write a single value; check whether the lines below are indented too far.",
    ),
    "ZX1043": Text(
        zh="这里应是文字，未加引号的 {given} 会被读成数或真假值。",
        en="Text is needed here; the unquoted {given} is read as a number or as true/false.",
        fix_zh='加双引号："{given}"。',
        fix_en='Put it in double quotes: "{given}".',
    ),
    "ZX1044": Text(
        zh="这里应是整数，写的是 {given}。",
        en="A whole number is needed here, but {given} was given.",
        fix_zh="写半角数字，不加引号和单位，例如 15。",
        fix_en="Write digits without quotes or a unit, as in 15.",
    ),
    "ZX1045": Text(
        zh="这里应是 true 或 false，写的是 {given}。",
        en="true or false is needed here, but {given} was given.",
        fix_zh="写 true 或 false，不加引号；yes、no、on、off、是、否都不行。",
        fix_en="Write true or false without quotes; yes, no, on and off will not do.",
    ),
    "ZX1046": Text(
        zh="这里应是列表，写的是 {given}。",
        en="A list is needed here, but {given} was given.",
        fix_zh="写成 [甲, 乙]，或每行一项，以“- ”开头。",
        fix_en="Write [one, two], or one entry a line beginning with '- '.",
    ),
    "ZX1047": Text(
        zh="这里应是“键: 值”，写的是 {given}。",
        en="'key: value' is needed here, but {given} was given.",
        fix_zh="写成 {{键: 值}}，或在下面各行缩进写出；冒号用半角，其后加空格。",
        fix_en="Write {{key: value}}, or indented lines below; put a space after the colon.",
    ),
    "ZX1048": Text(
        zh="这里应是日期，写的是 {given}。",
        en="A date is needed here, but {given} was given.",
        fix_zh="写成年-月-日，例如 2026-03-04，且须是历上实有之日。",
        fix_en="Write year-month-day, as in 2026-03-04; the day must exist.",
    ),
    "ZX1049": Text(
        zh="{given} 不是这里可用的值[[，最接近的是 {suggestion}]]。",
        en="{given} is not one of the values allowed here[[; the nearest is {suggestion}]].",
        fix_zh="从中选一个：{allowed}。",
        fix_en="Choose one of: {allowed}.",
    ),
    "ZX1050": Text(
        zh="{given} 不是这里能用的名称。",
        en="{given} is not a name that can stand here.",
        fix_zh="名称用小写英文，词内用下划线，层级间用点，例如 a7.2.notice；要写条件的，写成 {{done: report}} 这样。",
        fix_en="Use lower-case English, _ inside a word, dots between levels, as in a7.2.notice; a condition is written like {{done: report}}.",
    ),
    "ZX1051": Text(
        zh="{given} 超出范围，应 {bound}。",
        en="{given} is out of range; it must be {bound}.",
        fix_zh="改为范围内的数。",
        fix_en="Write a number within the range.",
    ),
    "ZX1052": Text(
        zh="{given} 太短或太少，至少要 {limit}。",
        en="{given} is too short or too few; at least {limit} needed.",
        fix_zh="补足内容，或删去这个键。",
        fix_en="Add what is missing, or remove the key.",
    ),
    "ZX1053": Text(
        zh="{given} 太长或太多，至多 {limit}。",
        en="{given} is too long or too many; at most {limit} allowed.",
        fix_zh="缩短，或拆开。",
        fix_en="Shorten it, or split it.",
    ),
    "ZX1054": Text(
        zh="键 {key} 之后没有值。",
        en="There is no value after the key {key}.",
        fix_zh="在冒号后写出值，或删去这个键；下面各行若属于它，须多缩进两个空格。",
        fix_en="Write a value, or remove the key; indent lines that belong to it by two more spaces.",
    ),
    "ZX1055": Text(
        zh="这里应是数，写的是 {given}。",
        en="A number is needed here, but {given} was given.",
        fix_zh="写半角数字，例如 3 或 0.5。",
        fix_en="Write digits, as in 3 or 0.5.",
    ),
    "ZX1056": Text(
        zh="这里应是带时区的时刻，写的是 {given}。",
        en="An instant with its time zone is needed here, but {given} was given.",
        fix_zh='写成 "2026-03-04T09:30:00+08:00"。',
        fix_en='Write it as "2026-03-04T09:30:00+08:00".',
    ),
    "ZX1057": Text(
        zh="{given} 不是这里可用的任何一种写法。",
        en="{given} has none of the forms that can stand here.",
        fix_zh="查语言参考中这个键的写法和例子。",
        fix_en="See the forms and examples of this key in the language reference.",
    ),
    "ZX1059": Text(
        zh="{given} 在这里不可用（{detail}）。",
        en="{given} cannot stand here ({detail}).",
        fix_zh="查语言参考中这个键的写法和例子。",
        fix_en="See the forms and examples of this key in the language reference.",
    ),
}

_JSON_LINES = {
    "ZX1070": Text(
        zh="此行不是有效的 JSON（解析器报告：{detail}）。",
        en="This line is not valid JSON (the parser says: {detail}).",
        fix_zh="每行写一个完整的 JSON 对象，用半角双引号，末尾不加逗号。",
        fix_en="Write one whole JSON object a line, with double quotes and no comma at its end.",
    ),
    "ZX1071": Text(
        zh="此行不是 JSON 对象。",
        en="This line is not a JSON object.",
        fix_zh="每行写成 {{...}}；不要把各行包进一个列表。",
        fix_en="Write {{...}} on each line; do not wrap the lines in a list.",
    ),
    "ZX1072": Text(
        zh="此行的同一对象中键 {key} 重复。",
        en="The key {key} stands twice in one object of this line.",
        fix_zh="删去其一。",
        fix_en="Remove one of them.",
    ),
    "ZX1073": Text(
        zh="{given} 不是数。",
        en="{given} is not a number.",
        fix_zh="写出实际的数；不知道就不写这个键。",
        fix_en="Write the number; leave the key out if it is not known.",
    ),
    "ZX1074": Text(
        zh="此行超过 {limit} 字节，其后未再读。",
        en="This line is longer than {limit} bytes; nothing after it was read.",
        fix_zh="一行只放一个案件或事件；附件只写其编号和校验值。",
        fix_en="Put one case or event on a line; give documents by number and checksum only.",
    ),
}

TEXTS: dict[str, Text] = {**_FILES, **_SYNTAX, **_SHAPES, **_JSON_LINES}

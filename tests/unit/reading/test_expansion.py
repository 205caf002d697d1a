"""Short forms of a process file: what they are expanded to, where their faults are shown, and what they refuse."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from tests.checks.project import faults, set_in
from tests.support import DATA

from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.reading.expansion import SharedFiles, expanded
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.sources import SourceFile
from zhengxie_flow.reading.yaml_reader import read_yaml

SAME = {
    "an article passes on its clause": (
        """
facts: {wet: {type: bool, zh: 雨, en: Wet, law: "2", by: office}}
actions: {call: {zh: 召集, en: Call, law: "2", by: office, from: planned}}
obligations: {a2.call: {zh: 先召集, en: Called, law: "2", who: office, force: must, do: call}}
""",
        """
articles:
  "2":
    facts: {wet: {bool: 雨, en: Wet, by: office}}
    actions: {call: {zh: 召集, en: Call, by: office, from: planned}}
    obligations: {a2.call: {zh: 先召集, en: Called, who: office, do: call}}
""",
    ),
    "an entry keeps the clause it writes, and cites none where it says so": (
        """
actions:
  call: {zh: 召集, en: Call, law: "3", by: office, from: planned}
  nod: {zh: 示意, en: Nod, by: office, from: planned}
""",
        """
articles:
  "2":
    actions:
      call: {zh: 召集, en: Call, law: "3", by: office, from: planned}
      nod: {zh: 示意, en: Nod, law: [], by: office, from: planned}
""",
    ),
    "an article of another instrument": (
        """
actions: {call: {zh: 召集, en: Call, law: {other-2015: "1"}, by: office, from: planned}}
""",
        """
articles: {other-2015 1: {actions: {call: {zh: 召集, en: Call, by: office, from: planned}}}}
""",
    ),
    "requirements and obligations beside the acts they bind, in the order of the text; a control cites nothing": (
        """
controls: [guard.wet]
actions:
  call: {zh: 召集, en: Call, law: "2", by: office, from: planned, requires: [
    {id: a2.own, zh: 自有, en: Own, law: "2", that: urgent},
    {obligation: a2.notice}, {id: guard.wet, zh: 不下雨, en: Dry, that: {not: urgent}},
    {id: a3.wet, zh: 有雨, en: Wet, law: "3", that: urgent}]}
obligations: {a2.notice: {zh: 提前通知, en: Notice, law: "2", who: office, force: must, for: guest, do: notify}}
""",
        """
controls: [guard.wet]
articles:
  "2":
    actions:
      call: {zh: 召集, en: Call, by: office, from: planned, requires: [{id: a2.own, zh: 自有, en: Own, that: urgent}]}
    obligations: {a2.notice: {zh: 提前通知, en: Notice, who: office, for: guest, do: notify, required_by: call}}
    requirements: {guard.wet: {each: [call], zh: 不下雨, en: Dry, that: {not: urgent}}}
requirements: {a3.wet: {each: call, zh: 有雨, en: Wet, law: "3", that: urgent}}
""",
    ),
    "spans of states": (
        """
actions:
  call: {zh: 召集, en: Call, law: "2", by: office, from: [planned, held]}
  nod: {zh: 示意, en: Nod, law: "2", by: office, moves: [{from: [planned, held, closed], when: urgent}]}
""",
        """
actions:
  call: {zh: 召集, en: Call, law: "2", by: office, from: open}
  nod: {zh: 示意, en: Nod, law: "2", by: office, moves: [{from: planned..closed, when: urgent}]}
""",
    ),
    "an open list of values, with the field of its reason": (
        """
facts:
  kind: {type: enum, of: {a: {zh: 甲, en: A}, other: {zh: 其他, en: Other}}, zh: 类, en: Kind, law: "2", by: office}
items:
  guest:
    zh: 客人
    en: Guest
    law: "2"
    fields:
      role: {type: set, of: {a: {zh: 甲, en: A}, other: {zh: 别的, en: Else}}, zh: 身份, en: Role}
      why: {type: text, zh: 理由, en: Why}
""",
        """
facts: {kind: {enum: 类, of: {a: {zh: 甲, en: A}}, open: true, en: Kind, law: "2", by: office}}
items:
  guest:
    zh: 客人
    en: Guest
    law: "2"
    fields:
      role: {set: 身份, en: Role, of: {a: {zh: 甲, en: A}}, open: {zh: 别的, en: Else, reason: {why: {zh: 理由, en: Why}}}}
""",
    ),
    "fields that have to be recorded": (
        """
facts: {wet: {type: bool, zh: 雨, en: Wet, law: "2", by: office}}
actions:
  call: {zh: 召集, en: Call, law: "2", by: office, from: planned, with: {wet: {required: true}, day: {type: date, zh: 日, required: true}}}
""",
        """
facts: {wet: {bool: 雨, en: Wet, law: "2", by: office}}
actions: {call: {zh: 召集, en: Call, law: "2", by: office, from: planned, with: {wet: required, day: {date: 日, required: true}}}}
""",
    ),
    "what is expected, or else a reason": (
        """
controls: [guard.old, guard.plan, guard.wet, guard.dry]
actions:
  close: {zh: 办结, en: Close, law: "2", by: office, from: held, with: {why: {type: text, zh: 理由}}, requires: [
    {id: guard.plan, zh: 有计划, when: urgent, that: {any: [wet, {why: {recorded: true}}]}},
    {id: guard.wet, zh: 有雨, that: {any: [wet, urgent, {why: {recorded: true}}]}},
    {id: guard.dry, zh: 无雨, that: {not: wet}}]}
""",
        """
controls: guard.old
articles: {"2": {actions: {close: {zh: 办结, en: Close, by: office, from: held}}}}
expected:
  guard.plan: {each: close, zh: 有计划, when: urgent, that: wet, or: {why: 理由}}
  guard.wet: {each: close, zh: 有雨, that: {any: [wet, urgent]}, or: why}
  guard.dry: {each: close, zh: 无雨, that: {not: wet}}
""",
    ),
    "a publication, and what withholds it lawfully": (
        """
actions:
  keep: {zh: 不公开, law: "2", by: mayor, from: planned, with: {basis: {type: text, required: true, zh: 依据}}}
  hide: {zh: 不公布, law: "2", by: [mayor, office], from: planned, for: guest, with: {basis: {type: text, required: true, zh: 依据}}}
  drop: {zh: 撤下, law: "2", by: mayor, from: planned, for: topic}
obligations:
  a2.a: {zh: 公布, law: "2", who: office, force: must, do: publish, limit: {after: approve},
    when: {not: {done: keep, in_force: true}}}
  a2.b:
    zh: 公布变动
    law: "2"
    who: office
    force: must
    for: guest
    do: [publish, call]
    limit: {before: call}
    when:
      all:
      - urgent
      - not:
          any:
          - {done: hide, where: {for: this}, in_force: true}
          - {done: drop, where: {all: [{topic: {recorded: true}}, {for: {field: topic}}]}, in_force: true}
""",
        """
actions:
  keep: {zh: 不公开, law: "2", by: mayor, from: planned, with: {basis: {text: 依据, required: true}}}
  hide: {zh: 不公布, law: "2", by: [mayor, office], from: planned, for: guest, with: {basis: {text: 依据, required: true}}}
  drop: {zh: 撤下, law: "2", by: mayor, from: planned, for: topic}
articles:
  "2":
    publications:
      a2.a: {zh: 公布, who: office, published: publish, approved: approve, withheld: keep}
      a2.b:
        {zh: 公布变动, who: office, for: guest, published: [publish, call], limit: {before: call}, when: urgent,
         withheld: [hide, {drop: topic}]}
""",
    ),
    "a duty of every year": (
        """
obligations:
  a2.r: {zh: 定期, law: "2", who: office, do: call, limit: {every: {period: year}, timely: true, judged_by: regular}}
  a2.s: {zh: 每年, law: "2", who: office, do: call, limit: {every: {period: year}}}
""",
        """
obligations:
  a2.r: {zh: 定期, law: "2", who: office, do: call, yearly: regular}
  a2.s: {zh: 每年, law: "2", who: office, do: call, yearly: true}
""",
    ),
    "a gate": (
        """
facts:
  big: {type: bool, presumed: false, zh: 大, law: "2", by: office, interpretation: I-1}
  needed: {type: bool, zh: 需要, en: Needed, law: "2", by: mayor}
actions:
  hold: {zh: 举行, en: Hold, law: "2", by: office, from: planned, to: held, requires: [
    {id: a2.known, zh: 已认定, law: "2", when: urgent, that: {decided: {duty: [required, not_required]}}},
    {obligation: a2.hear},
    {id: a2.rules, zh: 依规, law: "2", when: {all: [urgent, {done: agree}]}, that: big}]}
obligations:
  a2.hear: {zh: 听证, en: Hear, law: "2", who: office, force: must, do: agree, limit: {before: hold}, when: {all: [urgent,
    {decided: {duty: required}}, {any: [{done: hold}, {not: {in_state: closed}}]}]}}
  a2.may: {zh: 可请人, en: May, law: "2", who: office, force: may, do: agree, when: {all: [urgent, {decided: {duty: required}}]}}
""",
        """
actions: {hold: {zh: 举行, en: Hold, law: "2", by: office, from: planned, to: held}}
articles:
  "2":
    gates:
      duty:
        before: hold
        asked: urgent
        until: closed
        elements: {of: {big: 大}, by: office, interpretation: I-1}
        finding: {needed: {bool: 需要, en: Needed, by: mayor}}
        determined: {a2.known: 已认定}
        acts:
          a2.hear: {zh: 听证, en: Hear, who: office, do: agree}
          a2.may: {zh: 可请人, en: May, who: office, force: may, do: agree}
        conduct: {a2.rules: {zh: 依规, done: agree, that: big}}
""",
    ),
}


def written(text, beside=SharedFiles()):  # noqa: B008  # never changed
    problems = []
    source = SourceFile("talk.yaml", text, read_yaml(STATES + text, "talk.yaml", top="map"))
    return expanded(source, beside, problems).node.value, problems


STATES = "states: {planned: {zh: 已计划}, held: {zh: 已举行}, closed: {zh: 已办结, final: true}}\n"


@pytest.mark.parametrize("name", SAME)
def test_the_short_form_says_what_the_long_form_says(name):
    long, short = (written(text) for text in SAME[name])
    assert (short[1], long[1]) == ([], [])
    assert short[0] == long[0]


@pytest.mark.parametrize("name", SAME)
def test_a_process_in_full_is_left_as_it_is(name):
    text = STATES + SAME[name][0]
    assert written(SAME[name][0])[0] == read_yaml(text, "talk.yaml", top="map").value


def tree(text):
    return SourceFile("beside.yaml", text, read_yaml(text, "beside.yaml", top="map"))


def test_a_vocabulary_gives_what_an_entry_does_not_say_itself(tmp_path):
    vocabulary = """\
language: 1
vocabulary: example-2020
roles: {office: 办公室, mayor: {zh: 市长, en: Mayor}}
facts: {urgent: {bool: 紧急, en: Urgent, by: office}}
fields: {text: {document: 报告文本}, method: {enum: 方式, of: [paper]}, who: {set: 参加, of: groups, open: true}}
values: {groups: {expert: 专家, public: {zh: 公众, en: Public}}}
"""
    talk = """\
roles: {office, mayor: {law: "2"}}
facts:
  urgent: {law: "5", by: mayor}
items:
  guest: {zh: 客人, en: Guest, law: "2", fields: {group: {enum: 类别, of: groups}, agrees: {bool: 同意}}}
actions:
  report: {zh: 报告, en: Report, law: "3", by: office, from: held, with: {text: {required: true}, urgent: {}, signed_on: {date: 签}, who}}
"""
    files, _ = set_in({"vocabulary.yaml": vocabulary, "talk.yaml": talk}, tmp_path)
    process = files.load("example/talk").definition.bundle["process"]
    assert process["roles"] == {"office": {"zh": "办公室"}, "mayor": {"law": "2", "zh": "市长", "en": "Mayor"}}
    assert process["facts"]["urgent"] == {"law": "5", "by": "mayor", "type": "bool", "zh": "紧急", "en": "Urgent"}
    assert process["items"]["guest"]["fields"]["group"]["of"] == {
        "expert": {"zh": "专家"},
        "public": {"zh": "公众", "en": "Public"},
    }
    assert process["actions"]["report"]["with"] == {
        "text": {"required": True, "type": "document", "zh": "报告文本"},
        "urgent": {},
        "signed_on": {"type": "date", "zh": "签"},
        "who": {
            "type": "set",
            "zh": "参加",
            "of": {
                "expert": {"zh": "专家"},
                "public": {"zh": "公众", "en": "Public"},
                "other": {"zh": "其他", "en": "Other"},
            },
        },
    }


def test_translations_reach_every_chinese_label_that_has_no_english_one(tmp_path):
    labels = "language: 1\nlabels: en\ntexts: {客人: Guest, 类别: Kind, 专家: Expert, 办公室: An office}\n"
    talk = """\
items:
  guest: {zh: 客人, law: "2", fields: {group: {enum: 类别, of: {expert: 专家, public: {zh: 公众, en: Public}}}, agrees: {bool: 同意, en: A}}}
"""
    files, _ = set_in({"labels.en.yaml": labels, "talk.yaml": talk}, tmp_path)
    loaded = files.load("example/talk")
    guest = loaded.definition.process.items["guest"]
    assert (guest.en, guest.fields["group"].en) == ("Guest", "Kind")
    assert {name: value.en for name, value in guest.fields["group"].of.items()} == {
        "expert": "Expert",
        "public": "Public",
    }
    assert loaded.definition.process.roles["office"].en == "Office"  # its own goes before
    assert {"processes/example/labels.en.yaml", "processes/example/talk.yaml"} <= set(loaded.definition.sources)


MISUSE = {
    "twice": (
        """
actions:
  agree: {zh: 会签, en: Agree, law: "2", by: mayor, from: planned}
articles:
  "2":
    actions:
      agree: {zh: 会签, en: Agree, by: mayor, from: planned}
""",
        "ZX1360",
        "      agree",
    ),
    "twice by a gate": (
        """
gates:
  duty:
    before: hold
    acts: {a2.notice: {zh: 听证, en: Hear, who: office, do: agree}}
""",
        "ZX1360",
        "a2.notice: {zh: 听证",
    ),
    "backwards": (
        """
actions:
  agree: {zh: 会签, en: Agree, law: "2", by: mayor, from: held..planned}
""",
        "ZX1361",
        "held..planned",
    ),
    "no state": (
        """
actions:
  agree: {zh: 会签, en: Agree, law: "2", by: mayor, from: planned..done}
""",
        "ZX1201",
        "planned..done",
    ),
    "open without values": (
        """
facts:
  urgent: {bool: 紧急, open: true, en: Urgent, law: "5", by: office}
""",
        "ZX1362",
        "open: true",
    ),
    "open twice": (
        """
facts:
  phase: {enum: 阶段, of: {other: {zh: 别的, en: Else}}, open: true, en: Phase, law: "2", by: office}
""",
        "ZX1362",
        "open: true",
    ),
    "no list of values": (
        """
facts:
  phase: {enum: 阶段, of: phases, en: Phase, law: "2", by: office}
""",
        "ZX1201",
        "phases",
    ),
    "binds no act": (
        """
requirements:
  a2.x: {zh: 要件, en: X, law: "2", that: urgent}
""",
        "ZX1041",
        "a2.x",
    ),
    "binds an unknown act": (
        """
requirements:
  a2.x: {each: holds, zh: 要件, en: X, law: "2", that: urgent}
""",
        "ZX1201",
        "holds",
    ),
    "required by an unknown act": (
        """
articles:
  "2":
    obligations: {a2.y: {zh: 义务, en: Y, who: office, do: agree, required_by: holds}}
""",
        "ZX1201",
        "holds",
    ),
    "an unknown key of an article": (
        """
articles:
  "2":
    dutys: {}
""",
        "ZX1040",
        "dutys",
    ),
    "a gate without acts": (
        """
gates:
  duty: {before: hold}
""",
        "ZX1041",
        "duty",
    ),
    "a publication twice": (
        """
articles:
  "2": {publications: {a2.notice: {zh: 公布, en: Published, who: office, published: agree}}}
""",
        "ZX1360",
        "a2.notice: {zh: 公布",
    ),
    "an expectation of an unknown act": (
        """
expected: {guard.x: {each: holds, zh: 要件, en: X, that: urgent}}
""",
        "ZX1201",
        "holds",
    ),
    "an unknown key of a publication": (
        """
articles:
  "2": {publications: {a2.y: {zh: 公布, en: Published, who: office, published: agree, witheld: agree}}}
""",
        "ZX1040",
        "witheld",
    ),
    "a key that the duty has not": (
        """
articles:
  "2":
    obligations: {a2.y: {zh: 义务, en: Y, who: office, do: agree, limits: {before: hold}}}
""",
        "ZX1040",
        "limits",
    ),
}


@pytest.mark.parametrize("name", MISUSE)
def test_misuse_is_shown_where_it_is_written(name, tmp_path):
    text, code, at = MISUSE[name]
    files, _ = set_in(text.lstrip(), tmp_path)
    with pytest.raises(InvalidDefinition) as refused:
        files.load("example/talk")
    lines = (files.processes / "example/talk.yaml").read_text(encoding="utf-8").splitlines()
    line = max(number for number, content in enumerate(lines, 1) if at in content)
    column = lines[line - 1].index(at.lstrip() if at.startswith(" ") else at) + 1
    assert (code, line, column) in {
        (problem.code, problem.where.line, problem.where.column) for problem in refused.value.problems
    }, [str(problem) for problem in refused.value.problems]


def test_a_clause_that_there_is_not_is_shown_at_the_key_of_its_article(tmp_path):
    text = 'articles:\n  "9": {actions: {nod: {zh: 示意, en: Nod, by: office, from: planned}}}\n'
    files, _ = set_in(text, tmp_path)
    lines = (files.processes / "example/talk.yaml").read_text(encoding="utf-8").splitlines()
    (problem,) = faults(files)
    assert (problem.code, problem.where.column) == ("ZX1201", 3)
    assert lines[problem.where.line - 1].startswith('  "9"')


def test_a_fault_in_the_vocabulary_is_shown_there(tmp_path):
    vocabulary = "language: 1\nvocabulary: example-2020\nroles: {office: {zh: 办公室, en: Office, lwa: '2'}}\n"
    files, _ = set_in({"vocabulary.yaml": vocabulary}, tmp_path)
    with pytest.raises(InvalidDefinition) as refused:
        files.load("example/talk")
    (problem,) = refused.value.problems
    assert (problem.code, problem.where.file, problem.where.line) == ("ZX1040", "processes/example/vocabulary.yaml", 3)


MINI = (DATA / "mini" / "processes" / "mini" / "talk.yaml").read_text(encoding="utf-8")
GROUPED = ("facts", "items", "actions", "obligations", "exemptions")


def entries_with_one_clause():
    values = read_yaml(MINI, "talk.yaml", top="map").value
    return [
        (section, name)
        for section in GROUPED
        for name, entry in values.get(section, {}).items()
        if isinstance(entry.get("law"), str)
    ]


@given(st.sets(st.sampled_from(entries_with_one_clause())))
def test_whatever_is_put_under_its_article_stays_the_same(moved):
    values = read_yaml(MINI, "talk.yaml", top="map").value
    articles = {}
    kept = dict(values)
    for section, name in sorted(moved):
        entry = dict(kept[section][name])
        kept[section] = {other: inner for other, inner in kept[section].items() if other != name}
        group = articles.setdefault(entry.pop("law"), {})
        if section == "obligations" and entry.get("force") == "must":
            del entry["force"]
        group.setdefault(section, {})[name] = entry
    kept = {key: value for key, value in kept.items() if value != {}}
    problems = []
    source = SourceFile("talk.yaml", "", nodes({**kept, "articles": articles}))
    made = expanded(source, SharedFiles(), problems).node.value
    whole = {section: dict(values[section]) for section in values if isinstance(values[section], dict)}
    for section, name in moved:
        if section == "obligations":
            whole[section][name] = {"force": "must", **whole[section][name]}
        if section == "actions":
            whole[section][name] = cited(whole[section][name])
    assert not problems
    assert {**made, **{key: made[key] for key in whole}} == {**values, **whole}


def cited(action):
    """An action whose own requirements cite its clause, as they do under an article."""
    if "requires" not in action:
        return action
    requires = [{"law": action["law"], **entry} if "id" in entry else entry for entry in action["requires"]]
    return {**action, "requires": requires}


def nodes(value):
    match value:
        case dict():
            fields = {name: nodes(inner) for name, inner in value.items()}
            return Node("map", 1, 1, value, keys=dict.fromkeys(value, (1, 1)), fields=fields)
        case list():
            return Node("list", 1, 1, value, items=tuple(map(nodes, value)))
    return Node("scalar", 1, 1, value)

"""A process read back, as text and as Markdown: clauses with their text, the numbered sentences under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from zhengxie_flow.i18n import label
from zhengxie_flow.presentation.readback.sentence import PARTS, Part

if TYPE_CHECKING:
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.presentation.documents.readbacks import ProcessReadback, ReadClause
    from zhengxie_flow.presentation.readback.sentence import ReadSentence

Langs = Sequence[str]


def text(page: Page, document: ProcessReadback, langs: Langs) -> None:
    """Write a process as text: each clause with its text, and the sentences that rest on it."""
    page.line((_both("{}", document, langs), "strong"))
    page.line((f"{document.process}  {document.hash}", "dim"))
    for part in PARTS:
        rows = list(_sections(document, part))
        if rows:
            page.line()
            page.line((_label(f"cli.readback.part.{part}", langs), "strong"))
        for clause, sentences in rows:
            if clause is not None:
                page.line()
                page.line((_cited(clause, langs), "strong"))
                for wording in _texts(clause, langs):
                    page.line((wording, "dim"), indent=2)
                for wording in _standing(clause, langs):
                    page.line((wording, "dim"), indent=2)
            for sentence in sentences:
                _sentence(page, sentence, langs)
    _signatures(page, document)


def _sentence(page: Page, sentence: ReadSentence, langs: Langs) -> None:
    kind = _label(f"cli.readback.kind.{sentence.kind}", langs)
    page.line(
        f"{sentence.number}.", (kind, "dim"), None if sentence.id is None else (f"({sentence.id})", "dim"), indent=2
    )
    for lang in langs:
        page.line(getattr(sentence, lang), indent=4)


def markdown(page: Page, document: ProcessReadback, langs: Langs) -> None:
    """Write a process as Markdown, the text of each clause as a quotation above its sentences."""
    page.line(f"# {_both('{}', document, langs)}")
    page.line()
    page.line(f"`{document.process}` `{document.hash}`")
    for part in PARTS:
        rows = list(_sections(document, part))
        if rows:
            page.line()
            page.line(f"## {_label(f'cli.readback.part.{part}', langs)}")
        for clause, sentences in rows:
            page.line()
            if clause is not None:
                page.line(f"### {_cited(clause, langs)}")
                page.line()
                for wording in _texts(clause, langs):
                    page.line(f"> {_escaped(wording)}")
                    page.line(">")
                for wording in _standing(clause, langs):
                    page.line(f"> *{_escaped(wording)}*")
                page.line()
            for sentence in sentences:
                _item(page, sentence, langs)
    page.line()
    for line in _signature_lines(page, document):
        page.line(f"- {_escaped(line)}")


def _item(page: Page, sentence: ReadSentence, langs: Langs) -> None:
    kind = _label(f"cli.readback.kind.{sentence.kind}", langs)
    ident = "" if sentence.id is None else f" (`{sentence.id}`)"
    page.line(f"{sentence.number}. **{kind}**{ident}  ")
    for lang in langs:
        page.line(f"   {_escaped(getattr(sentence, lang))}  ")


def _escaped(wording: str) -> str:
    """A text in which nothing is markup."""
    return "".join(f"\\{character}" if character in "\\`*_[]<>#|" else character for character in wording)


def _sections(document: ProcessReadback, part: Part) -> Iterator[tuple[ReadClause | None, list[ReadSentence]]]:
    """The sentences of a part; of the clauses, clause by clause, those without any sentence too."""
    inside = [sentence for sentence in document.sentences if sentence.part == part]
    if part != "clauses":
        if inside:
            yield None, inside
        return
    wording: set[int] = set()
    for clause in document.clauses:
        wording.update(clause.sentences)
        yield clause, [sentence for sentence in inside if sentence.number in clause.sentences]
    rest = [sentence for sentence in inside if sentence.number not in wording]
    if rest:
        yield None, rest


def _label(key: str, langs: Langs) -> str:
    return " / ".join(label(key, lang) for lang in langs)


def _both(shape: str, document: ProcessReadback, langs: Langs) -> str:
    labels = dict.fromkeys(getattr(document, lang) or document.process for lang in langs)
    edition = "" if document.edition is None else f" ({document.edition})"
    return shape.format(" / ".join(labels)) + edition


def _cited(clause: ReadClause, langs: Langs) -> str:
    return " / ".join(str(getattr(clause.cited, lang)) for lang in langs)


def _texts(clause: ReadClause, langs: Langs) -> list[str]:
    return list(dict.fromkeys(wording for lang in langs if (wording := getattr(clause, lang))))


def _standing(clause: ReadClause, langs: Langs) -> Iterator[str]:
    """The force of a clause, what else rests on it, and that nothing does."""
    if clause.force is not None:
        yield _label(f"cli.readback.force.{clause.force}", langs)
    if clause.also:
        yield " / ".join(label("cli.readback.also", lang, numbers=_numbers(clause.also, lang)) for lang in langs)
    if not clause.sentences and not clause.also:
        yield _label("cli.readback.nothing", langs)


def _numbers(numbers: Iterable[int], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(map(str, numbers))


def _signatures(page: Page, document: ProcessReadback) -> None:
    page.line()
    for line in _signature_lines(page, document):
        page.line(line)


def _signature_lines(page: Page, document: ProcessReadback) -> Iterator[str]:
    for entry in document.signatures:
        code = "current" if entry.current else "changed"
        yield page.say(f"cli.readback.signed.{code}", name=entry.name, day=entry.date)
    if not document.signatures:
        yield page.say("cli.readback.unsigned")
    signed = document.signed
    if signed is not None:
        code = "trial" if signed.dry_run else "written"
        yield page.say(f"cli.readback.sign.{code}", name=signed.name, day=signed.date, file=signed.written or "-")

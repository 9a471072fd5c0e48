"""Reads a lesson from its two Markdown files."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from markdown_it.token import Token
from pydantic import BaseModel, ConfigDict, Field

from trainee.kit import markdown, trtext, yamltree
from trainee.kit.findings import Findings
from trainee.kit.spelling import meant
from trainee.kit.words import Text, Written
from trainee.modules.library import links
from trainee.modules.library.content import Block, Check, Dialogue, Lesson, Prose, TryIt
from trainee.modules.library.readable import look
from trainee.modules.questions import Question, kinds
from trainee.modules.questions.kind import Slug

_CHECK_TYPES = ("single", "multiple")
_OPEN = re.compile(r":::\s*([a-z-]*)\s*(.*)$")
_LINE = re.compile(r"([^:]{1,40}):\s+(\S.*)$")
_OPTION = re.compile(r"[-*]\s+\[([ xX])\]\s+(.*)$")
_ATTRIBUTE = re.compile(r"([a-z]+)=(\S+)")


class _Front(BaseModel):
    """What stands between the two `---` lines."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Written
    minutes: Annotated[int, Field(ge=1, le=60)]
    skills: Annotated[list[Slug], Field(min_length=1)]
    step: Literal["greet", "discover", "meet", "follow-up", "leave-door-open", "lead"]


@dataclass
class _Option:
    line: int
    correct: bool
    words: str


@dataclass
class _Check:
    """A check as it stands in one of the two files."""

    line: int
    attributes: dict[str, str]
    stem: list[str] = field(default_factory=list)
    options: list[_Option] = field(default_factory=list)


@dataclass
class _Page:
    """One of the two files: its front matter, and its blocks with their lines; checks are still as written."""

    path: str
    front: _Front
    front_tree: yamltree.Tree
    blocks: list[tuple[int, Block | _Check]]

    @property
    def checks(self) -> list[_Check]:
        return [block for _line, block in self.blocks if isinstance(block, _Check)]


@dataclass(frozen=True)
class Around:
    """What a lesson may point at: pictures beside it, and, where they are known, modules and policy cards (None: do not look)."""

    pictures: Collection[str] = ()
    modules: Collection[str] | None = None
    cards: Collection[str] | None = None
    shown: set[str] = field(default_factory=set)
    """The pictures that were shown, filled while reading."""
    to_show: bool = True
    """Whether the lesson is read to be shown; else its blocks hold its words in bare tags, which takes much less time to make."""


def read_lesson(
    key: str, number: int, texts: Mapping[str, str], paths: Mapping[str, str], findings: Findings, around: Around | None = None, doubt: bool = True
) -> Lesson | None:
    """The lesson written in `texts` ('tr' and 'en'); None after telling what is wrong. `paths` are what findings call the two files.

    With `doubt` it is also told what can be read and yet might be better.
    """
    around = around or Around()
    pages = {lang: _read_page(texts[lang], paths[lang], findings, around) for lang in ("tr", "en")}
    tr, en = pages["tr"], pages["en"]
    if tr is None or en is None:
        return None
    _compare_fronts(tr, en, findings)
    questions = _questions(tr, en, findings)
    lesson = Lesson(
        key=key,
        number=number,
        title=Text(tr.front.title, en.front.title),
        minutes=tr.front.minutes,
        skills=tuple(tr.front.skills),
        step=tr.front.step,
        blocks_tr=tuple(_settled(tr, questions)),
        blocks_en=tuple(_settled(en, questions)),
    )
    if doubt and findings.ok:
        lines = {lang: [line for line, _block in page.blocks] for lang, page in (("tr", tr), ("en", en))}
        lined = {lang: list(zip(lines[lang], lesson.blocks(lang), strict=False)) for lang in ("tr", "en")}
        look(lesson, lined, paths, tr.front_tree.line("minutes"), findings)
    return lesson


def _settled(page: _Page, questions: Mapping[str, Question]) -> Iterator[Block]:
    for index, (_line, block) in enumerate(page.blocks):
        if isinstance(block, _Check):
            question = questions.get(block.attributes.get("id", ""))
            if question is not None:
                yield Check(index, question)
        else:
            yield block


def _compare_fronts(tr: _Page, en: _Page, findings: Findings) -> None:
    for name in ("minutes", "skills", "step"):
        if getattr(tr.front, name) != getattr(en.front, name):
            findings.error(en.path, en.front_tree.line(name), f"`{name}` is not the same as in the Turkish file.", "Make them the same.")


def _read_page(text: str, path: str, findings: Findings, around: Around) -> _Page | None:
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None) if lines[0].rstrip() == "---" else None
    if end is None:
        findings.error(path, 1, "The lesson does not begin with its record.", "Begin with `---`, then title, minutes, skills and step, then `---`.")
        return None
    try:
        # The first line is left empty so that places in the record are places in the file.
        tree = yamltree.read("\n".join(["", *lines[1:end]]), path)
    except yamltree.Unreadable as unreadable:
        findings.extend(unreadable.findings)
        return None
    front = yamltree.fill(_Front, tree, findings)
    blocks = list(_Reader(path, findings, around).read(lines, end + 1))
    _check_structure(path, blocks, findings)
    return _Page(path, front, tree, blocks) if front is not None else None


def _check_structure(path: str, blocks: list[tuple[int, Block | _Check]], findings: Findings) -> None:
    kinds_found = {"check" if isinstance(block, _Check) else block.kind for _line, block in blocks}
    for kind, name in (("weak", "weak dialogue"), ("strong", "strong dialogue"), ("check", "check"), ("try", "task to try")):
        if kind not in kinds_found:
            findings.error(path, 1, f"The lesson has no {name}.", f"Add a `:::{kind}` block.")


class _Reader:
    """Goes through the lines of a lesson and gives its blocks, each with its line."""

    def __init__(self, path: str, findings: Findings, around: Around) -> None:
        self.path = path
        self.around = around
        self.findings = findings
        self.index = 0

    def read(self, lines: list[str], start: int) -> Iterator[tuple[int, Block | _Check]]:
        """The blocks from line number `start` (from 0) on."""
        plain: list[str] = []
        number = plain_start = start
        while number < len(lines):
            if not lines[number].startswith(":::"):
                plain.append(lines[number])
                number += 1
                continue
            yield from self._prose(plain, plain_start)
            inside, number = self._inside(lines, number)
            yield from inside
            plain, plain_start = [], number
        yield from self._prose(plain, plain_start)

    def _tell(self, line: int, message: str, mend: str) -> None:
        self.findings.error(self.path, line + 1, message, mend)

    def _next(self) -> int:
        self.index += 1
        return self.index - 1

    def _prose(self, lines: list[str], start: int) -> Iterator[tuple[int, Block | _Check]]:
        for offset, tokens in markdown.parts("\n".join(lines), self.around.to_show):
            line = start + offset
            if self._is_title(tokens, line):
                continue
            self._check_tokens(tokens, line)
            yield line + 1, Prose(self._next(), self._html(tokens))

    def _html(self, tokens: list[Token], pictures: bool = True) -> str:
        return markdown.html(tokens, pictures) if self.around.to_show else markdown.outline(tokens)

    def _is_title(self, tokens: list[Token], line: int) -> bool:
        # The page shows the title itself, so the heading that repeats it is dropped; there is room for one only.
        if tokens[0].type != "heading_open" or tokens[0].tag != "h1":
            return False
        if self.index > 0:
            self._tell(line, "A second `#` heading.", "Use `##` for the parts of a lesson.")
        return True

    def _check_tokens(self, tokens: list[Token], line: int) -> None:
        for token in tokens:
            for child in token.children or []:
                if child.type == "image":
                    self._check_picture(child, line)
                elif child.type == "link_open":
                    wrong = links.wrong_with(str(child.attrGet("href") or ""), self.around.modules, self.around.cards)
                    if wrong is not None:
                        self._tell(line, *wrong)
                elif child.type == "text" and re.search(r"</?[a-z][^>]*>", child.content):
                    self._tell(line, "HTML is shown as text.", "Use Markdown: **bold**, *italics*, lists, tables.")

    def _check_picture(self, token: Token, line: int) -> None:
        name = str(token.attrGet("src") or "")
        if name not in self.around.pictures:
            mend = f"Put it into the module's folder. {meant(name, self.around.pictures, 'picture')}"
            self._tell(line, f"There is no picture `{name}` beside this file.", mend)
        if len(token.content.split()) < 2:
            mend = "Say in a sentence what it shows, for whoever cannot see it: `![what it shows](name.svg)`."
            self._tell(line, "The picture has no description.", mend)
        self.around.shown.add(name)
        token.attrSet("src", f"pictures/{name}")

    def _inside(self, lines: list[str], start: int) -> tuple[list[tuple[int, Block | _Check]], int]:
        opened = _OPEN.match(lines[start].rstrip())
        name, rest = (opened[1], opened[2]) if opened else ("", "")
        end = next((number for number in range(start + 1, len(lines)) if lines[number].startswith(":::")), None)
        if name == "":
            self._tell(start, "This `:::` closes nothing.", "Delete it, or open a block above with `:::weak` or another name.")
            return [], start + 1
        if end is None or lines[end].strip() != ":::":
            self._tell(start, f"`:::{name}` is not closed.", "Write `:::` alone in a line below it.")
            return [], len(lines) if end is None else end
        return self._block(name, rest, lines[start + 1 : end], start), end + 1

    def _block(self, name: str, rest: str, lines: list[str], start: int) -> list[tuple[int, Block | _Check]]:
        if name in ("weak", "strong"):
            return [(start + 1, Dialogue(self._next(), name, with_sides(list(self._talk(lines, start)))))]
        if name == "try":
            words = "\n".join(lines).strip()
            if not words:
                self._tell(start, "The task is empty.", "Say what to try in the next contacts.")
            tokens = [token for _line, part in markdown.parts(words, self.around.to_show) for token in part]
            self._check_tokens(tokens, start + 1)
            return [(start + 1, TryIt(self._next(), self._html(tokens, pictures=False)))]
        if name == "check":
            check = self._check(rest, lines, start)
            self._next()
            return [(start + 1, check)]
        self._tell(start, f"`:::{name}` is no block of a lesson.", meant(name, ("weak", "strong", "check", "try")))
        return []

    def _talk(self, lines: list[str], start: int) -> Iterator[tuple[str, str]]:
        spoken = 0
        for offset, line in enumerate(lines, 1):
            if not line.strip():
                continue
            found = _LINE.match(line.strip())
            if found is None:
                self._tell(start + offset, "A line of a dialogue says who speaks.", "Write it as `Speaker: words`, all in one line.")
                continue
            spoken += 1
            if "{{" in line:
                self._tell(start + offset, "Cards are not filled inside a dialogue.", "Name the card in the text before or after it.")
            yield found[1].strip(), found[2].strip()
        if not spoken:
            self._tell(start, "The dialogue is empty.", "Write lines such as `Customer: words`.")

    def _check(self, rest: str, lines: list[str], start: int) -> _Check:
        check = _Check(start + 1, dict(_ATTRIBUTE.findall(rest)))
        left = _ATTRIBUTE.sub("", rest).strip()
        if left:
            self._tell(start, f"`{left}` after `:::check` is not understood.", "Write `id=c1 type=single level=apply skill=empathy`.")
        for offset, line in enumerate(lines, 1):
            found = _OPTION.match(line)
            if found:
                check.options.append(_Option(start + 1 + offset, found[1] in "xX", found[2].strip()))
            elif line.strip() and check.options:
                check.options[-1].words += " " + line.strip()
            elif line.strip():
                check.stem.append(line.strip())
        return check


def with_sides(lines: list[tuple[str, str]]) -> tuple[tuple[str, str, str], ...]:
    """A talk with the side of each speaker: who is called customer is the customer; where nobody is, whoever speaks first."""
    speakers = list(dict.fromkeys(speaker for speaker, _words in lines))
    named = [speaker for speaker in speakers if trtext.fold(speaker).startswith(("musteri", "customer"))]
    customers = named or speakers[:1]
    return tuple((speaker, words, "customer" if speaker in customers else "agent") for speaker, words in lines)


def _questions(tr: _Page, en: _Page, findings: Findings) -> dict[str, Question]:
    """The checks of both files as questions, by id."""
    others = {check.attributes.get("id", ""): check for check in en.checks}
    _compare_ids(tr, en, findings)
    found: dict[str, Question] = {}
    for check in tr.checks:
        other = others.get(check.attributes.get("id", ""))
        if other is None:
            continue
        # First by itself: a type there is not would else be told as a difference, in the file that is right.
        known = [_is_known(*one, findings) for one in ((tr.path, check), (en.path, other))]
        if not all(known) or not _same(check, other, en.path, findings):
            continue
        question = _question(check, other, tr.path, en.path, findings)
        if question is not None:
            found[question.id] = question
    return found


def _compare_ids(tr: _Page, en: _Page, findings: Findings) -> None:
    for page, other, language in ((tr, en, "English"), (en, tr, "Turkish")):
        theirs = [check.attributes.get("id") for check in other.checks]
        seen: set[str] = set()
        for check in page.checks:
            name = check.attributes.get("id")
            if name is None:
                findings.error(page.path, check.line, "The check has no id.", "Write `:::check id=c1 ...`.")
                continue
            if name in seen:
                findings.error(page.path, check.line, f"The id `{name}` is used by two checks.", "Give each its own id.")
            elif name not in theirs:
                findings.error(page.path, check.line, f"The check `{name}` is not in the {language} file.", "Write it there too, with the same id.")
            seen.add(name)
    ours = [check.attributes.get("id") for check in tr.checks]
    theirs = [check.attributes.get("id") for check in en.checks]
    if ours != theirs and sorted(map(str, ours)) == sorted(map(str, theirs)):
        findings.error(en.path, en.checks[0].line, "The checks stand in another order than in the Turkish file.", "Keep one order in both.")


def _is_known(path: str, check: _Check, findings: Findings) -> bool:
    kind = check.attributes.get("type", "")
    if kind in _CHECK_TYPES:
        return True
    said = f"A check is of `type=single` or `type=multiple`{f', and not of `{kind}`' if kind else ''}."
    findings.error(path, check.line, said, meant(kind, _CHECK_TYPES) if kind else "Write one of them.")
    return False


def _same(check: _Check, other: _Check, path: str, findings: Findings) -> bool:
    if check.attributes != other.attributes:
        differ = ", ".join(sorted({name for name, _value in {*check.attributes.items()} ^ {*other.attributes.items()}}))
        findings.error(path, other.line, f"The check has another {differ} than in the Turkish file.", "Make the first lines the same.")
        return False
    if len(check.options) != len(other.options):
        findings.error(path, other.line, f"{len(other.options)} options here, {len(check.options)} in the Turkish file.", "Write the same options.")
        return False
    if [option.correct for option in check.options] != [option.correct for option in other.options]:
        findings.error(path, other.line, "Another option is right here than in the Turkish file.", "Mark the same one with [x] in both.")
        return False
    return True


def _question(check: _Check, other: _Check, tr_path: str, en_path: str, findings: Findings) -> Question | None:
    kind = kinds[check.attributes["type"]]
    before = len(findings.errors)
    options = [
        _both(index, mine, theirs, tr_path, en_path, findings) for index, (mine, theirs) in enumerate(zip(check.options, other.options, strict=True))
    ]
    if len(findings.errors) > before:
        return None
    value: dict[str, Any] = {**check.attributes, "stem": {"tr": "\n".join(check.stem), "en": "\n".join(other.stem)}, "options": options}
    places: dict[yamltree.Path, yamltree.Place] = {(): (check.line, 1)} | {("options", i): (one.line, 1) for i, one in enumerate(check.options)}
    question: Question | None = kind.build(value, yamltree.Tree(tr_path, value, places), (), findings)
    return question


def _both(index: int, mine: _Option, theirs: _Option, tr_path: str, en_path: str, findings: Findings) -> dict[str, Any]:
    words = {}
    whys = {}
    for lang, option, path in (("tr", mine, tr_path), ("en", theirs, en_path)):
        said, arrows, why = option.words.partition(">>")
        words[lang], whys[lang] = said.strip(), why.strip()
        if not words[lang]:
            findings.error(path, option.line, "The option is empty.", "Write what can be chosen.")
        if not arrows or not whys[lang]:
            findings.error(path, option.line, "The option has no feedback.", "Add `>>` and what you say to whoever chose it.")
    return {"id": "abcdefghij"[index] if index < 10 else f"o{index}", "text": words, "correct": mine.correct, "why": whys}

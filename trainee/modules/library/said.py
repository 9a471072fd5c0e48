"""Whether each text stands in its own language, and whether what is said to a learner says anything."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from trainee.kit import markdown, yamltree
from trainee.kit.findings import Findings
from trainee.modules.library.translated import walk

ENOUGH = 4
"""Fewer words than this may well be the same in both languages: names, figures, a greeting."""

SAME = 0.8
"""Two texts that share more of their words than this were copied and not translated."""

# Words that one language cannot do without and the other does not have. "her", "on" or "an" are words of both and stand in neither list.
_TURKISH = """
ve bir bu için ile da mi mı mu mü ama çok var yok değil gibi daha olan olarak kadar sonra önce siz sizi sizin size beni bana biz o şu
diye kim kimse nerede neyi bunu buna benim iyi gün zaman biri hangi nasıl neden ise hem bugün yarın şimdi müşteri olur oldu ediyor eder
yalnız
"""
_ENGLISH = """
the and to of is are you your we that this with for not do does what when how who have was were be will they their she he my our or if
from which would should there then says
"""
_OF = {"tr": frozenset(_TURKISH.split()), "en": frozenset(_ENGLISH.split())}
_NAMES = {"tr": "Turkish", "en": "English"}
_TURKISH_LETTERS = re.compile(r"[çğışöü]")
# A word that begins with a capital may be a name, which is the same in both languages; so is a number.
_PLAIN = re.compile(r"(?<![\w’'{.])[a-zçğıöşüâîû]+(?![\w.]*[@}])")
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]*[\"”»]|\*[^*\n]+\*|`[^`]*`|\{\{[^}]*\}\}|\]\([^)]*\)|\[\[\d+\]\]")
_WORD = re.compile(r"\w+")
_FEEDBACK = re.compile(r"[-*]\s+\[[ xX]\].*>>")
# What holds words to look for, in any language, and ids.
_NO_TEXT = frozenset(("accept", "look_for", "spoils", "unless", "forms"))
_SAID = frozenset(("why", "feedback"))


def look_for_unsafe(path: str, text: str, findings: Findings) -> None:
    """Tell every link that a page refuses to show, in whatever file of the content."""
    for line, address in markdown.unsafe_links(text):
        findings.error(path, line, f"The link `{address}` is unsafe and is not shown.", "Write the full address, beginning with https://.")


def look_in_tree(tree: yamltree.Tree, findings: Findings) -> None:
    """Note every text of a YAML file that was not translated, and every explanation that says nothing."""
    for at, value in walk(tree.value, ()):
        if not _NO_TEXT.isdisjoint(at):
            continue
        tr, en = (_joined(value[lang]) for lang in ("tr", "en"))
        name = next((step for step in reversed(at) if isinstance(step, str)), "")
        if name in _SAID:
            for lang, words in (("tr", tr), ("en", en)):
                _look_at_explanation(tree.path, tree.line(*at, lang), words, lang, findings)
        wrong = wrong_with(tr, en)
        if wrong is not None:
            findings.error(tree.path, tree.line(*at, wrong[0]), wrong[1], f"Write it in {_NAMES[wrong[0]]}.")


def look_in_page(path: str, text: str, lang: str, findings: Findings) -> None:
    """Note every paragraph of a lesson that stands in the other language, and every feedback in a check that says nothing."""
    for number, written in enumerate(text.split("\n"), 1):
        if _FEEDBACK.match(written):
            _look_at_explanation(path, number, written.partition(">>")[2], lang, findings)
    for line, words in _paragraphs(text):
        if in_other_language(words, lang):
            other = "en" if lang == "tr" else "tr"
            findings.error(path, line, f"This stands in {_NAMES[other]}, in the {_NAMES[lang]} file.", f"Write it in {_NAMES[lang]}.")


def wrong_with(tr: str, en: str) -> tuple[str, str] | None:
    """The language in which a text is not really written, and a sentence about it; None when both are."""
    if _plainly_written(tr, en):
        return None
    plain = {"tr": _PLAIN.findall(tr), "en": _PLAIN.findall(en)}
    for lang, words in (("tr", tr), ("en", en)):
        if _is_other(words, plain[lang], lang):
            return lang, f"The {_NAMES[lang]} of this text is not {_NAMES[lang]}."
    mine, theirs = set(plain["tr"]), set(plain["en"])
    if min(map(len, plain.values())) >= ENOUGH and len(mine & theirs) > SAME * len(mine | theirs):
        return "tr", "The Turkish of this text is the English one: it was not translated."
    return None


def _plainly_written(tr: str, en: str) -> bool:
    """Whether each text has a word of its own language and the two share few: then nothing more need be looked at, which is so of most."""
    mine, theirs = set(tr.split()), set(en.split())
    return not _OF["tr"].isdisjoint(mine) and not _OF["en"].isdisjoint(theirs) and 2 * len(mine & theirs) < min(len(mine), len(theirs))


def in_other_language(words: str, lang: str) -> bool:
    """Whether a text evidently stands in the other of our two languages. What stands in quotation marks may be in any."""
    return _is_other(words, _PLAIN.findall(words), lang)


def _is_other(text: str, found: Sequence[str], lang: str) -> bool:
    # Almost every text has a word of its own language, and then nothing more need be looked at.
    if len(found) < ENOUGH or not _OF[lang].isdisjoint(found):
        return False
    other = "en" if lang == "tr" else "tr"
    bare = _PLAIN.findall(_QUOTED.sub(" ", text))
    return len(bare) >= ENOUGH and _evidence(bare, other) >= 2 and _evidence(bare, lang) == 0


def _evidence(words: Sequence[str], lang: str) -> int:
    own = _OF[lang]
    if lang == "en":
        return sum(word in own for word in words)
    return sum(word in own or _TURKISH_LETTERS.search(word) is not None for word in words)


def _joined(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """The paragraphs of a lesson without its record, each with its first line; lines that open or close a block part them too."""
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    held: list[str] = []
    for number, line in enumerate([*lines[start + 1 :], ""], start + 2):
        if line.strip() and not line.startswith(":::"):
            held.append(line)
        elif held:
            yield number - len(held), "\n".join(held)
            held = []


def _look_at_explanation(path: str, line: int, words: str, lang: str, findings: Findings) -> None:
    """An explanation without any word is none; one of a single word leaves whoever chose it as wise as before."""
    count = len(_WORD.findall(words))
    mend = "Say in a sentence what the answer does to the customer, or why it is right."
    if words.strip() and count == 0:
        findings.error(path, line, f"“{words.strip()}” explains nothing ({lang}).", mend)
    elif count == 1:
        findings.warn(path, line, f"“{words.strip()}” explains little ({lang}): it is a single word.", mend)

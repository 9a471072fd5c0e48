"""Whether what is said of a scale is so: NPS is asked from 0 to 10, and a survey's words name the ends its scale has."""

import re
from typing import Any

from trainee.kit import trtext, yamltree
from trainee.kit.findings import Findings
from trainee.modules.library.translated import walk

LOWEST, HIGHEST = 0, 10
"""NPS: "How likely are you to recommend us?", 0 to 10; 9 and 10 are promoters, 7 and 8 passives, 0 to 6 detractors (Reichheld 2003)."""

_ABOUT = re.compile(
    r"\bnps\b|net (?:promoter|tavsiye)|promoter|detractor|destekci|kotuleyen|tavsiye etme olas|likely (?:are you|would you be|you are) to recommend"
)
_RECOMMEND = re.compile(
    r"tavsiye etme olas|tavsiye eder misiniz|tavsiye edersiniz|likely (?:are you|would you be|you are) to recommend|would you recommend"
)
_FROM_ONE = re.compile(r"(?<![\w.,+-])1\s*(?:-|–|to|ile|and|ila|'?d[ae]n)\s*(10|6)(?![\w.,]*\d)")
_SPAN = re.compile(r"(?<!\d)1\D{1,6}(?:10|6)(?!\d)")
_FROM_NOUGHT = re.compile(r"(?<![\w.,+-])0\s*(?:-|–|to|ile|and|ila|'?d[ae]n)\s*(?:10|6)(?![\w.,]*\d)")
_ENDS = re.compile(r"[(,;]\s*(\d{1,2})\s*[:=]")
# What is offered and is not right may say what is not so.
_OFFERED = ("options", "reasons", "choices", "mistakes", "replies", "cues")


def wrong_scale(text: str) -> str | None:
    """A sentence about a text that gives NPS, or the group of detractors, a scale that begins at 1; None when it does not."""
    # Nearly no text names such a span, and folding every one takes its time.
    if not _SPAN.search(text):
        return None
    told = trtext.fold(text)
    found = _FROM_ONE.search(told)
    if found is None or not _ABOUT.search(told) or _FROM_NOUGHT.search(told):
        return None
    what = "NPS is asked from 0 to 10" if found[1] == "10" else "Detractors are those who answer 0 to 6"
    return f"{what}, and this says 1 to {found[1]}."


def look_in_tree(tree: yamltree.Tree, findings: Findings) -> None:
    """Note every text of a quiz or a role-play that gives NPS another scale. What is offered to choose from may be wrong, unless it is the answer."""
    for at, value in walk(tree.value, ()):
        if _may_be_wrong(tree, at):
            continue
        for lang in ("tr", "en"):
            said = value[lang]
            wrong = wrong_scale("\n".join(map(str, said)) if isinstance(said, list) else str(said))
            if wrong is not None:
                findings.warn(tree.path, tree.line(*at, lang), wrong, "Write 0 to 10, and 0 to 6 for detractors.")


def _may_be_wrong(tree: yamltree.Tree, at: yamltree.Path) -> bool:
    """Whether these words belong to an answer that is not the right one, or to a statement that is false."""
    for place, step in enumerate(at):
        if step in _OFFERED and place + 1 < len(at) and not _is_right(tree.get(*at[: place + 2])):
            return True
    return at[:1] == ("questions",) and tree.get(*at[:2], "answer") is False and at[2:3] == ("stem",)


def _is_right(offered: Any) -> bool:
    return isinstance(offered, dict) and offered.get("correct") is True


def look_in_page(path: str, text: str, findings: Findings) -> None:
    """Note every line of a lesson that gives NPS another scale; wrong options of a check may."""
    for number, line in enumerate(text.split("\n"), 1):
        if "1" in line and not re.match(r"[-*]\s+\[ \]", line) and (wrong := wrong_scale(line)) is not None:
            findings.warn(path, number, wrong, "Write 0 to 10, and 0 to 6 for detractors.")


def look_at_asked(tree: yamltree.Tree, number: int, low: int, high: int, findings: Findings) -> None:
    """Tell when a survey's question on recommending is not asked from 0 to 10, or when its words name other ends than its scale has."""
    at = ("questions", number, "text")
    for lang in ("tr", "en"):
        words = str(tree.get(*at, lang))
        if _RECOMMEND.search(trtext.fold(words)) and (low, high) != (LOWEST, HIGHEST):
            message = f"How likely somebody is to recommend is asked from {LOWEST} to {HIGHEST}, and this scale goes from {low} to {high}."
            findings.error(tree.path, tree.line("questions", number), message, "Write `low: 0, high: 10`: with other ends NPS cannot be worked out.")
            return
        ends = [int(end) for end in _ENDS.findall(words)]
        if len(ends) > 1 and (min(ends), max(ends)) != (low, high):
            message = f"The words ({lang}) name the ends {min(ends)} and {max(ends)}, and the scale goes from {low} to {high}."
            findings.error(tree.path, tree.line(*at, lang), message, "Make them the same.")

"""How questions are put: whatever lets a learner find the right answer without knowing it, or miss it though she does."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from trainee.kit import trtext
from trainee.kit.chance import UNLIKELY, at_least
from trainee.kit.findings import Findings
from trainee.modules.library.joined import stands_for_others
from trainee.modules.questions import Question, kind_of

ENOUGH = 5
"""With fewer questions than this, chance alone puts the right answer in one place, or makes it the longest, often."""

MOST_ALIKE = 0.6
GIVE_AWAY = 1.5
"""A right answer that is longer than every other by half of its length stands out, and so does one that is shorter by as much."""

MANY = 100
"""So many questions are a catalogue and no module."""

RARE = 0.005
"""Any of four places may hold too many right ones, and so may one of twenty modules by chance: a module is told only when it is rarer than that."""

_NOTICED = 20
_SAME = 0.8

_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]")
# A part of a sentence that says of whom or when it is so may say "not": "Which reply helps a customer who cannot wait?"
_SAME_CLAUSE = r"(?:(?!\b(?:who|whom|whose|that|when|if|because|while|where|after|before|since|although|so|to)\b)[^?,;])*?"
_NEGATED = {
    # "Hangilerini sormadan tarih vermezsiniz?" asks what has to be asked: after "-madan" the second negation takes back the first.
    "tr": re.compile(
        r"^(?![^?]*m[ae]d[ae]n\b[^?]*m[ae]z)[^?]*(?:"
        r"\bhangi\w*\b[^?]*\b(degil|degildir|degiller)\s*[?]|\bhangi\w*\b[^?]*\byanlis(tir|\s*[?])|\b(haric|disinda)\b[^?]*\bhangi|"
        r"\b(hangi\w*|ne|neyi|neler|neleri|kime|kimi)\b[^?,]*\w+m[ae]z(lar|ler|siniz|sin|diniz)?\b|\bhangi\w*\b[^?]*\w+m[ae]zsiniz\s*[?]|"
        r"\b(hangi\w*|ne|neyi|neler|neleri|kime|kimi)\b[^?]*\w+m[ae]m[ae](li\w*|k|niz|si|lari|leri)( gerek\w*| lazim\w*| uygun\w*)?\s*[?]|"
        r"\bhangi\w*\b[^?]*\bkacin(ir|irsiniz|mali\w*|ilmali\w*|mak gerek\w*)\s*[?]|"
        r"\b(olmayan|olmayani|bulunmayan|gerekmeyen|yapilmayan)( \w+)? hangi(si|leri)(dir)?\s*[?]|"
        r"\w+m[ae](m[ae]li\w*|z|zlar|zler)\b[^?]*\bdogru mu\b|\bdegil(dir)?\b[^?]*\bdogru mu\b|"
        r"\bhangi\w* (?:digerlerinden )?(?:farkli|aykiri|uymuyor|uymaz)\w*\s*[?])"
    ),
    "en": re.compile(
        rf"\b(which|what)\b{_SAME_CLAUSE}\b((is|are|was|were|do|does|did|can|could|should|would|will|may|must|has|have)"
        r"( you| we| one| they| i| an? \w+| the \w+)? not|never|cannot)\b|"
        rf"\b(which|what)\b{_SAME_CLAUSE}(n't\b|\b(should|would|do|must|will|could|can)( you| we| one| they| an? \w+| the \w+) avoid\b)|"
        rf"\b(which|what)\b{_SAME_CLAUSE}\b(be|best|is|are) avoided\b|\bexcept\b[^?]*[?]|\bexcept\s*:?$|"
        r"\b(which|what)\b[^?]*\b(is|are) (wrong|false|incorrect)\b|\bodd one out\b|"
        r"\b(which|what)\b[^?]*\b(is|are) (?:the )?(?:different from the (?:others?|rest)|different one|exception)\b[^?]*[?]|"
        r"\b(not|never|n't)\b[^?]*\btrue or false\b|\btrue or false\b[^?]*\b(not|never)\b"
    ),
}
_VERDICT = re.compile(r"^(dogru mu|true or false)\b")
_SPAN = re.compile(r"(?<![\w.,])(\d+)\s*(?:-|–|ile|to|and)\s*(\d+)(?![\w.,]*\d)")


@dataclass(frozen=True, slots=True)
class Placed:
    """A question with the place where it stands."""

    question: Question
    path: str
    line: int


def look(placed: Sequence[Placed], findings: Findings) -> None:
    """Note what is doubtful about the questions of one module, each by itself and all together."""
    for one in placed:
        _look_at_stem(one, findings)
        _look_at_options(one, findings)
    _look_at_all(placed, findings)
    _look_at_lengths(placed, findings)


def look_between(placed: Iterable[Placed], findings: Findings) -> None:
    """Note every question that is asked twice in the catalogue, whatever its case, accents and signs."""
    for lang in ("tr", "en"):
        first: dict[str, Placed] = {}
        for one in placed:
            stem = _plain(" ".join((one.question.stem.of(lang), *_situation(one.question, lang))))
            if stem in first and first[stem].question is not one.question:
                other = first[stem]
                message = f"`{one.question.id}` asks word for word ({lang}) what `{other.question.id}` asks in {other.path}:{other.line}."
                findings.error(one.path, one.line, message, "Ask something else, or leave one of them out.")
            first.setdefault(stem, one)


def look_at_verdicts(placed: Iterable[Placed], findings: Findings) -> None:
    """Note when statements are false, or true, so often over the catalogue that a learner need not read them."""
    judged = [(one, verdict) for one in placed if (verdict := kind_of(one.question).verdict(one.question)) is not None]
    for verdict in (True, False):
        told = [one for one, given in judged if given is verdict]
        if len(judged) >= ENOUGH and at_least(len(told), [0.5] * len(judged)) < UNLIKELY:
            word = "true" if verdict else "false"
            places = ", ".join(f"`{one.question.id}` in {one.path.rpartition('/')[0].rpartition('/')[2]}:{one.line}" for one in told[:3])
            message = f"{len(told)} of {len(judged)} statements in the catalogue are {word}; chance alone gives about {len(judged) / 2:.0f}: {places}"
            message += f" and {len(told) - 3} more." if len(told) > 3 else "."
            findings.warn(
                told[0].path, told[0].line, message, f"Turn some of them round, so that about as many are {'false' if verdict else 'true'}."
            )


def _situation(question: Question, lang: str) -> Iterable[str]:
    """What belongs to the stem of some types: the same words may ask another thing of it."""
    return kind_of(question).told_with_stem(question, lang)


@lru_cache(maxsize=200)
def _plain(text: str) -> str:
    # Every option of a question is compared with every other, so the same few texts are asked for again at once.
    return trtext.squeeze(re.sub(r"[^\w\s]", " ", trtext.fold(text)))


def _look_at_stem(one: Placed, findings: Findings) -> None:
    for lang in ("tr", "en"):
        if _NEGATED[lang].search(_asked(one.question.stem.of(lang))):
            message = f"`{one.question.id}` asks by a negation ({lang}), which readers in a hurry miss."
            findings.warn(one.path, one.line, message, "Ask for what is right, or for what has to be mended.")


def _asked(stem: str) -> str:
    """What is asked at the end of a stem, folded and without what stands in quotation marks; "true or false?" belongs to what it judges."""
    said = re.split(r"(?<=[.!:])\s+", _QUOTED.sub("", trtext.fold(stem)))
    return " ".join(said[-2:]) if len(said) > 1 and any(map(_VERDICT.search, said[-2:])) else said[-1]


def _look_at_options(one: Placed, findings: Findings) -> None:
    options = kind_of(one.question).options(one.question)
    for option in options:
        for lang in ("tr", "en"):
            if stands_for_others(_plain(option.text.of(lang)), lang):
                message = f"`{one.question.id}` has an option that stands for others: “{option.text.of(lang)}”."
                findings.error(one.path, one.line, message, "Write what it means; ask with several right answers if there are several.")
    for lang in ("tr", "en"):
        _look_for_give_away(one, lang, findings)
        for mine, other in combinations(options, 2):
            if mine.correct != other.correct and _overlap(mine.text.of(lang), other.text.of(lang)):
                message = f"In `{one.question.id}` the options `{mine.id}` and `{other.id}` overlap ({lang}): who chooses one may mean the other."
                findings.warn(one.path, one.line, message, "Make them exclude each other.")


def _look_for_give_away(one: Placed, lang: str, findings: Findings) -> None:
    rivals = kind_of(one.question).rivals(one.question, lang)
    right = [len(words) for words, correct in rivals if correct]
    wrong = [len(words) for words, correct in rivals if not correct]
    if len(right) != 1 or not wrong:
        return
    if right[0] > GIVE_AWAY * max(wrong) and right[0] > max(wrong) + _NOTICED:
        message = f"The right answer of `{one.question.id}` is much the longest ({lang}: {right[0]} signs, the next {max(wrong)})."
        findings.warn(one.path, one.line, message, "Shorten it, or give the others their reasons too.")
    if min(wrong) > GIVE_AWAY * right[0] and min(wrong) > right[0] + _NOTICED:
        message = f"The right answer of `{one.question.id}` is much the shortest ({lang}: {right[0]} signs, the next {min(wrong)})."
        findings.warn(one.path, one.line, message, "Give it its reason too, or shorten the others.")


def _overlap(one: str, other: str) -> bool:
    """Whether two options say nearly the same words, or name spans of numbers that share some."""
    spans = [[tuple(sorted(map(int, found))) for found in _SPAN.findall(text)] for text in (one, other)]
    if all(len(found) == 1 for found in spans):
        (low, high), (least, most) = spans[0][0], spans[1][0]
        return bool(low <= most and least <= high) and _plain(_SPAN.sub("", one)) == _plain(_SPAN.sub("", other))
    mine, theirs = set(_plain(one).split()), set(_plain(other).split())
    shared = len(mine & theirs)
    # One word more may turn a sentence round ("do not"), so what differs by a negation does not overlap.
    return shared >= 3 and shared / len(mine | theirs) > _SAME and not _turned(mine ^ theirs)


def _turned(words: set[str]) -> bool:
    return any(word in {"not", "no", "never", "degil", "yok", "hic"} or re.search(r"m[ae](z|d|y)|\d", word) for word in words)


def _look_at_all(placed: Sequence[Placed], findings: Findings) -> None:
    """The right answer of a module's questions must not be known by its place."""
    asked = [(one, kind_of(one.question).options(one.question)) for one in placed]
    choosing = [(one, options) for one, options in asked if sum(option.correct for option in options) == 1]
    if len(choosing) < ENOUGH:
        return
    path, line = choosing[0][0].path, choosing[0][0].line
    places = Counter(next(place for place, option in enumerate(options) if option.correct) for _one, options in choosing)
    place, count = places.most_common(1)[0]
    chance = at_least(count, [1 / len(options) for _one, options in choosing])
    if count > MOST_ALIKE * len(choosing) or chance < RARE:
        message = f"In {count} of {len(choosing)} questions the right answer is written as number {place + 1}."
        findings.warn(path, line, message, "Write them in another order; the ids need not follow the alphabet.")


def look_at_lengths_everywhere(placed: Sequence[Placed], findings: Findings) -> None:
    """The same over the catalogue: what chance may do in one module it hardly does in all of them."""
    if len(placed) >= MANY:
        _look_at_lengths(placed, findings, " of the catalogue")


def _look_at_lengths(placed: Sequence[Placed], findings: Findings, where: str = "") -> None:
    """Whoever takes the longest answer everywhere, or the shortest, must not come out better than by throwing dice."""
    for lang in ("tr", "en"):
        asked = [(one, kind_of(one.question).rivals(one.question, lang)) for one in placed]
        choosing = [(one, rivals) for one, rivals in asked if sum(correct for _words, correct in rivals) == 1]
        if len(choosing) < ENOUGH:
            continue
        chances = [1 / len(rivals) for _one, rivals in choosing]
        for name, mend, stands_out in (
            ("longest", "Shorten some of them, or give the others more words.", _is_longest),
            ("shortest", "Give some of them their reasons, or shorten the others.", _is_shortest),
        ):
            told = [f"{one.path.rpartition('/')[2]}:{one.line}" for one, rivals in choosing if stands_out(rivals)]
            if at_least(len(told), chances) < UNLIKELY:
                message = f"In {len(told)} of {len(choosing)} questions{where} the right answer is the {name} one ({lang}); "
                message += f"chance alone gives about {sum(chances):.0f}{'' if where else ': ' + ', '.join(told)}."
                findings.warn(choosing[0][0].path, choosing[0][0].line, message, mend)


def _is_longest(rivals: Sequence[tuple[str, bool]]) -> bool:
    return all(len(words) > max(len(wrong) for wrong, correct in rivals if not correct) for words, right in rivals if right)


def _is_shortest(rivals: Sequence[tuple[str, bool]]) -> bool:
    return all(len(words) < min(len(wrong) for wrong, correct in rivals if not correct) for words, right in rivals if right)

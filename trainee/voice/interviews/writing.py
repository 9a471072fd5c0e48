"""Writing guides for interviews in both languages, in versions: what somebody talked along stays as it was."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, update

from trainee.kit import audit
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, _l, force_locale
from trainee.voice.interviews.models import InterviewGuide, InterviewTalk
from trainee.voice.wording import complaint

LANGUAGES: Final = ("tr", "en")
LEAST, MOST = 3, 15
LONGEST = 600
# What is said where whoever wrote the guide has no better words.
_CONSENT: Final = _l(
    "May I take notes? They are for us alone and bear no name. "
    "May I also pass on what you say word for word, without your name? You may stop at any time."
)

Pair = Mapping[str, str]


def usual_consent() -> dict[str, str]:
    """What may be said before the first note, in both languages."""
    found = {}
    for lang in LANGUAGES:
        with force_locale(lang):
            found[lang] = str(_CONSENT)
    return found


def check(written: Mapping[str, Any]) -> None:
    """Refusal (422; its code names the field) where one cannot talk along it: a language missing, too few or too many questions, unfair words."""
    for name in ("title", "intro", "consent"):
        for lang in LANGUAGES:
            _good(written[name].get(lang, ""), f"{name}_{lang}")
    questions: Sequence[Mapping[str, Any]] = written["questions"]
    if not LEAST <= len(questions) <= MOST:
        words = _("Please ask %(least)s to %(most)s questions; a talk of thirty minutes holds about eight.", least=LEAST, most=MOST)
        raise Refusal(words, 422, "ask_tr_1")
    for one in questions:
        for lang in LANGUAGES:
            _good(one["ask"].get(lang, ""), f"ask_{lang}_{one['row']}")
            if any(one["probe"].values()):
                _good(one["probe"].get(lang, ""), f"probe_{lang}_{one['row']}")


def _good(words: str, field: str) -> None:
    if not words.strip():
        raise Refusal(_("Please write it in both languages; the talk is held in one of them."), 422, field)
    if len(words) > LONGEST:
        raise Refusal(_("That is too long to be asked in a talk. Please shorten it."), 422, field)
    wrong = complaint(words)
    if wrong:
        raise Refusal(wrong, 422, field)


def _kept(written: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: {lang: written[name][lang].strip() for lang in LANGUAGES} for name in ("title", "intro", "consent")}
    taken, questions = {one["id"] for one in written["questions"]}, []
    for one in written["questions"]:
        # A question keeps its name from version to version; a new one gets the next that is free.
        key = one["id"] or next(f"q{number}" for number in range(1, 99) if f"q{number}" not in taken)
        taken.add(key)
        questions.append({"id": key, **{part: {lang: one[part].get(lang, "").strip() for lang in LANGUAGES} for part in ("ask", "probe")}})
    return texts | {"questions": questions, "minutes": written["minutes"]}


def make_guide(written: Mapping[str, Any], *, key: str, by_id: int | None, at: datetime) -> int:
    """Keep a new guide as its first version; its id. The same key again changes nothing. Refusal (422) where one cannot talk along it."""
    check(written)
    values = _kept(written) | {"key": key, "version": 1, "set_aside": False, "revision": 1, "made_by_id": by_id, "made_at": at, "changed_at": at}
    made = insert_once(InterviewGuide, values, ["key", "version"])
    if made is None:
        newest = select(func.max(InterviewGuide.id)).where(InterviewGuide.key == key)
        return int(db.session.execute(newest).scalar_one())
    audit.note(by_id, "make guide", f"interview_guide/{made}", at)
    return made


def change_guide(guide: InterviewGuide, revision: int, written: Mapping[str, Any], by_id: int, at: datetime) -> int:
    """Change a guide; the id of the version that holds the words. One along which somebody has talked stays, and a new version is made.

    Refusal (422) where one cannot talk along it, (409) where somebody else changed it meanwhile.
    """
    check(written)
    meanwhile = Refusal(_("Somebody else has changed this guide meanwhile. Please open it again; nothing of yours was kept over it."))
    here = select(InterviewGuide.revision).where(InterviewGuide.id == guide.id).with_for_update()
    newest = select(func.max(InterviewGuide.version)).where(InterviewGuide.key == guide.key)
    if db.session.execute(here).scalar_one() != revision or db.session.execute(newest).scalar_one() != guide.version:
        raise meanwhile
    if not is_used(guide.id):
        values = _kept(written) | {"revision": revision + 1, "changed_at": at}
        db.session.execute(update(InterviewGuide).where(InterviewGuide.id == guide.id).values(**values))
        audit.note(by_id, "change guide", f"interview_guide/{guide.id}", at)
        return guide.id
    values = _kept(written) | {"key": guide.key, "version": guide.version + 1, "set_aside": guide.set_aside, "revision": 1}
    made = insert_once(InterviewGuide, values | {"made_by_id": by_id, "made_at": at, "changed_at": at}, ["key", "version"])
    if made is None:
        raise meanwhile
    audit.note(by_id, "make guide", f"interview_guide/{made}", at, version=guide.version + 1)
    return made


def is_used(guide_id: int) -> bool:
    """Whether somebody has talked along this version."""
    return db.session.execute(select(InterviewTalk.id).where(InterviewTalk.guide_id == guide_id).limit(1)).first() is not None


def set_aside(guide: InterviewGuide, aside: bool, by_id: int, at: datetime) -> None:
    """Offer a guide no more to whoever begins a talk, or offer it again; what was said along it stays."""
    other = (InterviewGuide.id == guide.id) & (InterviewGuide.set_aside != aside)
    changed = update(InterviewGuide).where(other).values(set_aside=aside, revision=InterviewGuide.revision + 1).returning(InterviewGuide.id)
    if db.session.execute(changed).scalar() is not None:
        audit.note(by_id, "set guide aside" if aside else "take guide up", f"interview_guide/{guide.id}", at)

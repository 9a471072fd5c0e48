"""Writing, issuing, changing and ending expectations, and answering them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update

from trainee.expectations.models import AUDIENCES, RHYTHMS, WAYS, Expectation, ExpectationAnswer, ExpectationDraft, Scope
from trainee.expectations.wording import better_example, vague
from trainee.kit import audit
from trainee.kit.clock import local_date
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.i18n import _, language
from trainee.kit.receipts import keep_once
from trainee.notices import tell
from trainee.people import Person
from trainee.skills import framework


@dataclass(frozen=True, slots=True)
class Terms:
    """What an expectation says. A draft may leave out everything after the dates; dates are those of whoever is meant."""

    skill: str
    level: int
    starts_on: date
    ends_on: date | None = None
    why: str = ""
    ways: tuple[str, ...] = ()
    monitored: str = ""
    rhythm: str = ""
    how_often: str = ""
    audience: str = ""
    seen_by: str = ""
    words_tr: str = ""
    words_en: str = ""

    @classmethod
    def of(cls, row: Any) -> "Terms":
        """Those of an expectation or a draft."""
        return cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__ if name != "ways"}, ways=tuple(row.ways))

    def cleaned(self) -> "Terms":
        """The same without blanks around its texts and without choices that do not exist."""
        texts: dict[str, Any] = {name: value.strip() for name, value in asdict(self).items() if isinstance(value, str)}
        texts["rhythm"] = self.rhythm if self.rhythm in RHYTHMS else ""
        texts["audience"] = self.audience if self.audience in AUDIENCES else ""
        return replace(self, **texts, ways=tuple(way for way in WAYS if way in self.ways))

    def columns(self) -> dict[str, Any]:
        """As the columns of a row."""
        return asdict(self) | {"ways": list(self.ways)}


def missing(terms: Terms) -> dict[str, str]:
    """What an expectation must say before it can be issued and this one does not: a sentence for each field, none when it may be issued."""
    found = {}
    if not terms.why.strip():
        found["why"] = str(_("Please say why this is expected; it is read with it."))
    if not (terms.ways or terms.monitored.strip()):
        found["ways"] = str(_("Please say how it will be monitored: who is measured should know how."))
    if not (terms.rhythm or terms.how_often.strip()):
        found["rhythm"] = str(_("Please say how often somebody looks at it."))
    if not (terms.audience or terms.seen_by.strip()):
        found["audience"] = str(_("Please say who else will see it; “nobody” is an answer too."))
    for lang, text in (("tr", terms.words_tr), ("en", terms.words_en)):
        sentence = vague_words(terms, text, lang)
        if sentence:
            found[f"words_{lang}"] = sentence
    return found


def vague_words(terms: Terms, text: str, lang: str) -> str:
    """What is said of wording nobody can watch, with a better example from the anchors of the level; empty when it is well."""
    found = vague(text)
    if found is None:
        return ""
    anchors = framework().skill(terms.skill).anchors.get(terms.level, ()) if terms.skill in framework() else ()
    # The example is in the language that is asked for, so that it can be taken over as it stands.
    example = better_example(text, anchors, lang)
    if not found.words:
        return str(_("This is too short to be watched. Better, for example: “%(example)s”", example=example))
    return str(
        _(
            "Two people could not agree whether they saw “%(words)s”. Write what one sees or hears, for example: “%(example)s”",
            words=found.words,
            example=example,
        )
    )


def today_of(scope: Scope, by_id: int, at: datetime) -> date:
    """Which day it is for whoever is meant; for a team or a job, where the person lives who sets it."""
    person_id = scope.key if scope.kind == "person" else by_id
    zone: str = db.session.execute(select(Person.time_zone).where(Person.id == person_id)).scalar_one()
    return local_date(at, zone)


def _check(terms: Terms, today: date) -> None:
    if terms.skill not in framework() or not 1 <= terms.level <= 4:
        raise Refusal(_("Choose a skill and a level from 1 to 4."), 422, "skill")
    if terms.starts_on < today:
        raise Refusal(_("Nobody can be expected to have known yesterday. Choose today or a later day."), 422, "starts_on")
    if terms.ends_on is not None and terms.ends_on <= terms.starts_on:
        raise Refusal(_("It has to end after it begins."), 422, "ends_on")
    for field, sentence in missing(terms).items():
        raise Refusal(sentence, 422, field)


def issue(scope: Scope, terms: Terms, *, by_id: int, at: datetime) -> int:
    """Expect a level of a person, a team or a job from a day on; its id. What stood for the same skill is closed on that day.

    Refusal when it lacks what it must say, when its wording cannot be watched, when it begins in the past, and for oneself (Forbidden). Who may
    set for whom is the caller's question (`queries.require_setter`).
    """
    if scope == Scope("person", by_id):
        raise Forbidden(_("Nobody sets an expectation for herself. Your own supervisor can."))
    terms = terms.cleaned()
    _check(terms, today_of(scope, by_id, at))
    chain = (Expectation.scope == str(scope)) & (Expectation.skill == terms.skill)
    version = 1 + (db.session.scalar(select(func.max(Expectation.version)).where(chain)) or 0)
    standing = (Expectation.closed_on.is_(None) | (Expectation.closed_on > terms.starts_on)) & (
        Expectation.ends_on.is_(None) | (Expectation.ends_on >= terms.starts_on)
    )
    closing = {"closed_on": terms.starts_on, "closed_at": at, "closed_by_id": by_id}
    db.session.execute(update(Expectation).where(chain, standing).values(**closing))
    anchors = [[one.tr, one.en] for one in framework().skill(terms.skill).anchors.get(terms.level, ())]
    still_open: dict[str, Any] = {"closed_on": None, "closed_at": None, "closed_by_id": None, "end_reason": None}
    told = {"scope": str(scope), "version": version, "anchors": anchors, "set_by_id": by_id, "issued_at": at}
    made = insert_once(Expectation, scope.columns | terms.columns() | still_open | told, ["scope", "skill", "version"])
    if made is None:
        raise Refusal(_("Somebody else has set the same just now. Please look at it first."))
    audit.note(by_id, "issue expectation", f"expectation/{made}", at, skill=terms.skill, level=terms.level, version=version)
    tell("expectation_to_acknowledge", _meant(scope), at)
    return made


def _meant(scope: Scope) -> list[int]:
    """Whom an expectation of that scope can be for. One statement at most."""
    if scope.kind == "person":
        return [int(scope.key)]
    column = Person.team_id if scope.kind == "team" else Person.job
    return list(db.session.scalars(select(Person.id).where(column == scope.key, Person.disabled_at.is_(None))))


# Drafts


def start_draft(scope: Scope, terms: Terms, *, by_id: int, at: datetime, receipt: str, replaces_id: int | None = None) -> int:
    """Begin to write an expectation; the draft's id. The same receipt again changes nothing."""
    values = scope.columns | terms.columns()
    values |= {"author_id": by_id, "revision": 1, "edited_by_id": by_id, "edited_at": at, "replaces_id": replaces_id}
    values |= {"issued_id": None, "discarded_at": None, "receipt": receipt}
    return keep_once(ExpectationDraft, values, "author_id")[0]


def save_draft(draft_id: int, values: Mapping[str, Any], *, revision: int, by_id: int, at: datetime) -> int | None:
    """Keep what was written over the `revision` the writer saw; the new revision, or None when somebody else has saved since, and nothing is kept."""
    mine = (ExpectationDraft.id == draft_id) & (ExpectationDraft.revision == revision)
    still_open = ExpectationDraft.issued_id.is_(None) & ExpectationDraft.discarded_at.is_(None)
    saved = {**values, "revision": revision + 1, "edited_by_id": by_id, "edited_at": at}
    return db.session.execute(update(ExpectationDraft).where(mine, still_open).values(**saved).returning(ExpectationDraft.revision)).scalar()


def issue_draft(draft_id: int, *, by_id: int, at: datetime) -> int:
    """Issue what a draft says, once: its expectation's id, also when it was issued before."""
    # Whoever issues holds the row, so that two presses at once make one expectation.
    draft = db.session.execute(select(ExpectationDraft).where(ExpectationDraft.id == draft_id).with_for_update()).scalar_one()
    if draft.issued_id is not None:
        return draft.issued_id
    if draft.discarded_at is not None:
        raise Refusal(_("This draft was thrown away."))
    if draft.replaces_id is not None and _closed(draft.replaces_id):
        raise Refusal(_("What this was to take the place of has been changed or ended meanwhile. Please look at it as it stands now."))
    made = issue(Scope.of(draft), Terms.of(draft), by_id=by_id, at=at)
    draft.issued_id = made
    db.session.flush()
    return made


def _closed(expectation_id: int) -> bool:
    return db.session.scalar(select(Expectation.closed_at).where(Expectation.id == expectation_id)) is not None


def discard_draft(draft_id: int, by_id: int, at: datetime) -> None:
    """Throw a draft away; what was issued stays."""
    open_one = (ExpectationDraft.id == draft_id) & ExpectationDraft.issued_id.is_(None) & ExpectationDraft.discarded_at.is_(None)
    if db.session.execute(update(ExpectationDraft).where(open_one).values(discarded_at=at).returning(ExpectationDraft.id)).scalar() is not None:
        audit.note(by_id, "discard draft", f"expectation_draft/{draft_id}", at)


def end(expectation_id: int, *, reason: str, by_id: int, at: datetime) -> bool:
    """End an expectation today, with a reason; False when it was closed before. From today on it no longer holds."""
    if not reason.strip():
        raise Refusal(_("Please write why it ends; those concerned read it."), 422, "reason")
    row = db.session.execute(select(Expectation).where(Expectation.id == expectation_id)).scalar_one()
    values = {"closed_on": today_of(Scope.of(row), by_id, at), "closed_at": at, "closed_by_id": by_id, "end_reason": reason.strip()}
    still_open = (Expectation.id == expectation_id) & Expectation.closed_at.is_(None)
    if db.session.execute(update(Expectation).where(still_open).values(**values).returning(Expectation.id)).scalar() is None:
        return False
    audit.note(by_id, "end expectation", f"expectation/{expectation_id}", at)
    return True


# Answers


def _newest(expectation_id: int, person_id: int) -> Any:
    said = ExpectationAnswer
    mine = (said.expectation_id == expectation_id) & (said.person_id == person_id)
    return db.session.execute(select(said.id, said.kind, said.replied_at).where(mine).order_by(said.id.desc()).limit(1)).first()


def _answer(expectation_id: int, person_id: int, kind: str, note: str, receipt: str, at: datetime) -> int | None:
    values = {"expectation_id": expectation_id, "person_id": person_id, "kind": kind, "note": note, "at": at, "receipt": receipt}
    unreplied = {"reply": None, "replied_at": None, "replied_by_id": None}
    made = insert_once(ExpectationAnswer, values | unreplied, ["receipt"])
    if made is not None:
        audit.note(person_id, kind, f"expectation/{expectation_id}", at)
    return made


def acknowledge(expectation_id: int, person_id: int, at: datetime) -> bool:
    """The person has read it and knows of it; False when she had said so before. Whether it is for her is the caller's question."""
    before = _newest(expectation_id, person_id)
    if before is not None and before.kind == "acknowledged":
        return False
    receipt = f"acknowledged/{expectation_id}/{person_id}/{before.id if before is not None else 0}"
    return _answer(expectation_id, person_id, "acknowledged", "", receipt, at) is not None


def object_to(expectation_id: int, person_id: int, note: str, receipt: str, at: datetime) -> bool:
    """The person objects, with a note that whoever set it answers; False when this very objection is known. Refusal while another one waits."""
    if not note.strip():
        raise Refusal(_("Please write what you object to; somebody will answer you."), 422, "note")
    before = _newest(expectation_id, person_id)
    if before is not None and before.kind == "objected" and before.replied_at is None:
        known = db.session.scalar(select(ExpectationAnswer.receipt).where(ExpectationAnswer.id == before.id))
        if known == receipt:
            return False
        raise Refusal(_("Your objection is waiting for an answer already."))
    return _answer(expectation_id, person_id, "objected", note.strip(), receipt, at) is not None


def reply_to(answer_id: int, *, words: str, by_id: int, at: datetime) -> bool:
    """Answer an objection; the person is asked again. False when it was answered before; Forbidden for one's own."""
    if not words.strip():
        raise Refusal(_("Please write your answer."), 422, "reply")
    objection = db.session.execute(select(ExpectationAnswer).where(ExpectationAnswer.id == answer_id)).scalar_one()
    if objection.person_id == by_id:
        raise Forbidden(_("Nobody answers her own objection."))
    waiting = (ExpectationAnswer.id == answer_id) & (ExpectationAnswer.kind == "objected") & ExpectationAnswer.replied_at.is_(None)
    values = {"reply": words.strip(), "replied_at": at, "replied_by_id": by_id}
    if db.session.execute(update(ExpectationAnswer).where(waiting).values(**values).returning(ExpectationAnswer.id)).scalar() is None:
        return False
    audit.note(by_id, "reply to objection", f"expectation/{objection.expectation_id}", at)
    tell("expectation_to_acknowledge", [objection.person_id], at)
    return True


def reading_language(row: Any, lang: str | None = None) -> tuple[str, str]:
    """The own wording of an expectation as (words, their language) for a reader of `lang`; the other language's where only that was written."""
    wanted = lang or language()
    first, second = (row.words_tr, row.words_en) if wanted == "tr" else (row.words_en, row.words_tr)
    return (first, wanted) if first else (second, "en" if wanted == "tr" else "tr")

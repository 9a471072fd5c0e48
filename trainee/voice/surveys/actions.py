"""Writing surveys, opening waves, making links, inviting, and taking answers."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, select, update

from trainee.kit import audit
from trainee.kit.db import db, insert_once, upsert
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _
from trainee.voice.actions import Answer, Taken, take_ratings
from trainee.voice.models import AskedCustomer, AskLink, Invitation, Survey, SurveyResponse, SurveyWave
from trainee.voice.surveys.reading import Given
from trainee.voice.surveys.sheet import Item, check, items

MOST_CODES = 120
# How the receipt begins of the link under which a file's sheets are kept.
FROM_FILE = "import/"
Written = Mapping[str, Any]


def make_survey(kind: str, written: Written, *, key: str, by_id: int | None, at: datetime, fixed: bool = False) -> int:
    """Keep a new survey with its title, intro, stems and questions in both languages; its id. The same key again changes nothing.

    Refusal (422) where it cannot be asked so.
    """
    check(kind, written["title"], written["intro"], written["questions"])
    values = {**_texts(written), "key": key, "kind": kind, "fixed": fixed, "revision": 1, "made_by_id": by_id, "made_at": at, "changed_at": at}
    made = insert_once(Survey, values, ["key"])
    if made is None:
        return db.session.execute(select(Survey.id).where(Survey.key == key)).scalar_one()
    audit.note(by_id, "make survey", f"survey/{made}", at)
    return made


def _texts(written: Written) -> dict[str, Any]:
    return {name: written.get(name) or {} for name in ("title", "intro", "stems")} | {"questions": list(written["questions"])}


def change_survey(survey: Survey, revision: int, written: Written, by_id: int, at: datetime) -> None:
    """Change what the next wave asks; what is being asked stays. Refusal when somebody changed it meanwhile, or its statements must stay."""
    check(survey.kind, written["title"], written["intro"], written["questions"])
    if survey.fixed and list(written["questions"]) != list(survey.questions):
        raise Refusal(_("These statements are compared with earlier years and others; their words stay as they are."), 422, "questions")
    mine = (Survey.id == survey.id) & (Survey.revision == revision)
    values = _texts(written) | {"revision": revision + 1, "changed_at": at}
    if db.session.execute(update(Survey).where(mine).values(**values).returning(Survey.id)).scalar() is None:
        raise Refusal(_("Somebody else has changed this survey meanwhile. Please open it again; nothing of yours was kept over it."))
    audit.note(by_id, "change survey", f"survey/{survey.id}", at)


def open_wave(survey_id: int, by_id: int | None, at: datetime) -> int:
    """Begin to ask: a copy that nobody changes any more. A wave with the very same words that is open already goes on; any other is closed."""
    survey = db.session.get_one(Survey, survey_id)
    running = db.session.execute(select(SurveyWave).where(SurveyWave.survey_id == survey_id, SurveyWave.closed_at.is_(None))).scalars().first()
    copy = {"title": survey.title, "intro": survey.intro, "stems": survey.stems, "questions": survey.questions}
    if running is not None:
        if survey.kind == "survey" and all(getattr(running, name) == value for name, value in copy.items()):
            return running.id
        close_wave(survey_id, by_id, at)
    number = db.session.execute(select(func.coalesce(func.max(SurveyWave.number), 0)).where(SurveyWave.survey_id == survey_id)).scalar_one() + 1
    values = {"survey_id": survey_id, "number": number, **copy, "opened_at": at, "opened_by_id": by_id, "closed_at": None}
    made = insert_once(SurveyWave, values, ["survey_id", "number"])
    if made is None:
        raise Refusal(_("Somebody else has just opened this wave."))
    audit.note(by_id, "open wave", f"survey_wave/{made}", at)
    return made


def close_wave(survey_id: int, by_id: int | None, at: datetime) -> None:
    """Stop asking; whoever has the page open may still send what she answered."""
    open_one = (SurveyWave.survey_id == survey_id) & SurveyWave.closed_at.is_(None)
    closed = db.session.execute(update(SurveyWave).where(open_one).values(closed_at=at).returning(SurveyWave.id)).scalar()
    if closed is not None:
        audit.note(by_id, "close wave", f"survey_wave/{closed}", at)


# Links ------------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """What a link stands for: its name on the sheet, and the team or the person it tells of."""

    label: str
    team_id: int | None = None
    person_id: int | None = None


def code_of(receipt: str) -> str:
    """The code of a link: 96 bits that only this installation can work out again, so that a database alone opens nothing."""
    made = hmac.new(str(current_app.secret_key).encode(), f"ask/{receipt}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(made)[:16].decode("ascii")


def digest_of(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def make_links(survey_id: int, way: str, places: Sequence[Place], *, many: bool, batch: str, by_id: int | None, at: datetime) -> list[int]:
    """A link for each place, in order. The same batch again makes nothing twice. Refusal (422) for none or for too many at once."""
    if not 1 <= len(places) <= MOST_CODES:
        raise Refusal(_("Please make 1 to %(most)s codes at a time.", most=MOST_CODES), 422, "labels")
    made = []
    for number, place in enumerate(places):
        receipt = f"{batch}/{number}"
        code = code_of(receipt)
        values = {
            "survey_id": survey_id,
            "digest": digest_of(code),
            "code": code if many else None,
            "way": way,
            "many": many,
            "label": place.label[:120],
            "team_id": place.team_id,
            "person_id": place.person_id,
            "receipt": receipt,
            "made_by_id": by_id,
            "made_at": at,
            "used_at": None,
            "ended_at": None,
        }
        found = insert_once(AskLink, values, ["receipt"])
        made.append(found or db.session.execute(select(AskLink.id).where(AskLink.receipt == receipt)).scalar_one())
    audit.note(by_id, "make links", f"survey/{survey_id}", at, way=way, count=len(made))
    return made


def end_link(link_id: int, by_id: int, at: datetime) -> None:
    """Take a printed code out of use; what came by it stays."""
    open_one = (AskLink.id == link_id) & AskLink.ended_at.is_(None)
    if db.session.execute(update(AskLink).where(open_one).values(ended_at=at).returning(AskLink.id)).scalar() is not None:
        audit.note(by_id, "end link", f"ask_link/{link_id}", at)


def end_batch(links: Sequence[AskLink], by_id: int, at: datetime) -> int:
    """Take codes that were made together out of use, those that still can be answered; how many that were. What came by them stays."""
    free = (AskLink.id.in_([one.id for one in links])) & AskLink.ended_at.is_(None) & AskLink.used_at.is_(None)
    ended = len(db.session.execute(update(AskLink).where(free).values(ended_at=at).returning(AskLink.id)).all())
    if ended:
        audit.note(by_id, "end link", f"survey/{links[0].survey_id}", at, count=ended)
    return ended


# Invitations ------------------------------------------------------------------------------------------------------------------------------------


def customer_of(address: str) -> str:
    """What we know a customer by who must not be asked again: a keyed digest of her address, however she writes its capitals."""
    plain = address.strip().casefold().encode("ascii", "replace")
    return hmac.new(str(current_app.secret_key).encode(), b"customer/" + plain, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Invited:
    """How many are asked, how many rest because they were asked lately, and how many never want to be."""

    asked: int
    resting: int
    refused: int


def invite(survey_id: int, guests: Sequence[tuple[str, Place, str]], *, batch: str, by_id: int, at: datetime) -> Invited:
    """Ask customers by mail, each (address, what it is about, language) once: nobody who was asked lately, and nobody who does not want it."""
    rest = timedelta(days=current_app.extensions["trainee"].survey_rest_days)
    asked = resting = refused = 0
    for number, (address, place, language) in enumerate(guests):
        digest = customer_of(address)
        known = db.session.get(AskedCustomer, digest)
        if known is not None and known.refused_at is not None:
            refused += 1
            continue
        if known is not None and known.asked_at is not None and at - known.asked_at < rest:
            resting += 1
            continue
        (link_id,) = make_links(survey_id, "mail", [place], many=False, batch=f"{batch}/{number}", by_id=None, at=at)
        upsert(AskedCustomer, {"digest": digest, "asked_at": at, "refused_at": None}, ["digest"], ["asked_at"])
        db.session.expire_all()
        values = {"link_id": link_id, "digest": digest, "address": address.strip(), "language": language, "made_at": at, "next_try_at": at}
        insert_once(Invitation, values | {"tries": 0, "state": "waiting", "ended_at": None}, ["link_id"])
        asked += 1
    audit.note(by_id, "invite customers", f"survey/{survey_id}", at, asked=asked, resting=resting, refused=refused)
    return Invited(asked, resting, refused)


def stop_asking(digest: str, at: datetime) -> None:
    """Somebody does not want to be asked any more: nobody asks her again, and a mail that waits for her is not sent."""
    upsert(AskedCustomer, {"digest": digest, "asked_at": None, "refused_at": at}, ["digest"], ["refused_at"])
    waits = (Invitation.digest == digest) & (Invitation.state == "waiting")
    db.session.execute(update(Invitation).where(waits).values(state="failed", address=None, ended_at=at))


def forget_customers(at: datetime) -> None:
    """Throw away whom we asked so long ago that she may be asked again; who refused stays, so that she is not."""
    old = at - timedelta(days=current_app.extensions["trainee"].survey_rest_days)
    db.session.execute(delete(AskedCustomer).where(AskedCustomer.refused_at.is_(None), AskedCustomer.asked_at < old))


# Answers ----------------------------------------------------------------------------------------------------------------------------------------


def is_taken(receipt: str) -> bool:
    """Whether this very sheet was taken before."""
    return db.session.execute(select(SurveyResponse.id).where(SurveyResponse.receipt == receipt)).first() is not None


def respond(
    link: AskLink,
    wave: SurveyWave,
    values: Sequence[tuple[Item, int | str]],
    *,
    receipt: str,
    language: str,
    at: datetime,
    given_at: datetime | None = None,
    gathered: bool = False,
) -> bool:
    """Take one sheet, answered now or at `given_at`; False when this very sheet was taken before. One that is `gathered` opens no task of its own.

    Refusal (409) when a link for one answer has had its answer.
    """
    if is_taken(receipt):
        return False
    if not link.many:
        free = (AskLink.id == link.id) & AskLink.used_at.is_(None)
        if db.session.execute(update(AskLink).where(free).values(used_at=at).returning(AskLink.id)).scalar() is None:
            raise Refusal(_("This link has been answered already. Thank you."))
    sheet = {"wave_id": wave.id, "link_id": link.id, "receipt": receipt, "given_at": given_at or at, "language": language}
    response_id = insert_once(SurveyResponse, sheet, ["receipt"])
    if response_id is None:
        return False
    survey = db.session.get(Survey, wave.survey_id)
    if survey is None:
        raise NotFound
    given = [
        Answer(
            person_id=link.person_id,
            team_id=link.team_id,
            given_at=given_at or at,
            question=item.counted_as,
            value=value if isinstance(value, int) else None,
            comment=value if isinstance(value, str) else "",
            system="survey",
            external_id=f"{receipt}/{item.field}",
            response_id=response_id,
            instrument=survey.kind,
            scale=item.scale,
        )
        for item, value in values
    ]
    take_ratings(given, at, gathered)
    return True


def take_sheets(wave: SurveyWave, system: str, sheets: Sequence[Given], by_id: int, at: datetime) -> Taken:
    """Take sheets that were answered elsewhere, under the numbers that system gave them: each once. They come by a link that nobody can open."""
    batch = f"{FROM_FILE}{wave.survey_id}/{hashlib.sha256(system.encode()).hexdigest()[:16]}"
    (link_id,) = make_links(wave.survey_id, "link", [Place(system)], many=True, batch=batch, by_id=None, at=at)
    db.session.execute(update(AskLink).where(AskLink.id == link_id, AskLink.ended_at.is_(None)).values(ended_at=at))
    link = db.session.get_one(AskLink, link_id)
    new = 0
    for one in sheets:
        name = hashlib.sha256(one.external_id.encode()).hexdigest()[:32]
        new += respond(link, wave, one.values, receipt=f"{batch}/{name}", language=one.language, at=at, given_at=one.given_at)
    audit.note(by_id, "take sheets", f"survey/{wave.survey_id}", at, count=new)
    return Taken(new, len(sheets) - new)


def asked_in(wave: SurveyWave, key: str) -> list[Item]:
    """What a wave asks."""
    return list(items(key, wave.questions, wave.stems or None))

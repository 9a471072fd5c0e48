"""Things of Amir's that the addresses of the permission test point at, made through the real actions."""

import io
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from PIL import Image
from sqlalchemy import delete, select, update

from trainee import coaching, expectations, notices, plans, privacy, webhooks
from trainee.api.models import ApiToken
from trainee.coaching import calibration, checks, draws, growth, observations, praise, pulse, sessions
from trainee.coaching.draws import ContactPick
from trainee.coaching.observations import ObservationDraft
from trainee.config import SHIPPED_CONTENT
from trainee.dashboards.chain import snapshot
from trainee.dashboards.models import CalendarLink
from trainee.expectations.actions import start_draft
from trainee.kit.clock import local_date
from trainee.kit.db import db, insert_once, upsert
from trainee.modules.library import from_folder, module_or_404
from trainee.modules.library.models import ModuleUpload
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.reviews import ReviewSet
from trainee.modules.roleplays import actions as roleplays
from trainee.modules.roleplays import replies
from trainee.modules.roleplays.models import RolePlayPulse
from trainee.modules.roleplays.queries import run_or_404
from trainee.modules.roleplays.replies.queries import typed
from trainee.notices.actions import wish
from trainee.notices.mailing import token_of
from trainee.people import actions as people
from trainee.people import organisation
from trainee.people.importing import actions as importing
from trainee.people.importing.background import check, silent
from trainee.people.models import OidcIdentity, Person, SignIn
from trainee.people.passwords import digest
from trainee.people.queries import viewer_named
from trainee.plans.models import Certificate
from trainee.reports import background, keeping, kinds
from trainee.reports.filters import Asked, Filters
from trainee.reports.formats import formats
from trainee.reports.models import ReportFile, ReportReader, ReportSchedule, ReportSending
from trainee.service import baseline, complaints, goals, handbook, hours, model, walks
from trainee.service.complaints import ComplaintRemedy
from trainee.service.handbook import ServiceEntry
from trainee.service.model.sections import QUALITIES
from trainee.service.roster import actions as roster
from trainee.service.roster.models import DutyShift
from trainee.skills.scorecards import ScorecardVersion, current_card
from trainee.voice import actions as voice
from trainee.voice.interviews import actions as interviews
from trainee.voice.interviews import writing
from trainee.voice.interviews.models import InterviewQuote, InterviewTalk
from trainee.voice.models import AskLink, Concern, Invitation, Rating, SurveyWave
from trainee.voice.public import actions as public
from trainee.voice.public.models import PublicVoice
from trainee.voice.surveys import actions as surveys
from trainee.voice.surveys import sheet
from trainee.webhooks.models import Webhook


def _uploaded(by_id: int, at: datetime) -> None:
    """A module that waits to be published, with a picture in it."""
    shipped = from_folder(SHIPPED_CONTENT / "modules" / "our-service")
    row = {"by_id": by_id, "key": shipped.name, "file": "our-service.zip", "digest": shipped.digest, "files": shipped.packed(), "told": []}
    db.session.add(ModuleUpload(**row, uploaded_at=at))


def service_words() -> dict[str, Any]:
    """A service model in which every section is answered."""
    both = {"tr": "Söz verdiğimiz gün geliriz.", "en": "We come on the day we named."}
    names = ("meaning", "attract", "keep", "documents", "satisfied", "listen", "win_back", "change", *QUALITIES)
    return {**dict.fromkeys(names, both), "measure": "csat", "threshold": 80, "review_by": "2026-12-31"}


def _service(cast: SimpleNamespace, at: datetime) -> None:
    """A line of the handbook, and a service model that Ela published and Amir read."""
    both = {"tr": "Nöbetçi yönetici", "en": "Duty manager"}
    values = {"cause": "late-delivery", "severity": "light", "owner": both, "hours": 24, "next": both, "first": {"tr": "", "en": ""}}
    handbook.add("routing", values, at=at, by_id=cast.ela)
    touchpoint = {"name": both, "stage": "arrive", "channel": "shop", "owner": both, "quality": "empathy", "score": 3, "priority": "high"}
    model.write(service_words(), revision=0, at=at, by_id=cast.ela)
    model.acknowledge(cast.amir, model.publish([touchpoint], at=at, by_id=cast.ela), at=at)
    refund = {"name": both, "sort": "refund", "employee": 100, "leader": 500, "conditions": both, "floor": both}
    handbook.add("remedy", refund, at=at, by_id=cast.ela)
    complaints.count_contacts("crm", at.date(), "phone", 900)
    heard = complaints.Heard(at, "phone", "late-delivery", "light", "Where is it?")
    complaint = db.session.get_one(complaints.Complaint, complaints.take(heard, "crm", "1", at=at, by_id=cast.ela))
    amir = SimpleNamespace(id=cast.amir, holds=lambda *_roles: False)
    entry = handbook.entries("remedy")[0]
    figure = {"kind": "share", "value": None, "n": 0, "low": None, "high": None}
    goal = {"measure": "satisfied", "target": 0.85, "due_on": at.date() + timedelta(days=90), "begin": figure, "today": at.date()}
    team_id = db.session.scalar(select(Person.team_id).where(Person.id == cast.amir))
    for teams in ([], [team_id]):
        goals.open_goal({"title": both, "why": both}, **goal, teams=teams, receipt=f"set once {teams}", at=at, by_id=cast.ela)
    hours.take(cast.amir, {"day": at.date().isoformat(), "minutes": 30, "way": "read", "note": ""}, today=at.date(), receipt="h", at=at)
    hours.set_target(4, at=at, by_id=cast.ela)
    position = {"level": "front", "greeting": "2", "needs": "2", "channel": "2", "skills": {"tr": "", "en": ""}}
    name = {"tr": "Mağaza görevlisi", "en": "Shop assistant"}
    handbook.add("position", {"name": name, "duties": both, "service": both, **position}, at=at, by_id=cast.ela)
    checks.keep(
        cast.amir,
        {"reason": "done", "left": "open", "promised": "none", "forgot": "done"},
        channel="phone",
        mend="I call.",
        again="",
        receipt="c",
        at=at,
    )
    complaints.choose(complaint, entry, amount=400, benefit="It is quick.", reason="She waited twice.", who=amir, at=at)
    seen = walks.Seen("shop", "Bursa", at.date(), {"seat": 0})
    walks.keep(seen, receipt="walked once", at=at, by_id=cast.chloe)
    baseline.take("Before the plan", at.date(), snapshot(at), receipt="frozen once", at=at, by_id=cast.ela)


class World(dict[str, Any]):
    """A value for every part of every address; `restore` undoes what a visit may have changed of the doors themselves."""

    def restore(self) -> None:
        """Sign everybody in again and open every account."""
        db.session.rollback()
        db.session.execute(update(Webhook).values(ended_at=None))
        # Whoever visits makes a link of her own, and ends it.
        link = {"person_id": self["linked_id"], "digest": digest("linked"), "made_at": self["shift"]["starts_at"]}
        upsert(CalendarLink, link, ["person_id"], ["digest", "made_at"])
        db.session.execute(update(SignIn).values(ended_at=None))
        db.session.execute(update(Person).values(disabled_at=None))
        db.session.execute(update(ScorecardVersion).values(retired_at=None))
        shift = self["shift"]
        insert_once(DutyShift, shift, ["id"])
        insert_once(InterviewQuote, self["quote"], ["id"])
        insert_once(PublicVoice, self["voice"], ["id"])
        db.session.execute(delete(ServiceEntry).where(ServiceEntry.retired))
        db.session.execute(update(ComplaintRemedy).values(approved_at=None, approved_by_id=None))
        db.session.commit()


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "navy").save(out, "PNG")
    return out.getvalue()


def _expected(cast: SimpleNamespace, at: datetime) -> tuple[int, int, int]:
    """Something Chloe expects of Amir, his objection to it, and her draft of a change."""
    day, scope = local_date(at, "Europe/Istanbul"), expectations.Scope("person", cast.amir)
    terms = expectations.Terms("empathy", 3, day, why="Customers ask for it.", ways=("observation",), rhythm="monthly", audience="nobody")
    made = expectations.issue(scope, terms, by_id=cast.chloe, at=at)
    expectations.object_to(made, cast.amir, "Two weeks are too few.", "objected once", at)
    answer_id = db.session.scalar(select(expectations.ExpectationAnswer.id).where(expectations.ExpectationAnswer.expectation_id == made))
    assert answer_id is not None
    return made, answer_id, start_draft(scope, terms, by_id=cast.chloe, at=at, receipt="drafted once", replaces_id=made)


def _shown_reply(cast: SimpleNamespace, story: str, at: datetime) -> int:
    """Amir plays a talk to its end and shows the reply he typed in it."""
    run_id = roleplays.begin(cast.amir, story, "another key", at)
    now = run_or_404(run_id, cast.amir).state
    while now.scene is not None:
        for answer in next(iter(now.scene.tries(now.situation))).answers:
            given = {"criteria" if name == "confirmed" else name: value if isinstance(value, list) else [value] for name, value in answer.items()}
            assert now.scene is not None
            now = roleplays.move(run_id, cast.amir, now.seq, now.scene.id, given, f"move {now.seq}", "en", at)
    return replies.offer(run_id, cast.amir, next(iter(typed(run_or_404(run_id, cast.amir)))), at)


def _report_file(cast: SimpleNamespace, at: datetime) -> str:
    """A large file that Ela asked for."""
    asked = Asked(viewer_named("ela"), Filters(), at)  # type: ignore[arg-type]
    return background.order(kinds["skills"], formats["csv"], asked)


def _schedule(cast: SimpleNamespace, at: datetime) -> int:
    """A report that comes to Ela by itself."""
    terms: dict[str, Any] = {"report": "skills", "format": "csv", "filters": {}, "weekday": 1, "last_period": False, "receipt": "set up once"}
    values = terms | {"made_by_id": cast.ela, "made_at": at, "next_on": at.date() + timedelta(days=5), "ended_at": None}
    made = insert_once(ReportSchedule, values, ["receipt"])
    assert made is not None
    insert_once(ReportReader, {"schedule_id": made, "person_id": cast.ela, "stopped_at": None}, ["schedule_id", "person_id"])
    file_id = db.session.scalar(select(ReportFile.id).where(ReportFile.person_id == cast.ela))
    sent = {"schedule_id": made, "person_id": cast.ela, "day": at.date(), "file_id": file_id}
    insert_once(ReportSending, sent, ["schedule_id", "person_id", "day"])
    return made


def _report_table(at: datetime) -> int:
    """A table that Ela keeps for herself."""
    return keeping.keep(viewer_named("ela"), "Mine", {"rows": "skills"}, receipt="kept once", at=at)  # type: ignore[arg-type]


def _told(cast: SimpleNamespace, at: datetime) -> int:
    """Something Amir was told, how he wishes it, and a mail to him that waits."""
    notices.plan(at)
    for _settled in notices.deliver(at + timedelta(days=1)):
        pass
    wish(cast.amir, mails=True, opens=8, closes=18, days="12345", frequencies={"assignment_given": "at_once"}, at=at)
    mail = {"key": "digest/1", "channel": "mail", "person_id": cast.amir, "made_at": at, "state": "waiting", "next_try_at": at, "attempts": 0}
    insert_once(
        notices.Delivery, mail | {"leased_until": None, "owner": None, "in_hand_at": None, "carried": 0, "problem": None, "ended_at": None}, ["key"]
    )
    mine = select(notices.Notice.id).where(notices.Notice.person_id == cast.amir, notices.Notice.state == "sent").order_by(notices.Notice.id)
    notice_id = db.session.scalars(mine).first()
    assert notice_id is not None
    return notice_id


def _people_file(cast: SimpleNamespace, at: datetime) -> int:
    """A file of people that was looked at and not applied."""
    one = importing.take("people.csv", b"User name,Job title\namir,lead adviser\nnobody,x\n", cast.ela, at)
    importing.settle(one, one.reading, one.reading["fields"], one.options)
    db.session.commit()
    check(one.id, at, silent)
    db.session.commit()
    return one.id


def _asked_customers(cast: SimpleNamespace, at: datetime) -> dict[str, Any]:
    """A survey that is asked, with a code of Amir's; a customer who felt that nobody cared; an interview of Chloe's with something said."""
    texts = {"title": {"tr": "Anket", "en": "Survey"}, "intro": {"tr": "Kısa.", "en": "Short."}}
    questions = [sheet.of_bank("satisfied"), sheet.of_bank("concern"), sheet.own_words(3, {"tr": "Neden?", "en": "Why?"})]
    survey_id = surveys.make_survey("survey", texts | {"questions": questions}, key="world", by_id=cast.ela, at=at)
    wave = db.session.get_one(SurveyWave, surveys.open_wave(survey_id, cast.ela, at))
    place = surveys.Place("Till 1", None, cast.amir)
    (link_id,) = surveys.make_links(survey_id, "qr", [place], many=True, batch="batch", by_id=cast.chloe, at=at)
    link = db.session.get_one(AskLink, link_id)
    answers = list(zip(surveys.asked_in(wave, "world"), (4, 1, "Nobody listened."), strict=True))
    surveys.respond(link, wave, answers, receipt="page/1", language="en", at=at)
    concern_id = db.session.scalar(select(Concern.rating_id))
    rating_id = db.session.scalar(select(Rating.id).where(Rating.comment != ""))
    assert rating_id is not None and concern_id is not None
    voice.reply(rating_id, cast.amir, "I had three calls waiting.", at)
    voice.set_target("csat", None, 80, cast.ela, at)
    (mailed,) = surveys.make_links(survey_id, "mail", [place], many=False, batch="mail", by_id=cast.ela, at=at)
    invited = {"link_id": mailed, "digest": "d", "address": "a@example.com", "language": "en", "made_at": at, "next_try_at": at, "tries": 0}
    insert_once(Invitation, invited | {"state": "waiting", "ended_at": None}, ["link_id"])
    surveys.stop_asking("e", at)
    guide = {"key": "customer", "title": texts["title"], "intro": texts["intro"]}
    guide["questions"] = [{"id": "q1", "ask": {"tr": "Ne?", "en": "What?"}, "probe": {"tr": "Nasıl?", "en": "How?"}}]
    talk_id = interviews.begin(guide=guide, by_id=cast.chloe, held_on=at.date(), whom="A buyer", consent="quotes", receipt="held once", at=at)
    talk = db.session.get_one(InterviewTalk, talk_id)
    said = {"words": "They called when they said.", "side": "strength", "skill": "reliability", "quality": "reliability"}
    public.keep(public.Line(at.date().replace(day=1), "reviews", "rude", 3, 2.5, "Ters konuştular."), at=at, by_id=cast.ela)
    voice_id = db.session.scalar(select(PublicVoice.id))
    pairs = {"title": texts["title"], "intro": texts["intro"], "consent": texts["intro"]}
    asked = [{"id": f"q{row}", "row": row, "ask": {"tr": "Ne?", "en": "What?"}, "probe": {"tr": "", "en": ""}} for row in (1, 2, 3)]
    guide_id = writing.make_guide(pairs | {"minutes": 20, "questions": asked}, key="own-world", by_id=cast.ela, at=at)
    quote_id = interviews.code(talk, **said, by_id=cast.chloe, receipt="said once", at=at)
    return {
        "survey_id": survey_id,
        "survey_key": "after-contact",
        "link_id": link_id,
        "ask_code": link.code,
        "batch": "batch",
        "concern_id": concern_id,
        "rating_id": rating_id,
        "measure": "csat",
        "talk_id": talk_id,
        "guide_id": guide_id,
        "voice_id": voice_id,
        "guide_key": "customer",
        "quote_id": quote_id,
        "voice": dict(db.session.execute(select(PublicVoice.__table__).where(PublicVoice.id == voice_id)).mappings().one()),
        "quote": dict(db.session.execute(select(InterviewQuote.__table__).where(InterviewQuote.id == quote_id)).mappings().one()),
    }


def make_world(cast: SimpleNamespace, at: datetime) -> World:
    """Amir's attempt, run, observation, suggestion, assignment, request and picture."""
    amir = db.session.get_one(Person, cast.amir)
    people.set_photo(amir, _picture())
    organisation.set_logo(_picture(), at, cast.ada)
    token = people.make_link(db.session.get_one(Person, cast.beth), "invitation", datetime(2999, 1, 1, tzinfo=at.tzinfo), cast.ela)
    version_id, content = module_or_404("greeting")
    attempt = quizzes.begin(cast.amir, "greeting", at)
    run_id = roleplays.begin(cast.amir, content.stories[0].id, "a key", at)
    reply_id = _shown_reply(cast, content.stories[0].id, at)
    insert_once(RolePlayPulse, {"person_id": cast.amir, "run_id": run_id, "value": "heavy", "given_at": at}, ["run_id"])
    observation_id = coaching.observe(
        observer_id=cast.chloe,
        person_id=cast.amir,
        seen_at=at,
        channel="phone",
        lines=[coaching.Line("empathy", 3, "")],
        shared="Calm and clear.",
        receipt="seen once",
        at=at,
    )
    session_id = sessions.arrange(
        coach_id=cast.chloe, person_id=cast.amir, skill="empathy", promised_at=at + timedelta(days=2), receipt="promised once", at=at
    )
    talk = db.session.get_one(sessions.CoachingSession, session_id)
    sessions.move(talk, by_id=cast.amir, to=at + timedelta(days=3), reason="The shift was changed.", at=at)
    sessions.write(talk, "talk", words={"goal": "To hear people out."}, version=0, by_id=cast.chloe, at=at)
    sessions.write_private(talk, words="Ask about the new shift.", version=0, author_id=cast.chloe, at=at)
    dispute_id = coaching.dispute(db.session.get_one(coaching.Observation, observation_id), "empathy", "The line broke.", at)
    draft = {"observer_id": cast.chloe, "person_id": cast.amir, "card_id": current_card("phone").id, "receipt": "a draft", "fields": {}}
    observations.keep_draft(**draft, at=at)
    draft_id = db.session.scalar(select(ObservationDraft.id))
    reviewed = coaching.observe(
        observer_id=cast.chloe,
        person_id=cast.amir,
        seen_at=at,
        channel="phone",
        lines=[coaching.Line("empathy", 2, "")],
        shared="",
        receipt="seen twice",
        at=at,
        self_review=True,
    )
    observations.review_self(db.session.get_one(coaching.Observation, reviewed), {"empathy": 3}, "Well.", at)
    card = current_card("phone")
    case_id = calibration.make_case(title="A call", card_id=card.id, text="“Hello?”", reference={}, made_by_id=cast.ela, receipt="made once", at=at)
    calibration.score(db.session.get_one(calibration.CalibrationCase, case_id), cast.hana, dict.fromkeys(card.skills, 2), at)
    for ended_at, ended_by_id, why in ((at, cast.ela, "Always one too high."), (None, None, "")):
        licence = {"person_id": cast.hana, "granted_at": at, "cases": [case_id], "ended_at": ended_at, "ended_by_id": ended_by_id, "why": why}
        insert_once(calibration.ObserverLicence, licence, [])
    observations.plan(person_id=cast.amir, skill="greeting", due_on=at.date(), planned_by_id=cast.chloe, receipt="planned once", at=at)
    read = {"person_id": cast.hana, "read_at": at}
    insert_once(observations.ObservationReading, read | {"observation_id": observation_id}, ["observation_id", "person_id"])
    insert_once(observations.DisputeReading, read | {"dispute_id": dispute_id}, ["dispute_id", "person_id"])
    observations.wish_first(cast.beth, True, at)
    draw_id = draws.draw(
        person_id=cast.amir, drawn_by_id=cast.chloe, kind="references", pool=["one", "two"], seed="a seed", wanted=1, receipt="drawn once", at=at
    )
    pick_id = db.session.scalar(select(ContactPick.id).where(ContactPick.draw_id == draw_id))
    seen = f"evidence/{talk.evidence_id}"
    praise_id = praise.praise(
        from_id=cast.chloe, person_id=cast.amir, words="Calm to the end.", reason=seen, to_team=True, receipt="praised once", at=at
    )
    offer_id = growth.offer(
        by_id=cast.chloe, person_id=cast.amir, skill="empathy", kind="shadowing", words="A day at chat.", receipt="offered once", at=at
    )
    pulse.take(cast.amir, {"tools": 4, "authority": 3, "recovery": 2, "lead": 4}, at)
    suggestion_id = coaching.suggest(
        author_id=cast.amir,
        title="A seat",
        problem="People wait standing.",
        idea="A bench by the door.",
        receipt="said once",
        at=at,
        with_ids=[cast.beth],
    )
    facts = {"of": "gap", "skill": "greeting", "line": "practice", "share": 0.41, "beside": 0.9, "well": True}
    assignment_id = plans.assign(cast.amir, "greeting", at=at, given_by_id=cast.chloe, why="To begin with.", prepared=facts)
    path_id = plans.assign(cast.amir, "back-office", kind="path", at=at, given_by_id=cast.chloe, why="To know the house.")
    assert path_id is not None
    plans.open_early(path_id, "empathy", "She knows that already.", at, cast.chloe)
    terms = plans.Terms("Who joins greets", plans.Task("module", "greeting"), "Everybody begins with it.", team_id=amir.team_id)
    rule_id = plans.make_rule(terms, author_id=cast.chloe, receipt="written once", at=at)
    made = plans.make_certification(
        "Greeting", plans.Task("module", "greeting"), months=12, window_days=60, short=True, by_id=cast.ela, receipt="once", at=at
    )
    cycle_id = plans.assign(cast.amir, "", kind="reviews", number=3, at=at, given_by_id=cast.ela, why="Once a year.")
    certificate = {"number": "2026-000001", "person_id": cast.amir, "certification_id": made.id, "assignment_id": cycle_id, "name": "Amir Kaya"}
    certificate |= {"title": "Greeting", "organisation": "Mavikapı", "parts": [["greeting", 1, "d"]], "way": "full", "completed_on": at.date()}
    certificate |= {
        "code": "2345-6789-BCDF-GHJK",
        "valid_until": at.date() + timedelta(days=365),
        "issued_at": at,
        "digest": "d",
        "withdrawn_at": None,
        "withdrawn_why": None,
    }
    insert_once(Certificate, certificate | {"withdrawn_by_id": None}, ["number"])
    request_id = privacy.ask_correction(person_id=cast.amir, what="My start date", why="It was the 2nd.", receipt="asked once", at=at)
    for name in vars(cast).keys() & {"ferit", "ada"}:
        _uploaded(vars(cast)[name], at)
    expectation_id, answer_id, expectation_draft_id = _expected(cast, at)
    _service(cast, at)
    shift_id = roster.add_shift(
        person_id=cast.hana, area="Shops", rank=1, phone="0222 000 00 00", starts_at=at, ends_at=at + timedelta(hours=8), at=at, by_id=cast.ada
    )
    asked = [[f"greeting/quiz/{attempt.drawn[0]}", version_id]]
    values = {"items": asked, "story": None, "drawn_at": at, "finished_at": None, "skipped_at": None}
    set_id = insert_once(ReviewSet, {"person_id": cast.amir, "day": at.date(), **values}, ["person_id", "day"])
    notice_id = _told(cast, at)
    import_id = _people_file(cast, at)
    file_key = _report_file(cast, at)
    schedule_id = _schedule(cast, at)
    hook = {"name": "Payroll", "url": "https://hr.example.com/", "events": ["certified"], "salt_key": "s", "made_by_id": cast.ada, "made_at": at}
    hook_id = insert_once(Webhook, hook | {"receipt": "entered once", "looked_at": at, "ended_at": None}, ["receipt"])
    webhooks.happened("certified", "certificate/1", {"number": "2026-000001"}, person_id=cast.amir, occurred_at=at, at=at)
    tied = {"issuer": "https://id.example.com", "subject": "s-amir", "person_id": cast.amir, "tied_at": at}
    insert_once(OidcIdentity, tied, ["issuer", "subject"])
    upsert(CalendarLink, {"person_id": cast.beth, "digest": digest("linked"), "made_at": at}, ["person_id"], ["digest", "made_at"])
    payroll = {"name": "Payroll", "digest": "d", "scopes": ["people"], "made_by_id": cast.ela, "made_at": at, "receipt": "made once"}
    api_token_id = insert_once(ApiToken, payroll | {"expires_at": at + timedelta(days=9), "revoked_at": None, "used_at": None}, ["receipt"])
    asked = _asked_customers(cast, at)
    table_id = _report_table(at)
    sign_in_id = db.session.scalar(select(SignIn.id).where(SignIn.person_id == cast.amir))
    db.session.commit()
    shift = dict(db.session.execute(select(DutyShift.__table__).where(DutyShift.id == shift_id)).mappings().one())
    return World(
        unit_id=1,
        team_id=amir.team_id,
        shift=shift,
        person_id=cast.amir,
        digest=amir.photo_digest,
        token=token,
        module_key="greeting",
        lesson_key=content.lessons[0].key,
        check_id=content.lessons[0].checks[0].id,
        attempt_id=attempt.id,
        question_id=attempt.drawn[0],
        story=content.stories[0].id,
        run_id=run_id,
        reply_id=reply_id,
        set_id=set_id,
        place=1,
        observation_id=observation_id,
        session_id=session_id,
        praise_id=praise_id,
        offer_id=offer_id,
        part="talk",
        dispute_id=dispute_id,
        draft_id=draft_id,
        case_id=case_id,
        draw_id=draw_id,
        pick_id=pick_id,
        suggestion_id=suggestion_id,
        assignment_id=assignment_id,
        path_id=path_id,
        rule_id=rule_id,
        number="2026-000001",
        code="2345-6789-BCDF-GHJK",
        request_id=request_id,
        shift_id=shift_id,
        expectation_id=expectation_id,
        answer_id=answer_id,
        expectation_draft_id=expectation_draft_id,
        sign_in_id=sign_in_id,
        notice_id=notice_id,
        import_id=import_id,
        signed=token_of(cast.amir),
        skill="empathy",
        key="late-delivery",
        kind_key="routing",
        entry_key="late-delivery-light",
        step="meaning",
        version_number=1,
        complaint_id=1,
        card_id=1,
        walk_id=1,
        baseline_id=1,
        goal_id=1,
        hours_id=1,
        job_key="shop-assistant",
        node_key="price",
        area="shop",
        card_key="phone",
        channel="phone",
        stamp="0",
        name="trainee.css",
        content_key="our-service",
        report_key="skills",
        file_key=file_key,
        schedule_id=schedule_id,
        secret="linked",
        webhook_id=hook_id,
        linked_id=cast.beth,
        token_id=api_token_id,
        **asked,
        table_id=table_id,
        picture="service-tree-tr.svg",
        kind="coaching",
        logo_digest=organisation.house().logo,
    )

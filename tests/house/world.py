"""Things of Amir's that the addresses of the permission test point at, made through the real actions."""

import io
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from PIL import Image
from sqlalchemy import select, update

from trainee import coaching, expectations, plans, privacy
from trainee.coaching import calibration, draws, growth, observations, praise, pulse, sessions
from trainee.coaching.draws import ContactPick
from trainee.coaching.observations import ObservationDraft
from trainee.expectations.actions import start_draft
from trainee.kit.clock import local_date
from trainee.kit.db import db, insert_once
from trainee.modules.library import module_or_404
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.reviews import ReviewSet
from trainee.modules.roleplays import actions as roleplays
from trainee.modules.roleplays import replies
from trainee.modules.roleplays.models import RolePlayPulse
from trainee.modules.roleplays.queries import run_or_404
from trainee.modules.roleplays.replies.queries import typed
from trainee.people import actions as people
from trainee.people.models import Person, SignIn
from trainee.plans.models import Certificate
from trainee.service.roster import actions as roster
from trainee.service.roster.models import DutyShift
from trainee.skills.scorecards import ScorecardVersion, current_card


class World(dict[str, Any]):
    """A value for every part of every address; `restore` undoes what a visit may have changed of the doors themselves."""

    def restore(self) -> None:
        """Sign everybody in again and open every account."""
        db.session.rollback()
        db.session.execute(update(SignIn).values(ended_at=None))
        db.session.execute(update(Person).values(disabled_at=None))
        db.session.execute(update(ScorecardVersion).values(retired_at=None))
        shift = self["shift"]
        insert_once(DutyShift, shift, ["id"])
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


def make_world(cast: SimpleNamespace, at: datetime) -> World:
    """Amir's attempt, run, observation, suggestion, assignment, request and picture."""
    amir = db.session.get_one(Person, cast.amir)
    people.set_photo(amir, _picture())
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
    pulse.take(cast.amir, {"tools": 4, "authority": 3, "recovery": 2}, at)
    suggestion_id = coaching.suggest(
        author_id=cast.amir,
        title="A seat",
        problem="People wait standing.",
        idea="A bench by the door.",
        receipt="said once",
        at=at,
        with_ids=[cast.beth],
    )
    assignment_id = plans.assign(cast.amir, "greeting", at=at, given_by_id=cast.chloe, why="To begin with.")
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
    certificate |= {"valid_until": at.date() + timedelta(days=365), "issued_at": at, "digest": "d", "withdrawn_at": None, "withdrawn_why": None}
    insert_once(Certificate, certificate | {"withdrawn_by_id": None}, ["number"])
    request_id = privacy.ask_correction(person_id=cast.amir, what="My start date", why="It was the 2nd.", receipt="asked once", at=at)
    expectation_id, answer_id, expectation_draft_id = _expected(cast, at)
    shift_id = roster.add_shift(
        person_id=cast.hana, area="Shops", rank=1, phone="0222 000 00 00", starts_at=at, ends_at=at + timedelta(hours=8), at=at, by_id=cast.ada
    )
    asked = [[f"greeting/quiz/{attempt.drawn[0]}", version_id]]
    values = {"items": asked, "story": None, "drawn_at": at, "finished_at": None, "skipped_at": None}
    set_id = insert_once(ReviewSet, {"person_id": cast.amir, "day": at.date(), **values}, ["person_id", "day"])
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
        request_id=request_id,
        shift_id=shift_id,
        expectation_id=expectation_id,
        answer_id=answer_id,
        expectation_draft_id=expectation_draft_id,
        sign_in_id=sign_in_id,
        skill="empathy",
        key="late-delivery",
        card_key="phone",
        channel="phone",
        stamp="0",
        name="trainee.css",
        content_key="our-service",
        picture="service-tree-tr.svg",
    )

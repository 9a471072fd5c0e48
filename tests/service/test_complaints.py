"""Complaints find their one owner, go step by step, and are put right within limits and for a reason."""

import io
import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import yaml
from sqlalchemy import delete, func, select, update

from tests.notices.conftest import tell
from trainee import notices
from trainee.config import SHIPPED_CONTENT
from trainee.kit.audit import AuditEntry
from trainee.kit.clock import end_of_day, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import force_locale
from trainee.notices.models import NOTICE, Notice, NoticeRule
from trainee.notices.queries import said
from trainee.people import Person, RoleHeld
from trainee.people import queries as people
from trainee.service import board, complaints, handbook
from trainee.service.complaints import Complaint, ContactCount, files
from trainee.service.complaints.method import STEPS
from trainee.service.complaints.queries import complaint_or_404, months, remedy_of
from trainee.service.handbook.kinds import kinds
from trainee.service.words import SEVERITIES
from trainee.timetable import hand_on_complaints

ISTANBUL = ZoneInfo("Europe/Istanbul")
BOTH = {"tr": "Nöbetçi yönetici", "en": "Duty manager"}
REASON = {"benefit": "She can wash today.", "reason": "Two appointments were missed."}


@pytest.fixture
def book(app, at):
    """A line for late deliveries, and a credit with limits."""
    line = {"cause": "late-delivery", "severity": "serious", "owner": BOTH, "hours": 24, "next": BOTH, "first": {"tr": "", "en": ""}}
    handbook.add("routing", line, at=at, by_id=None)
    credit = {"name": {"tr": "Hesap kredisi", "en": "Credit"}, "sort": "credit", "employee": 750, "leader": 3000, "conditions": BOTH, "floor": BOTH}
    handbook.add("remedy", credit, at=at, by_id=None)
    db.session.commit()


def hear(at, number="1", cause="late-delivery", words="Call me: 0532 111 22 33", severity="serious"):
    heard = complaints.Heard(at, "phone", cause, severity, words)
    return complaints.take(heard, "crm", number, at=at, by_id=None)


def test_a_complaint_gets_one_owner_and_a_date_and_loses_the_customers_number(book, at):
    found = complaint_or_404(hear(at))
    assert (found.owner, found.due_at) == (BOTH, at + timedelta(hours=24))
    assert "0532" not in found.words
    assert hear(at) is None
    assert complaints.late(at + timedelta(hours=25)) == 1


def test_in_an_empty_handbook_too_a_complaint_has_exactly_one_owner_and_a_date(app, as_, cast, at):
    def holder(by_id, number):
        heard = complaints.Heard(at, "phone", "price", "serious", "Too dear.")
        found = complaint_or_404(complaints.take(heard, "crm", number, at=at, by_id=by_id))
        assert found.owner is None and found.due_at == at + timedelta(hours=24)
        return found.held_by_id

    # Whoever leads her; with nobody above, and for a file that nobody signs, HR.
    assert [holder(who, f"h{who}") for who in (cast.amir, cast.chloe, cast.ela, None)] == [cast.chloe, cast.hana, cast.ela, cast.ela]
    db.session.execute(update(Person).where(Person.id.in_([cast.chloe, cast.hana, cast.iris])).values(disabled_at=at))
    assert holder(cast.amir, "away") == cast.ela
    db.session.execute(delete(RoleHeld).where(RoleHeld.role == "hr"))
    assert "admin" in people.roles_of(holder(None, "admin"))
    db.session.execute(delete(RoleHeld))
    assert holder(cast.amir, "nobody") == cast.amir


def test_who_has_a_complaint_for_want_of_a_line_is_told_once_a_day_with_the_date(book, cast, at):
    def heard(number, received):
        one = complaints.Heard(received, "phone", "price", "serious", "Too dear.")
        complaints.take(one, "crm", number, at=received, by_id=cast.amir)
        db.session.commit()

    def said_to_chloe():
        rows = db.session.execute(select(NOTICE).where(NOTICE.c.rule == "complaint_held").order_by(NOTICE.c.id)).all()
        assert {row.person_id for row in rows} <= {cast.chloe}
        with force_locale("en"):
            return [one.sentence for one in said(rows, "Europe/Istanbul") if one.sentence]

    early = now() - timedelta(hours=3)
    heard("one", early)
    tell(now())
    assert len(said_to_chloe()) == 1
    assert said_to_chloe()[0].startswith("1 complaint has come to you, since the handbook names nobody for it. The customer is to have an answer by ")
    line = {"cause": "price", "severity": "serious", "owner": {"tr": "Kasa", "en": "Till"}, "hours": 6, "next": {"tr": "Müdür", "en": "Manager"}}
    handbook.add("routing", line, at=now(), by_id=cast.ela)
    db.session.commit()
    complaints.route_open(at=now(), by_id=cast.ela)
    db.session.commit()
    heard("two", now())
    tell(now() + timedelta(days=2))
    assert len(said_to_chloe()) == 1, "nobody has that job, so both stay with her, in the one message of that day"


def test_hr_is_told_once_a_day_which_line_is_missing_and_where_it_is_written(book, cast, at):
    def take(number, cause, hours):
        heard = complaints.Heard(at + timedelta(hours=hours), "phone", cause, "serious", "Too dear.")
        complaints.take(heard, "crm", number, at=heard.received_at, by_id=cast.amir)
        db.session.commit()
        tell(heard.received_at + timedelta(minutes=1))
        db.session.rollback()
        return db.session.execute(select(NOTICE).where(NOTICE.c.rule == "line_missing").order_by(NOTICE.c.id)).all()

    db.session.add_all(NoticeRule(rule=kind.key, began_at=at - timedelta(days=60)) for kind in notices.kinds)
    assert take("lined", "late-delivery", 0) == []
    (told,) = take("1", "price", 0)
    assert told.person_id == cast.ela and len(take("2", "price", 2)) == 1
    kind = notices.kinds["line_missing"]
    (one,) = kind.occasions(at)
    with force_locale("en"):
        (words,) = [one.sentence for one in said([told], "Europe/Istanbul")]
        assert words.startswith("The handbook has no line for ") and "Until it has one, 2 open complaints are" in kind.sentence(one.reason, None)
    assert kind.place(one.reason) == ("handbook.new_entry", {"kind_key": "routing", "cause": "price", "severity": "serious"})
    # Another day, and another kind of complaint.
    assert [row.person_id for row in take("3", "refund", 24)] == [cast.ela, cast.ela]
    (one,) = kind.occasions(at)
    with force_locale("en"):
        assert "lacks 2 lines" in kind.sentence(one.reason, None) and "3 open complaints" in kind.sentence(one.reason, None)
    assert kind.place(one.reason) == ("handbook.book", {"kind_key": "routing"})
    for cause in ("price", "refund"):
        handbook.add("routing", {"cause": cause, "severity": "serious", "owner": BOTH, "hours": 6, "next": BOTH, "first": BOTH}, at=at, by_id=None)
    complaints.route_open(at=at, by_id=cast.ela)
    assert kind.occasions(at) == []


def test_a_complaint_goes_to_one_who_has_the_job_and_she_is_told(book, as_, cast, at):
    def hold(*people, job="nöbetçi YÖNETİCİ"):
        db.session.execute(update(Person).values(job="", password_hash="set"))
        db.session.execute(update(Person).where(Person.id.in_(people)).values(job=job))

    def taken(number, by_id):
        heard = complaints.Heard(at, "phone", "late-delivery", "serious", "It did not come.")
        made = complaints.take(heard, "crm", number, at=at, by_id=by_id)
        db.session.commit()
        return made, complaint_or_404(made).held_by_id

    hold(cast.dev)
    alone, first = taken("1", cast.amir)
    assert (
        first == cast.dev
        and "It came to Dev" in as_(cast.beth).get(f"/complaints/{alone}").text
        and "Duty manager: Dev" in as_(cast.beth).get("/complaints").text
    )
    # Of several it is the nearest in the line of whoever took it in, she herself first; else who has the fewest, the first by id.
    hold(cast.hana, cast.dev, cast.beth, job="Duty manager")
    assert [taken(f"n{who}", who)[1] for who in (cast.amir, cast.beth)] == [cast.hana, cast.beth]
    assert [taken(f"f{number}", None)[1] for number in range(2)] == [cast.beth, cast.dev]
    several = taken("s", None)[0]
    assert "Several have this job. It came to Hana" in as_(cast.amir).get(f"/complaints/{several}").text
    # Whoever has another job by now is not called by that one.
    hold(cast.hana, cast.beth, job="Duty manager")
    db.session.commit()
    assert "Dev Şahin; by the handbook: Duty manager" in as_(cast.beth).get("/complaints").text
    hold(cast.hana, cast.dev, cast.beth, job="Duty manager")
    # When she leaves the next has hers: the nearest in the line of whoever took one in, else who has the fewest; before it is written down, too.
    (nearest, fewest) = db.session.execute(select(Complaint.id).where(Complaint.held_by_id == cast.beth).order_by(Complaint.id)).scalars()
    db.session.execute(update(Person).where(Person.id == cast.beth).values(disabled_at=at))
    db.session.commit()
    names = {nearest: "Hana", fewest: "Dev"}
    for turn in range(2):
        for number, name in names.items():
            page = as_(cast.amir).get(f"/complaints/{number}").text
            assert f"Duty manager: {name}" in page and "has the job of" not in page and f"It came to {name}" in page
        assert complaints.hand_on(at=at, by_id=None) == (2 if turn == 0 else 0)
        db.session.commit()
    trail = select(AuditEntry.subject).where(AuditEntry.deed == "hand on complaint").order_by(AuditEntry.id)
    assert list(db.session.execute(trail).scalars()) == [f"complaint/{number}" for number in names]
    db.session.execute(update(Person).where(Person.id == cast.beth).values(disabled_at=None))
    # Who cannot come in has it in name only: then whoever leads her who took it in has it, as without a line.
    hold(cast.dev)
    db.session.execute(update(Person).where(Person.id == cast.dev).values(password_hash=None))
    stands_in, holder = taken("nobody", cast.amir)
    assert holder == cast.chloe
    assert "has the job of Duty manager here. So Chloe Irmak has it" in as_(cast.amir).get(f"/complaints/{stands_in}").text
    # Whoever has one finds it on her Today at once.
    today = as_(cast.chloe).get("/").text
    assert (
        "1 complaint is with you" in today
        and "The longest waiting was to be answered by " in today
        and "3 complaints are with you" in as_(cast.hana).get("/").text
    )
    assert "with you" not in as_(cast.amir).get("/").text
    tell(at + timedelta(minutes=1))
    rows = db.session.execute(select(NOTICE).where(NOTICE.c.rule == "complaint_held").order_by(NOTICE.c.person_id)).all()
    assert [row.person_id for row in rows] == sorted((cast.chloe, cast.dev, cast.hana))
    with force_locale("en"):
        words = {row.person_id: one.sentence.split(".")[0] for row, one in zip(rows, said(rows, "Europe/Istanbul"), strict=True)}
    assert words[cast.chloe] == "1 complaint is with you; its page says why"
    assert words[cast.hana] == "3 complaints are with you; their pages say why"
    # What came in before anybody looked for its holder becomes somebody's without anybody's doing; of a file that nobody signs it is HR's.
    taken("shut", cast.amir)
    db.session.execute(update(Complaint).values(held_by_id=None))
    db.session.execute(update(Complaint).where(Complaint.external_id == "shut").values(closed_at=at))
    db.session.commit()
    assert "Chloe Irmak; nobody here has the job of Duty manager" in as_(cast.amir).get("/complaints").text
    assert (hand_on_complaints(at).done, hand_on_complaints(at).done) == (7, 0)
    owners = {one.external_id: one.held_by_id for one in db.session.execute(select(Complaint)).scalars()}
    mine = {owners[key] for key in ("1", f"n{cast.amir}", f"n{cast.beth}", "nobody")}
    assert (mine, {owners[key] for key in ("f0", "f1", "s")}, owners["shut"]) == ({cast.chloe}, {cast.ela}, None)


def test_a_file_of_complaints_reads_who_may_have_them_once_and_deals_them_evenly(book, as_, cast, counting):
    db.session.execute(update(Person).values(job="", password_hash="set"))
    db.session.execute(update(Person).where(Person.id.in_([cast.beth, cast.dev])).values(job="Duty manager"))
    db.session.commit()

    def took(first, rows):
        lines = [f"{number};2026-03-02;phone;late-delivery;serious;Nerede kaldı?" for number in range(first, first + rows)]
        data = {
            "what": "complaints",
            "file": (io.BytesIO(("external_id;received_at;channel;cause;severity;words\n" + "\n".join(lines)).encode()), "a.csv"),
        }
        counting.clear()
        assert f"{rows} rows were taken" in as_(cast.ela).post("/complaints/file", data=data, content_type="multipart/form-data").text
        return sum("person.job" in one or "reporting_line" in one or "complaint.held_by_id, count" in one for one in counting)

    assert took(0, 4) == took(100, 40) > 0
    held = select(complaints.models.Complaint.held_by_id, func.count()).group_by(complaints.models.Complaint.held_by_id)
    assert dict(db.session.execute(held).tuples().all()) == {cast.beth: 22, cast.dev: 22}

    def looked():
        counting.clear()
        page = as_(cast.ela).get("/complaints").text
        return len(counting), page

    db.session.execute(update(Person).where(Person.id == cast.beth).values(disabled_at=now()))
    db.session.commit()
    many, page = looked()
    assert page.count("Duty manager: Dev") == 30
    some = list(db.session.execute(select(Complaint.id).where(Complaint.held_by_id == cast.beth)).scalars())[1:]
    db.session.execute(update(Complaint).where(Complaint.id.in_(some)).values(closed_at=now()))
    db.session.commit()
    assert looked()[0] == many


def test_what_somebody_had_for_want_of_a_line_goes_on_when_she_leaves(book, as_, cast):
    def take(number, received, by_id):
        heard = complaints.Heard(received, "phone", "price", "serious", f"Too dear, {number}.")
        made = complaints.take(heard, "crm", number, at=received, by_id=by_id)
        db.session.commit()
        return made

    def told(who):
        rows = db.session.execute(select(NOTICE).where(NOTICE.c.rule == "complaint_held", NOTICE.c.person_id == who).order_by(NOTICE.c.id)).all()
        with force_locale("en"):
            return [one.sentence for one in said(rows, "Europe/Istanbul") if one.sentence]

    early = now() - timedelta(hours=30)
    one, own, settled = (take(*args) for args in (("1", early, cast.amir), ("2", now(), cast.chloe), ("3", early, cast.amir)))
    assert [complaint_or_404(number).held_by_id for number in (one, own, settled)] == [cast.chloe, cast.hana, cast.chloe]
    db.session.execute(update(complaints.models.Complaint).where(complaints.models.Complaint.id == settled).values(closed_at=now()))
    db.session.execute(update(Person).where(Person.id == cast.chloe).values(disabled_at=now()))
    db.session.commit()
    hand_on_complaints(now())
    tell(now() + timedelta(minutes=1))
    assert told(cast.chloe) == [] and [words.split(",")[0] for words in told(cast.hana)] == ["2 complaints have come to you"]
    ela = as_(cast.ela)
    assert "Hana" in (page := ela.get(f"/complaints/{one}").text) and "Chloe Irmak has it" not in page
    assert "Chloe" not in (page := ela.get("/complaints").text) and page.count(", no line yet") == 2
    assert "Chloe Irmak" in ela.get(f"/complaints/{settled}").text
    # With nobody left above, it is HR's.
    db.session.execute(update(Person).where(Person.id == cast.hana).values(disabled_at=now()))
    db.session.commit()
    hand_on_complaints(now() + timedelta(minutes=1))
    tell(now() + timedelta(minutes=2))
    assert [words.split(",")[0] for words in told(cast.ela)] == ["2 complaints have come to you"]


def test_a_complaint_waits_with_somebody_until_the_book_has_a_line_and_goes_to_it_then(book, as_, cast, at):
    typed = {"cause": "price", "severity": "serious", "channel": "shop", "product": "", "words": "Etikette başka yazıyordu."}
    where = as_(cast.amir).post("/complaints/new", data={**typed, "receipt": "r"}).location
    amir, ela = as_(cast.amir), as_(cast.ela)
    said = amir.get(where).text
    assert "Chloe Irmak has it until the handbook says otherwise" in said and "Write the line" not in said
    assert "Chloe Irmak, no line yet" in amir.get("/complaints").text
    line = "/service/new/routing?cause=price&amp;severity=serious"
    assert line in ela.get(where).text and "1 open complaint waits for a line." in ela.get("/service/book/routing").text
    filled = {"cause": "price", "severity": "serious", "owner_tr": "Kasa", "owner_en": "Till", "hours": "6", "next_tr": "Müdür", "next_en": "Manager"}
    saved = ela.post("/service/new/routing", data=filled, follow_redirects=True).text
    assert "1 open complaint had no line, and has its owner now." in saved
    found = complaint_or_404(int(where.rsplit("/", 1)[1]))
    db.session.refresh(found)
    assert (found.owner["en"], found.held_by_id, found.due_at - found.received_at) == ("Till", cast.chloe, timedelta(hours=6))
    said = amir.get(where).text
    assert "until the handbook says otherwise" not in said and complaints.unrouted() == 0
    assert "Nobody who could see to it has the job of Till here. So Chloe Irmak has it, and finds it on Today." in said
    # A closed one stays with whoever had it, and a line for something else moves nothing.
    assert complaints.route_open(at=at, by_id=None) == 0


def test_what_has_no_line_of_its_own_goes_to_the_nearest_of_the_other_lines(book, at):
    def line(cause, severity, hours):
        owner = {"tr": f"{cause} {severity}", "en": f"{cause} {severity}"}
        handbook.add(
            "routing", {"cause": cause, "severity": severity, "owner": owner, "hours": hours, "next": BOTH, "first": BOTH}, at=at, by_id=None
        )

    def owner(cause, severity):
        return complaints.route(cause, severity).told("owner", "en")

    line("other", "other", 48)
    assert owner("price", "critical") == "other other" and owner("late-delivery", "serious") == "Duty manager"
    line("other", "critical", 4)
    assert (owner("price", "critical"), owner("price", "light")) == ("other critical", "other other")
    line("price", "other", 8)
    assert (owner("price", "critical"), owner("place", "critical")) == ("price other", "other critical")
    found = complaint_or_404(hear(at, "3", cause="place", severity="light"))
    assert found.owner["en"] == "other other" and found.due_at == at + timedelta(hours=48)


def test_the_book_tells_which_pairs_have_no_owner_until_a_last_line_stands_that_stays(book, as_, cast):
    ela, where = as_(cast.ela), "/service/book/routing"
    page = as_(cast.amir).get(where).text
    assert "32 pairs have no owner" in page and "The place, the label, the site · A nuisance" in page
    assert "Late or missed delivery · A loss of money or time</li>" not in page
    typed = {"cause": "other", "severity": "other", "owner_tr": "Masa", "owner_en": "Desk", "hours": "24", "next_tr": "Müdür", "next_en": "Manager"}
    assert ela.post("/service/new/routing", data=typed).status_code == 303
    page = ela.get(where).text
    assert "no owner" not in page and page.index("Late or missed delivery") < page.index("Every other cause")
    assert "Take out of use" not in ela.get(f"{where}/other-other").text
    kept = ela.post("/service/removal/routing/other-other")
    assert kept.status_code == 409 and "so it stays" in kept.text
    assert ela.post("/service/removal/routing/late-delivery-serious").status_code == 303
    assert complaints.route("late-delivery", "serious").key == "other-other"


def test_the_demonstrations_book_gives_every_pair_an_owner():
    told = yaml.safe_load((SHIPPED_CONTENT / "demo" / "service.yaml").read_text(encoding="utf-8"))["routing"]
    kind = kinds["routing"]
    assert len(told) > 3 and kind.lacks(told[:3], "en") and kind.lacks(told, "en") == []


def primary(page: str) -> list[str]:
    """Where the buttons of a complaint's page lead that stand out."""
    forms = re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL)
    return [where for where, inside in forms if re.search(r'class="[^"]*button-primary', inside) and where.startswith("/complaints/")]


def test_a_complaint_is_closed_when_every_step_is_done_or_left_out_for_a_reason(book, as_, cast, at):
    number = hear(at)
    db.session.commit()
    amir, where = as_(cast.amir), f"/complaints/{number}"
    refused = amir.post(f"{where}/closure", data={"revision": "0"})
    assert refused.status_code == 422 and "Learn from it" in refused.text
    assert amir.post(f"{where}/steps/hear", data={"revision": "0", "left_out": "1", "why": " "}).status_code == 422
    for turn, step in enumerate(STEPS):
        # What comes next is the one thing that stands out.
        assert primary(amir.get(where).text) == [f"{where}/steps/{step.key}"]
        left = {"left_out": "1", "why": "She wrote; nobody spoke."} if step.key == "hear" else {}
        for _twice in range(2):
            assert amir.post(f"{where}/steps/{step.key}", data={"revision": str(turn), **left}).status_code == 303
    assert primary(amir.get(where).text) == [f"{where}/closure"]
    assert amir.post(f"{where}/closure", data={"revision": str(len(STEPS))}).status_code == 303
    assert "It was closed without a remedy." in amir.get(where).text
    page = amir.get(where).text
    assert "Closed on" in page and "She wrote; nobody spoke." in page
    assert amir.get("/complaints?show=closed").text.count(f'href="{where}"') == 1


def test_above_ones_limit_somebody_else_approves_and_without_a_reason_nothing_is_chosen(book, as_, cast, at):
    number = hear(at)
    db.session.commit()
    amir, where = as_(cast.amir), f"/complaints/{number}"
    given = {"remedy": "credit", "amount": "2000", **REASON}
    for name in ("reason", "benefit"):
        refused = amir.post(f"{where}/remedy", data={**given, name: "  "})
        assert refused.status_code == 422 and "Please write" in refused.text
    assert amir.post(f"{where}/remedy", data=given).status_code == 303
    assert "waits for approval" in amir.get(where).text
    # What nobody agreed to yet is no example for a like case.
    like = f"/complaints/{hear(at, '2')}"
    db.session.commit()
    assert f'href="{where}"' not in amir.get(like).text
    assert amir.post(f"{where}/approval").status_code == 403
    assert as_(cast.chloe).post(f"{where}/approval").status_code == 303
    assert remedy_of(number).approved_by_id == cast.chloe
    assert f'href="{where}"' in amir.get(like).text
    assert amir.post(f"{where}/remedy", data=given).status_code == 409


def test_who_may_not_agree_reads_who_can_and_those_are_told_until_somebody_does(book, as_, cast, at):
    db.session.add_all(NoticeRule(rule=kind.key, began_at=at - timedelta(days=60)) for kind in notices.kinds)
    first, second = hear(at), hear(at, "2")
    db.session.commit()
    as_(cast.amir).post(f"/complaints/{first}/remedy", data={"remedy": "credit", "amount": "2.000,00", **REASON})
    as_(cast.chloe).post(f"/complaints/{second}/remedy", data={"remedy": "credit", "amount": "3.001", **REASON})
    button, name = "Approve it", db.session.get_one(Person, cast.chloe).name
    page = as_(cast.amir).get(f"/complaints/{first}").text
    assert button not in page and f"it waits: {name} (Supervisor), " in page
    for one in (cast.chloe, cast.dev, cast.max):
        assert button in as_(one).get(f"/complaints/{first}").text
    for one in (cast.chloe, cast.dev, cast.amir):
        page = as_(one).get(f"/complaints/{second}").text
        assert button not in page and " (Executive)." in page
    assert button in as_(cast.max).get(f"/complaints/{second}").text

    def told():
        # At night and at weekends it waits for her hours: who is told depends on neither.
        mine = (Notice.rule == "remedy_to_approve") & Notice.state.in_(["planned", "sent"])
        return {(row.person_id, row.subject) for row in db.session.execute(select(Notice.person_id, Notice.subject).where(mine))}

    tell(now() + timedelta(days=1))
    near = people.chain_above(cast.amir)[1][0]
    asked = {(one, f"complaint/{first}") for one in (cast.chloe, near)}
    assert told() == asked | {(cast.max, f"complaint/{second}")}
    rows = db.session.execute(select(NOTICE).where(NOTICE.c.rule == "remedy_to_approve", NOTICE.c.person_id == cast.chloe)).all()
    with force_locale("en"):
        assert [one.sentence for one in said(rows, "Europe/Istanbul")] == [
            f"{db.session.get_one(Person, cast.amir).name} has chosen “Credit” for 2,000 TL for a complaint, and needs your approval."
        ]
    as_(cast.chloe).post(f"/complaints/{first}/approval")
    again = as_(cast.chloe).post(f"/complaints/{first}/approval")
    assert again.status_code == 409 and "Nothing waits for approval here." in again.text and 'id="put-right"' in again.text


def test_where_nobody_may_agree_the_page_says_what_to_do(book, as_, cast, at):
    number = hear(at)
    db.session.execute(delete(RoleHeld).where(RoleHeld.role == "executive"))
    db.session.commit()
    as_(cast.chloe).post(f"/complaints/{number}/remedy", data={"remedy": "credit", "amount": "99999", **REASON})
    assert "Nobody here may agree to this amount." in as_(cast.chloe).get(f"/complaints/{number}").text


def test_a_refused_step_or_closing_comes_back_in_place_with_what_was_typed(book, as_, cast, at):
    number = hear(at)
    db.session.commit()
    amir, where = as_(cast.amir), f"/complaints/{number}"
    bare = amir.post(f"{where}/steps/hear", data={"revision": "0", "left_out": "1", "why": " "})
    assert bare.status_code == 422 and 'id="why-hear-errors"' in bare.text and 'href="#why-hear"' in bare.text and 'id="alike"' in bare.text
    stale = amir.post(f"{where}/steps/hear", data={"revision": "7", "left_out": "1", "why": "She wrote to us."})
    assert stale.status_code == 409 and 'value="She wrote to us."' in stale.text and "Somebody changed this" in stale.text
    shut = amir.post(f"{where}/closure", data={"revision": "0"})
    assert shut.status_code == 422 and 'id="closing"' in shut.text and 'id="steps"' in shut.text and "Some steps are still open" in shut.text
    for amount in ("2,5", "-4", "many", "2.900.00", "1.2345"):
        refused = amir.post(f"{where}/remedy", data={"remedy": "credit", "amount": amount, **REASON})
        assert refused.status_code == 422 and f'value="{amount}"' in refused.text and "She can wash today." in refused.text, amount


def test_within_the_limit_nobody_is_asked_and_above_everybodys_an_executive_is(book, as_, cast, at):
    first, second = hear(at), hear(at, "2")
    db.session.commit()
    as_(cast.amir).post(f"/complaints/{first}/remedy", data={"remedy": "credit", "amount": "750,00 TL", **REASON})
    assert not remedy_of(first).above_limit
    as_(cast.chloe).post(f"/complaints/{second}/remedy", data={"remedy": "credit", "amount": "3001", **REASON})
    assert as_(cast.chloe).post(f"/complaints/{second}/approval").status_code == 403
    assert as_(cast.dev).post(f"/complaints/{second}/approval").status_code == 403
    assert as_(cast.max).post(f"/complaints/{second}/approval").status_code == 303
    # Whoever decides sees what like cases were given, and why.
    page = as_(cast.gus).get(f"/complaints/{second}").text
    assert "Two appointments were missed." in page and f'href="/complaints/{first}"' in page


def test_a_thousand_rows_of_another_system_are_taken_once_and_faults_told_by_row(book, as_, cast):
    head = "external_id;received_at;channel;cause;severity;words\n"
    lines = [f"{number};2026-03-0{number % 9 + 1};phone;late-delivery;serious;Nerede kaldı?" for number in range(1000)]
    lines[7], lines[8] = "7;2999-01-01;phone;late-delivery;serious;x", "8;2026-03-01;pigeon;late-delivery;serious;x"
    ela = as_(cast.ela)

    def take(what: str, text: str) -> str:
        data = {"what": what, "file": (io.BytesIO(text.encode()), "crm.csv")}
        return ela.post("/complaints/file", data=data, content_type="multipart/form-data").text

    told = take("complaints", head + "\n".join(lines))
    assert "998 rows were taken" in told
    assert "Row 9: “2999-01-01” lies ahead." in told and "Row 10: “pigeon” is not known as “Channel”. Known: Shop; Phone; " in told
    assert "998 rows stood here already" in take("complaints", head + "\n".join(lines))
    contacts = "day;channel;contacts\n2026-03-02;phone;400\n2026-03-02;phone;500\n2026-03-03;chat;-1\n"
    told = take("contacts", contacts)
    assert "1 row was taken" in told and "Row 4" in told
    assert "Row 3: The same day and channel stand in row 2 already; that one was taken." in told
    told = take("contacts", contacts.replace(";400", ";450"))
    assert "0 rows were taken" in told and "1 row replaced what an earlier file said" in told
    assert "1 row stood here already" in take("contacts", contacts.replace(";400", ";450"))
    assert db.session.scalar(select(func.sum(ContactCount.contacts))) == 450
    turkish = "Gün;Kanal;Görüşme\n11.03.2026;Telefon;1.200\n11.03.2026;e-posta;900\n11.03.2026;Sosyal medya;1.20\n"
    told = take("contacts", turkish)
    assert "2 rows were taken" in told and "Row 4: “1.20” is no whole number of contacts." in told
    english = 'Day,Channel,Number of contacts\n2026-03-11,Website,"12,000"\n2026-03-11,Chat,"1,2.000"\n'
    told = take("contacts", english)
    assert "1 row was taken" in told and "Row 3: “1,2.000”" in told
    found = db.session.execute(select(ContactCount.channel, ContactCount.contacts).where(ContactCount.day == date(2026, 3, 11)))
    assert {tuple(row) for row in found} == {("phone", 1200), ("email", 900), ("web", 12000)}
    asked = "external_id;Geldiği zaman;Kanal;Neden;Ağırlığı;Müşterinin söylediği\nT1;2026-03-11;Mağaza;Geciken ya da yapılmayan teslimat;x;Nerede?\n"
    told = take("complaints", asked)
    assert "Row 2: “x” is not known as “How serious”. Known: A nuisance; " in told
    # Whoever reads Turkish is told the Turkish words, which are taken too.
    with force_locale("tr"):
        (wrong,) = files.take_complaints(asked.encode(), "Europe/Istanbul", at=now(), by_id=cast.ela).wrong
        assert all(str(name) in wrong[1] for _key, name in SEVERITIES) and "A nuisance" not in wrong[1]
    assert as_(cast.amir).get("/complaints/file").status_code == 403


def test_a_file_tells_which_complaints_are_closed_and_closes_those_that_were_open_here(book, as_, cast, at):
    head, like = "external_id;received_at;channel;cause;severity;words;closed_on\n", "2026-03-01 14:00;phone;late-delivery;serious;Where is it?;"
    ela = as_(cast.ela)

    def take(*lines: str) -> str:
        data = {"what": "complaints", "file": (io.BytesIO((head + "\n".join(lines)).encode()), "crm.csv")}
        return ela.post("/complaints/file", data=data, content_type="multipart/form-data").text

    told = take(f"A;{like}2026-03-04", f"B;{like}", f"C;{like}2026-03-01", f"D;{like}2026-02-28", f"E;{like}2999-01-01", f"F;{like}soon", f"G;{like}")
    assert "4 rows were taken" in told
    for wrong in ("Row 5: It cannot be closed (“2026-02-28” in “closed_on”)", "Row 6: “2999-01-01” lies ahead.", "Row 7: “soon” is no date"):
        assert wrong in told
    found = {one.external_id: one for one in db.session.execute(select(complaints.Complaint)).scalars()}
    assert {name for name, one in found.items() if one.closed_at} == {"A", "C"} and found["C"].closed_at == found["C"].received_at
    assert complaints.late(at) == 2
    assert "as a file of the system says" in ela.get(f"/complaints/{found['A'].id}").text
    # A remedy that waits is agreed to or changed first; the other is closed, once.
    as_(cast.amir).post(f"/complaints/{found['G'].id}/remedy", data={"remedy": "credit", "amount": "2000", **REASON})
    told = take(f"A;{like}", f"B;{like}2026-03-05 09:30", f"G;{like}2026-03-05")
    assert "1 complaint that was open here is closed now" in told and "1 row stood here already" in told
    assert "Row 4: The remedy still waits for approval." in told
    assert "2 rows stood here already" in take(f"A;{like}2026-03-09", f"B;{like}2026-03-09")
    db.session.expire_all()
    assert (found["A"].closed_at.day, found["B"].closed_at.day, found["B"].closed_by_id, found["G"].closed_at) == (3, 5, None, None)
    written = db.session.scalar(select(func.count()).where(AuditEntry.deed == "close complaint by file"))
    assert written == 1


def test_a_day_without_a_time_counts_from_its_end_or_from_now_and_the_same_file_doubles_nothing(book, cast, at):
    line = {"cause": "price", "severity": "critical", "owner": BOTH, "hours": 4, "next": BOTH, "first": BOTH}
    handbook.add("routing", line, at=at, by_id=None)
    head, like = "external_id;received_at;channel;cause;severity;words;closed_on\n", ";phone;price;critical;Too dear.;"
    today, before = at.astimezone(ISTANBUL).date(), at.astimezone(ISTANBUL).date() - timedelta(days=1)
    rows = [f"now;{today}{like}", f"dots;{today:%d.%m.%Y}{like}", f"before;{before}{like}", f"told;{before} 09:30{like}"]
    rows += [f"same;{before}{like}{before}", f"hour;{before}{like}{before} 10:00", f"never;{before}{like}{before - timedelta(days=1)}"]

    def take(when):
        return files.take_complaints((head + "\n".join(rows)).encode(), "Europe/Istanbul", at=when, by_id=cast.ela)

    taken = take(at)
    assert (taken.new, [number for number, _words in taken.wrong]) == (6, [8])
    found = {one.external_id: one for one in db.session.execute(select(complaints.Complaint)).scalars()}
    end = end_of_day(before, "Europe/Istanbul")
    assert (found["now"].received_at, found["dots"].received_at) == (at, at)
    assert found["now"].due_at == at + timedelta(hours=4) and complaints.late(at + timedelta(hours=4)) == complaints.late(at)
    assert (found["before"].received_at, found["before"].due_at) == (end, end + timedelta(hours=4))
    assert found["told"].received_at.astimezone(ISTANBUL).strftime("%H:%M") == "09:30"
    assert {name: found[name].closed_at == end for name in ("same", "hour")} == {"same": True, "hour": True}
    # Some hours later the same file has the same rows, and their dates stand.
    # A day of contacts, too, is one of the company's: it has begun there while it is still the day before in Greenwich.
    midnight = end_of_day(before, "Europe/Istanbul") + timedelta(minutes=8)
    counted = files.take_contacts(f"day;channel;contacts\n{today};phone;400\n".encode(), "Europe/Istanbul", at=midnight)
    assert (counted.new, counted.wrong) == (1, [])
    assert db.session.scalar(select(ContactCount.day).order_by(ContactCount.id.desc())) == today
    again = take(at + timedelta(hours=2))
    assert (again.new, again.known, again.closed) == (0, 6, 0)
    db.session.expire_all()
    assert (found["now"].received_at, found["now"].due_at) == (at, at + timedelta(hours=4))


def test_complaints_are_told_for_a_thousand_contacts_and_not_for_too_few(book, at):
    hear(at)
    complaints.count_contacts("crm", at.date(), "phone", 99)
    assert months(at, "Europe/Istanbul")[-1].rate is None
    complaints.count_contacts("crm", at.date(), "phone", 400)
    complaints.count_contacts("crm", at.date(), "chat", 100)
    last = months(at, "Europe/Istanbul")[-1]
    assert (last.complaints, last.contacts, last.rate) == (1, 500, 2.0)


def test_a_card_asks_why_in_order_needs_who_and_when_and_closes_with_a_figure(as_, cast, at):
    chloe = as_(cast.chloe)
    typed = {"issue": "The depot misses dates.", "why_1": "No lorry.", "why_3": "Nobody asked.", "receipt": "r"}
    assert "without leaving one out" in chloe.post("/improvements/new", data=typed).text
    typed |= {"why_2": "One is broken.", "action": "Hire one."}
    assert "somebody who does it" in chloe.post("/improvements/new", data=typed).text
    typed |= {"owner_id": str(cast.dev), "due_on": "2026-04-01"}
    for _twice in range(2):
        assert chloe.post("/improvements/new", data=typed).location == "/improvements/1"
    assert chloe.post("/improvements/1/closure", data={"revision": "0"}).status_code == 422
    figures = {"measure": "Promises kept", "before": "71 % of 58", "after": "88 % of 61", "revision": "0"}
    assert chloe.post("/improvements/1/change", data={**typed, **figures}).status_code == 303
    assert chloe.post("/improvements/1/change", data={**typed, **figures, "before": "70 %"}).status_code == 409
    assert chloe.post("/improvements/1/closure", data={"revision": "1"}).status_code == 303
    assert "88 % of 61" in as_(cast.amir).get("/improvements").text
    assert as_(cast.amir).post("/improvements/new", data=typed).status_code == 403
    with pytest.raises(Refusal, match="closed"):
        board.change(db.session.get(board.Improvement, 1), {"issue": "x"}, revision=2, at=at, by_id=cast.chloe)


def put_in_book(at):
    """A refund with limits, and what follows the sale of white goods."""
    refund = {"name": {"tr": "Para iadesi", "en": "Refund"}, "sort": "refund", "employee": 3000, "leader": 20000, "conditions": BOTH, "floor": BOTH}
    handbook.add("remedy", refund, at=at, by_id=None)
    steps = {name: {"tr": f"{name} tr", "en": f"{name} en"} for name in ("installation", "follow_up", "support", "trouble")}
    names = {"name": {"tr": "Beyaz eşya", "en": "White goods"}, "products": {"tr": "Çamaşır makinesi, fırın", "en": "Washing machine, oven"}}
    card = {"guarantee": {"tr": "Kart: {{card:late-delivery}}.", "en": "Card: {{card:late-delivery}} & <more>."}}
    handbook.add("playbook", {**names, **steps, **card}, at=at, by_id=None)
    db.session.commit()


def test_what_the_law_gives_has_no_limit_and_the_page_says_where_it_stands(book, as_, cast, at):
    put_in_book(at)
    first, second = hear(at, cause="defective"), hear(at, "2", cause="defective")
    db.session.commit()
    amir, given = as_(cast.amir), {"remedy": "refund", "amount": "4.000", **REASON}
    refused = amir.post(f"/complaints/{first}/remedy", data={**given, "remedy": "credit", "right_by": "handbook"})
    assert refused.status_code == 422 and "no right to this" in refused.text and "selected>Yes, as the handbook says" in refused.text
    # Only a card that gives a right can be what gives it.
    offered = re.findall(r'<option value="([a-z-]+)"', amir.get(f"/complaints/{first}").text.split('name="right_by"')[1].split("</select>")[0])
    assert sorted(offered) == ["after-sales-repair", "defective-goods", "favour", "handbook", "late-delivery", "withdrawal"]
    for none in ("no-such-card", "phone-standard"):
        assert amir.post(f"/complaints/{first}/remedy", data={**given, "right_by": none}).status_code == 422
    assert amir.post(f"/complaints/{first}/remedy", data={**given, "right_by": "late-delivery"}).status_code == 303
    chosen = remedy_of(first)
    assert (chosen.above_limit, chosen.approved_at, chosen.right_by) == (False, None, "late-delivery")
    page = amir.get(f"/complaints/{first}").text
    assert "nobody: it is the customer" in page and "Can agree to it" not in page and "Approve it" not in page
    assert '<a href="/cards/late-delivery">' in page
    amir.post(f"/complaints/{second}/remedy", data={**given, "right_by": "handbook"})
    assert '<a href="/service/book/remedy">Remedies and limits</a>' in amir.get(f"/complaints/{second}").text
    # The same of our own accord still waits.
    assert '<option value="favour" selected>' in amir.get(f"/complaints/{first}").text
    amir.post(f"/complaints/{second}/remedy", data={**given, "right_by": "favour"})
    assert remedy_of(second).above_limit and remedy_of(second).right_by is None


def test_a_complaint_finds_what_follows_a_sale_by_its_product_or_by_what_was_chosen(book, as_, cast, at):
    put_in_book(at)

    def heard(product, chosen="", number="1"):
        made = complaints.Heard(at, "shop", "installation", "light", "Boş kaldı.", product, chosen)
        return complaint_or_404(complaints.take(made, "crm", number, at=at, by_id=None)).product_class

    named = ("Çamaşır makinesi X-200", "beyaz eşya", "our WASHING MACHINE", "Fırınlı ocak", "Dolap", "")
    found = [heard(one, number=str(turn)) for turn, one in enumerate(named)]
    assert found == ["white-goods", "white-goods", "white-goods", None, None, None]
    assert heard("Dolap", "white-goods", "9") == "white-goods"
    amir = as_(cast.amir)
    assert '<option value="white-goods">White goods</option>' in amir.get("/complaints/new").text
    typed = {"cause": "installation", "severity": "light", "channel": "shop", "product": "", "product_class": "white-goods", "words": "Sallanıyor."}
    page = amir.get(amir.post("/complaints/new", data=typed).location).text
    assert "After the sale: White goods" in page and 'href="/service/book/playbook/white-goods"' in page and "follow_up en" in page
    assert '<a class="card-name" href="/cards/late-delivery">' in page and "&amp; &lt;more&gt;" in page
    assert '<a class="card-name" href="/cards/late-delivery">' in amir.get("/service/book/playbook/white-goods").text
    handbook.retire(handbook.entries("playbook")[0], at=at, by_id=None)
    db.session.commit()
    assert "After the sale: " not in amir.get("/complaints/1").text

"""Whom to call now, and when nobody stands by."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from flask import g
from sqlalchemy import func, select, update

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.people import Person, Team
from trainee.service.roster import DutyShift, add_shift, gaps, remove_shift, who_now
from trainee.service.roster.views import _by_day, _hours

ZONE = ZoneInfo("Europe/Istanbul")
CENTRE = "Contact centre"


def hour(day: int, hours: int, minutes: int = 0) -> datetime:
    """A local time in March 2026; the 11th is a Wednesday, the 15th a Sunday. 24 is midnight at the end of the day."""
    return datetime(2026, 3, day, tzinfo=ZONE) + timedelta(hours=hours, minutes=minutes)


@pytest.fixture
def stands_by(cast, at):
    """Puts somebody on the roster."""

    def add(who, starts, ends, rank=1, area=CENTRE):
        shift = add_shift(
            person_id=getattr(cast, who), area=area, rank=rank, phone="0222 000 00 01", starts_at=starts, ends_at=ends, at=at, by_id=cast.ela
        )
        db.session.commit()
        return shift

    return add


@pytest.fixture
def form(cast):
    """What HR fills in."""
    return {"person_id": cast.chloe, "area": CENTRE, "rank": "1", "phone": "0222 000 00 01", "starts": "2026-03-15T08:00", "ends": "2026-03-16T00:00"}


def test_who_is_called_now_is_whose_shift_is_on_the_primary_first(stands_by, cast):
    stands_by("dev", hour(11, 8), hour(11, 24), rank=2)
    stands_by("chloe", hour(11, 8), hour(11, 16))
    stands_by("hana", hour(11, 16), hour(11, 24))
    assert [row.name for row in who_now(hour(11, 15, 59))] == ["Chloe Irmak", "Dev Şahin"]
    assert [row.name for row in who_now(hour(11, 16))] == ["Hana İpek", "Dev Şahin"]
    assert who_now(hour(12, 0)) == []


def test_a_sunday_evening_without_a_backup_is_found(stands_by):
    for day in (14, 15, 16):
        stands_by("chloe", hour(day, 8), hour(day, 24))
    stands_by("dev", hour(14, 8), hour(15, 21), rank=2)
    stands_by("dev", hour(16, 8), hour(16, 24), rank=2)
    (gap,) = gaps(hour(14, 0), hour(17, 0))
    assert (gap.area, gap.rank, gap.starts_at, gap.ends_at) == (CENTRE, 2, hour(15, 21), hour(15, 24))


def test_a_time_without_anybody_is_told_once_and_not_again_as_one_without_a_backup(stands_by):
    stands_by("chloe", hour(11, 8), hour(11, 12))
    stands_by("dev", hour(11, 8), hour(11, 10), rank=2)
    found = [(gap.rank, gap.starts_at, gap.ends_at) for gap in gaps(hour(11, 0), hour(12, 0))]
    assert found == [(2, hour(11, 10), hour(11, 12)), (1, hour(11, 12), hour(11, 24))]


def test_where_the_backup_stands_somebody_is_to_be_called_all_the_same(stands_by):
    stands_by("chloe", hour(11, 8), hour(11, 12))
    stands_by("dev", hour(11, 10), hour(11, 16), rank=2)
    found = [(gap.rank, gap.answered, gap.starts_at, gap.ends_at) for gap in gaps(hour(11, 0), hour(12, 0))]
    assert found == [(2, True, hour(11, 8), hour(11, 10)), (1, True, hour(11, 12), hour(11, 16)), (1, False, hour(11, 16), hour(11, 24))]


def test_an_area_without_anybody_stays_on_the_page_and_says_whom_to_call_instead(stands_by, as_, cast, monkeypatch):
    monkeypatch.setattr("trainee.service.roster.views.now", lambda: hour(11, 13))
    stands_by("hana", hour(10, 8), hour(10, 24))
    dev = stands_by("dev", hour(11, 8), hour(11, 16), rank=2)
    here = as_(cast.amir).get("/roster").text.split('id="gaps"')
    assert "Nobody is to be called first just now; call the backup." in here[0] and "Dev Şahin" in here[0]
    assert "13:00–16:00, nobody to call first, the backup stands by" in " ".join(here[1].split())
    remove_shift(dev, at=hour(11, 12), by_id=cast.ela)
    db.session.commit()
    here = as_(cast.amir).get("/roster").text.split('id="gaps"')
    assert CENTRE in here[0] and "nobody to call" in here[0] and "Ask your team leader" in here[0]
    stands_by("chloe", hour(11, 8), hour(11, 24), area="Shops")
    here = as_(cast.amir).get("/roster").text.split('id="gaps"')
    assert "Call instead whoever is on duty elsewhere:" in here[0] and here[0].count('href="tel:02220000001"') == 2


def test_outside_opening_hours_nothing_is_missed_and_only_the_time_asked_for_is_looked_at(stands_by):
    stands_by("chloe", hour(11, 8), hour(11, 24))
    assert gaps(hour(12, 0), hour(12, 8)) == []
    (gap,) = gaps(hour(11, 20), hour(11, 22))
    assert (gap.starts_at, gap.ends_at) == (hour(11, 20), hour(11, 22))


def test_each_area_has_gaps_of_its_own_and_one_without_shifts_for_a_month_is_forgotten(stands_by):
    stands_by("chloe", hour(11, 8), hour(11, 24))
    stands_by("dev", hour(11, 8), hour(11, 24), area="Shops")
    stands_by("dev", hour(11, 8), hour(11, 24), rank=2, area="Shops")
    assert {(gap.area, gap.rank) for gap in gaps(hour(11, 0), hour(12, 0))} == {(CENTRE, 2)}
    much_later = hour(11, 0) + timedelta(days=60)
    assert gaps(much_later, much_later + timedelta(days=1)) == []


def test_gaps_are_the_hours_nobody_covers_whatever_the_shifts_are(stands_by, cast, at):
    # Many small shifts with holes, counted again minute by minute.
    free = []
    for quarter in range(64):
        if (quarter * 7) % 5:
            start = hour(11, 8) + timedelta(minutes=15 * quarter)
            stands_by("chloe", start, start + timedelta(minutes=15))
        else:
            free.append(quarter)
    found = gaps(hour(11, 0), hour(12, 0))
    missing = sum(((gap.ends_at - gap.starts_at) for gap in found if gap.rank == 1), timedelta())
    assert missing == timedelta(minutes=15 * len(free))
    assert sum(((gap.ends_at - gap.starts_at) for gap in found), timedelta()) == timedelta(hours=16)


def test_the_same_shift_twice_is_one_and_two_people_never_share_a_place(stands_by):
    first = stands_by("chloe", hour(11, 8), hour(11, 16))
    assert stands_by("chloe", hour(11, 8), hour(11, 16)) == first
    with pytest.raises(Refusal, match="already"):
        stands_by("dev", hour(11, 15), hour(11, 24))
    stands_by("dev", hour(11, 16), hour(11, 24))


def test_everybody_reads_the_roster_and_calls_with_one_tap(as_, cast, at):
    present = now().astimezone(UTC)
    add_shift(
        person_id=cast.chloe,
        area=CENTRE,
        rank=1,
        phone="+90 222 000 00 01",
        starts_at=present - timedelta(hours=1),
        ends_at=present + timedelta(days=13),
        at=at,
        by_id=None,
    )
    db.session.commit()
    for who in ("amir", "gus", "zoe", "max"):
        page = as_(getattr(cast, who)).get("/roster")
        assert page.status_code == 200
        assert 'href="tel:+902220000001"' in page.text
        assert "no backup" in page.text
        assert "Remove" not in page.text
    page = as_(cast.ela).get("/roster").text
    assert "Remove" in page and page.count("button-primary") == 1
    assert as_(None).get("/roster").status_code == 302


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        ((11, 8), (11, 16), "08:00–16:00"),
        ((11, 8), (11, 24), "08:00–24:00"),
        ((11, 20), (12, 8), "Wed 20:00 – Thu 08:00"),
        ((11, 8), (12, 8), "Wed 11 Mar 08:00 – Thu 12 Mar 08:00"),
        ((9, 0), (16, 0), "Mon 9 Mar 00:00 – Sun 15 Mar 24:00"),
        ((11, 8), (18, 8), "Wed 11 Mar 08:00 – Wed 18 Mar 08:00"),
    ],
)
def test_hours_are_told_as_people_say_them(app, starts, ends, words):
    with app.test_request_context():
        g.language = "en"
        assert _hours(hour(*starts), hour(*ends), ZONE) == words


@pytest.mark.parametrize(("starts", "ends", "days"), [((11, 8), (14, 24), [11, 12, 13, 14]), ((11, 20), (12, 8), [11]), ((9, 0), (13, 0), [11, 12])])
def test_a_shift_of_days_stands_under_each_of_them(app, starts, ends, days):
    shift = SimpleNamespace(starts_at=hour(*starts), ends_at=hour(*ends), area=CENTRE, rank=1)
    found = _by_day([shift], date(2026, 3, 11), ZONE)
    assert [day.day for day, shifts in found if shifts] == days
    assert len(found) == 7


def test_hr_adds_a_shift_and_pressing_twice_adds_one(as_, cast, form):
    for _press in range(2):
        assert as_(cast.ela).post("/roster/shifts/new", data=form).status_code == 303
    shift = db.session.execute(select(DutyShift)).scalar_one()
    assert (shift.starts_at, shift.ends_at) == (hour(15, 8), hour(15, 24))


@pytest.mark.parametrize("who", ["amir", "chloe", "ferit", "max"])
def test_who_is_not_hr_is_told_so(as_, cast, form, stands_by, who):
    shift = stands_by("chloe", hour(11, 8), hour(11, 16))
    client = as_(getattr(cast, who))
    assert client.get("/roster/shifts/new").status_code == 403
    assert "ask HR" in client.post("/roster/shifts/new", data=form).text
    assert client.post(f"/roster/shifts/{shift}/removal").status_code == 403
    assert db.session.execute(select(func.count()).select_from(DutyShift)).scalar() == 1


def test_a_stranger_adds_nothing(as_, form):
    assert as_(None).post("/roster/shifts/new", data=form).status_code == 401
    assert db.session.execute(select(DutyShift)).first() is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"person_id": "0"}, "somebody who works here"),
        ({"person_id": "999999"}, "Not a valid choice"),
        ({"area": " "}, "for which area"),
        ({"rank": "3"}, "Not a valid choice"),
        ({"phone": "call me"}, "does not look right"),
        ({"ends": "2026-03-15T07:00"}, "before it begins"),
        ({"ends": "2026-05-15T07:00"}, "two weeks at most"),
        ({"starts": "soon"}, "Not a valid"),
    ],
)
def test_a_form_that_will_not_do_says_why_beside_its_field(as_, cast, form, change, says):
    answer = as_(cast.ela).post("/roster/shifts/new", data=form | change)
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.execute(select(DutyShift)).first() is None


def test_a_shift_is_removed_once_and_then_there_is_none(as_, cast, stands_by, at):
    shift = stands_by("chloe", hour(11, 8), hour(11, 16))
    assert as_(cast.ada).post(f"/roster/shifts/{shift}/removal").status_code == 303
    assert as_(cast.ada).post(f"/roster/shifts/{shift}/removal").status_code == 404
    with pytest.raises(NotFound):
        remove_shift(shift, at=at, by_id=cast.ada)


def test_the_page_costs_the_same_for_two_shifts_as_for_forty(as_, cast, at, counting):
    client = as_(cast.amir)
    today = now().astimezone(ZONE).replace(hour=8, minute=0, second=0, microsecond=0)

    def week(areas):
        for area in areas:
            for day in range(5):
                starts = today + timedelta(days=day)
                add_shift(
                    person_id=cast.chloe,
                    area=area,
                    rank=1,
                    phone="0222 000 00 01",
                    starts_at=starts,
                    ends_at=starts + timedelta(hours=16),
                    at=at,
                    by_id=None,
                )
        db.session.commit()

    week(["A"])
    client.get("/roster")
    counting.clear()
    client.get("/roster")
    few = len(counting)
    week("BCDEFGH")
    counting.clear()
    client.get("/roster")
    assert len(counting) == few <= 6


def test_the_roster_a_device_keeps_names_who_is_on_call_and_not_whose_device_it_is(as_, cast, at):
    start = now().replace(minute=0, second=0, microsecond=0)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=4), "at": at, "by_id": cast.ela}
    add_shift(person_id=cast.dev, area="Centre", rank=1, phone="0222 000 00 11", **times)
    db.session.commit()
    page = as_(cast.amir).get("/roster/offline").text
    assert "Dev Şahin" in page and 'href="tel:02220000011"' in page
    assert "Amir" not in page and "csrf" not in page
    worker = as_(None).get("/roster/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/roster" and "offline" in worker.text


def test_whom_to_call_is_one_tap_away_from_every_page(as_, cast):
    for page in ("/", "/learn", "/me", "/cards", "/service", "/complaints"):
        assert 'class="tool tool-roster" href="/roster"' in as_(cast.amir).get(page).text, page


def test_areas_and_teams_with_turkish_names_are_marked_on_english_pages_and_not_on_turkish_ones(as_, cast, stands_by):
    at = now()
    stands_by("chloe", at - timedelta(hours=1), at + timedelta(hours=3), area="Çağrı merkezi")
    db.session.execute(update(Team).where(Team.name == "Ours").values(name="Çarşı mağazası"))
    db.session.commit()
    marked = {"/roster": "Çağrı merkezi", "/roster/offline": "Çağrı merkezi", "/people": "Çarşı mağazası", "/people/units": "Çarşı mağazası"}
    for lang in ("en", "tr"):
        db.session.execute(update(Person).where(Person.id == cast.ela).values(language=lang))
        db.session.commit()
        for where, name in marked.items():
            said = as_(cast.ela).get(where).text
            bare = said.count(name) - said.count(f'<span lang="tr">{name}</span>')
            assert name in said and (bare == 0) is (lang == "en"), (where, lang)

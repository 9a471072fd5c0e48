"""Which contact is observed is left to chance, and anybody can work out again what came."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from trainee.coaching.draws import ContactDraw, ContactPick, draw, replace
from trainee.coaching.draws.pools import hours, in_order, references, shift_hours
from trainee.coaching.draws.queries import open_picks, picks_of, replayed
from trainee.coaching.observations import Observation
from trainee.evidence import Evidence
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import force_locale
from trainee.service.roster import add_shift
from trainee.skills.scorecards import current_card

PAGE = "/people/{}/draws"
POOL = [f"CALL-{number}" for number in range(1, 41)]


@pytest.fixture
def drawn(cast, at):
    made = draw(person_id=cast.amir, drawn_by_id=cast.chloe, kind="references", pool=POOL, seed="c0ffee", wanted=3, receipt="r", at=at)
    db.session.commit()
    return made


def test_the_order_is_what_the_page_says_it_is():
    ranked = sorted(POOL, key=lambda one: hashlib.sha256(f"c0ffee\n{one}".encode()).hexdigest())
    assert in_order(POOL, "c0ffee") == ranked
    # Worked out once with sha256sum: the order of three, for ever.
    assert in_order(["a", "b", "c"], "1") == ["b", "c", "a"]


def test_the_same_pool_and_seed_give_the_same_however_they_are_typed():
    assert in_order(list(reversed(POOL)), "x") == in_order(POOL, "x") == in_order(POOL + POOL, "x")
    assert in_order(POOL, "x") != in_order(POOL, "y")
    # Taking one away leaves the order of the others.
    assert in_order(POOL[1:], "x") == [one for one in in_order(POOL, "x") if one != POOL[0]]


def test_over_many_seeds_every_contact_comes_first_about_equally_often():
    firsts = [in_order(["a", "b", "c", "d"], str(number))[0] for number in range(2000)]
    assert all(420 < firsts.count(one) < 580 for one in "abcd")


def test_a_draw_is_kept_whole_and_can_be_replayed(cast, drawn):
    found, picks = db.session.get_one(ContactDraw, drawn), picks_of(drawn)
    assert [one.reference for one in picks] == in_order(POOL, "c0ffee")[:3]
    assert replayed(found, picks)
    picks[1].reference = "CALL-99"
    assert not replayed(found, picks)
    db.session.rollback()


def test_one_that_cannot_be_observed_stays_with_its_reason_and_the_next_takes_over(cast, as_, drawn):
    first = picks_of(drawn)[0]
    answer = as_(cast.chloe).post(f"/draws/{drawn}/picks/{first.id}/replacement", data={"reason": "The recording is broken."})
    assert answer.status_code == 303
    page = as_(cast.amir).get(f"/draws/{drawn}").text
    assert "The recording is broken." in page
    assert first.reference in page
    assert in_order(POOL, "c0ffee")[3] in page
    assert "the same contacts came out" in page
    assert as_(cast.chloe).post(f"/draws/{drawn}/picks/{first.id}/replacement", data={"reason": "Again."}).status_code == 409
    assert as_(cast.chloe).post(f"/draws/{drawn}/picks/{picks_of(drawn)[1].id}/replacement", data={"reason": " "}).status_code == 422
    assert as_(cast.hana).post(f"/draws/{drawn}/picks/{picks_of(drawn)[1].id}/replacement", data={"reason": "I would rather."}).status_code == 403


def test_a_pool_that_is_used_up_brings_nothing_more(cast, at):
    made = draw(person_id=cast.amir, drawn_by_id=cast.chloe, kind="references", pool=["one"], seed="s", wanted=3, receipt="r", at=at)
    assert len(picks_of(made)) == 1
    replace(db.session.get_one(ContactDraw, made), picks_of(made)[0].id, "Lost.", cast.chloe, at)
    assert len(picks_of(made)) == 1


def test_pressing_draw_twice_draws_once_and_nobody_chooses_the_seed(cast, as_):
    form = {"kind": "references", "references": "CALL-1\nCALL-2\nCALL-3", "wanted": "2", "receipt": "once", "seed": "mine"}
    first, again = (as_(cast.chloe).post(PAGE.format(cast.amir), data=form) for _press in range(2))
    assert first.location == again.location
    kept = db.session.execute(select(ContactDraw)).scalar_one()
    assert kept.seed != "mine"
    assert len(kept.seed) == 32
    assert db.session.execute(select(func.count()).select_from(ContactPick)).scalar() == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"references": "  "}, "paste the numbers"),
        ({"references": "x" * 121}, "longer than 120"),
        ({"wanted": "0"}, "One to ten"),
        ({"wanted": "99"}, "One to ten"),
        ({"kind": "tarot"}, "Not a valid choice"),
        ({"kind": "hours"}, "choose the days"),
        ({"kind": "hours", "first": "2026-03-12", "last": "2026-03-11"}, "comes after the first"),
        ({"kind": "hours", "first": "2026-03-09", "last": "2026-03-11", "begins": "18", "ends": "9"}, "The last hour comes after"),
        ({"kind": "hours", "first": "2026-03-14", "last": "2026-03-15", "begins": "9", "ends": "18"}, "no working day"),
        ({"kind": "shifts", "first": "2026-03-09", "last": "2026-03-11"}, "No shift of theirs"),
        ({"kind": "shifts", "first": "2026-03-09", "last": "2027-03-11"}, "two months later"),
    ],
)
def test_a_pool_that_cannot_be_is_told_beside_its_field(cast, as_, change, says):
    form = {"kind": "references", "references": "CALL-1", "wanted": "1", "receipt": "r"}
    answer = as_(cast.chloe).post(PAGE.format(cast.amir), data=form | change)
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.execute(select(func.count()).select_from(ContactDraw)).scalar() == 0


def test_references_are_read_from_a_list_or_a_tables_first_column_each_once(app):
    assert references(" CALL-1 \n\nCALL-2\r\nCALL-1\n") == ["CALL-1", "CALL-2"]
    assert references("\ufeffno;when\nCALL-1;Monday\n") == ["no", "CALL-1"]
    with force_locale("en"), pytest.raises(Refusal, match="more than 5,000"):
        references("\n".join(str(number) for number in range(5001)))


def test_hours_leave_out_weekends_unless_they_are_wanted():
    assert hours(date(2026, 3, 13), date(2026, 3, 16), 9, 11, weekends=False) == [
        "2026-03-13 09:00",
        "2026-03-13 10:00",
        "2026-03-16 09:00",
        "2026-03-16 10:00",
    ]
    assert len(hours(date(2026, 3, 13), date(2026, 3, 16), 9, 11, weekends=True)) == 8


def test_hours_of_shifts_are_where_she_lives():
    shift = (datetime(2026, 3, 11, 21, 30, tzinfo=UTC), datetime(2026, 3, 11, 23, 0, tzinfo=UTC))
    assert shift_hours([shift], "Europe/Istanbul") == ["2026-03-12 00:00", "2026-03-12 01:00"]


def test_her_shifts_on_the_roster_make_a_pool(cast, as_):
    starts, ends = datetime(2026, 3, 11, 6, 0, tzinfo=UTC), datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    add_shift(person_id=cast.amir, area="Phones", rank=1, phone="0222 000 00 00", starts_at=starts, ends_at=ends, at=starts, by_id=cast.ada)
    db.session.commit()
    form = {"kind": "shifts", "first": "2026-03-11", "last": "2026-03-11", "wanted": "1", "receipt": "r"}
    assert as_(cast.chloe).post(PAGE.format(cast.amir), data=form).status_code == 303
    assert db.session.execute(select(ContactDraw.pool)).scalar_one() == ["2026-03-11 09:00", "2026-03-11 10:00", "2026-03-11 11:00"]


def test_an_observation_of_a_drawn_contact_says_so_and_one_of_another_does_not(cast, as_, drawn):
    pick = picks_of(drawn)[0]
    page = as_(cast.chloe).get(f"/people/{cast.amir}/observations/new", query_string={"pick": pick.id, "card": "phone"}).text
    assert f'value="{pick.reference}"' in page
    form = {
        "card_id": str(current_card("phone").id),
        "rest": "y",
        "seen_at": "2026-03-11T11:30",
        "channel": "phone",
        "level_greeting": "3",
        "pick": str(pick.id),
    }
    as_(cast.chloe).post(f"/people/{cast.amir}/observations/new", data=form | {"contact": "ANOTHER", "receipt": "one"})
    as_(cast.chloe).post(f"/people/{cast.amir}/observations/new", data=form | {"contact": pick.reference, "receipt": "two"})
    kept = {row.receipt: row.pick_id for row in db.session.execute(select(Observation.receipt, Observation.pick_id))}
    assert kept == {"one": None, "two": pick.id}
    assert "observed" in as_(cast.amir).get(f"/draws/{drawn}").text
    assert db.session.get_one(ContactPick, pick.id, populate_existing=True).observed_at is not None


def test_a_pick_of_somebody_else_is_nobodys(cast, as_, drawn, at):
    pick = picks_of(drawn)[0]
    page = as_(cast.chloe).get(f"/people/{cast.beth}/observations/new", query_string={"pick": pick.id}).text
    assert pick.reference not in page
    for nonsense in ("-1", "x", "9" * 20):
        assert as_(cast.chloe).get(f"/people/{cast.amir}/observations/new", query_string={"pick": nonsense}).status_code == 200


FORM = {"rest": "y", "seen_at": "2026-03-11T11:30", "channel": "phone", "level_greeting": "3"}


def observed(as_, cast, who, receipt, **change):
    form = FORM | {"card_id": str(current_card("phone").id), "receipt": receipt} | change
    answer = as_(who).post(f"/people/{cast.amir}/observations/new", data=form)
    assert answer.status_code == 303
    return answer.location


def kept_picks():
    return {
        row.receipt: (row.contact, row.pick_id) for row in db.session.execute(select(Observation.receipt, Observation.contact, Observation.pick_id))
    }


def test_who_types_the_number_that_was_drawn_has_observed_the_drawn_contact_in_every_draw_of_hers(cast, as_, drawn, at):
    again = draw(person_id=cast.amir, drawn_by_id=cast.chloe, kind="references", pool=POOL, seed="c0ffee", wanted=1, receipt="again", at=at)
    db.session.commit()
    pick = picks_of(drawn)[0]
    observed(as_, cast, cast.chloe, "one", contact=f" {pick.reference} ")
    assert kept_picks() == {"one": (pick.reference, pick.id)}
    db.session.expire_all()
    assert [one.observed_at is not None for one in (*picks_of(drawn), *picks_of(again))] == [True, False, False, True]


def test_a_drawn_contact_is_observed_once_and_a_form_that_comes_again_changes_nothing(cast, as_, drawn):
    pick = picks_of(drawn)[0]
    first = observed(as_, cast, cast.chloe, "one", contact=pick.reference, pick=str(pick.id))
    assert observed(as_, cast, cast.chloe, "one", contact=pick.reference, pick=str(pick.id)) == first
    observed(as_, cast, cast.chloe, "two", contact="CALL-OTHER", pick=str(pick.id))
    assert kept_picks() == {"one": (pick.reference, pick.id), "two": ("CALL-OTHER", None)}


def test_a_colleague_does_not_use_up_what_was_drawn_for_another(cast, as_, drawn):
    pick = picks_of(drawn)[0]
    assert pick.reference not in as_(cast.hana).get(f"/people/{cast.amir}/observations/new", query_string={"pick": pick.id}).text
    observed(as_, cast, cast.hana, "one", contact=pick.reference, pick=str(pick.id))
    assert kept_picks() == {"one": (pick.reference, None)}
    assert db.session.get_one(ContactPick, pick.id, populate_existing=True).observed_at is None


@pytest.mark.parametrize("kind", ["hours", "shifts"])
def test_of_a_drawn_hour_any_contact_is_the_drawn_one_and_two_contacts_of_it_stay_two(cast, as_, at, kind):
    hour = "2026-03-11 11:00"
    picks = {}
    for who in (cast.chloe, cast.hana):
        made = draw(person_id=cast.amir, drawn_by_id=who, kind=kind, pool=[hour], seed="s", wanted=1, receipt=f"of {who}", at=at)
        picks[who] = picks_of(made)[0].id
    db.session.commit()
    page = as_(cast.chloe).get(f"/people/{cast.amir}/observations/new", query_string={"pick": picks[cast.chloe]}).text
    assert f'value="{hour}"' not in page
    assert f"Drawn was {hour}" in page
    observed(as_, cast, cast.chloe, "one", contact="CALL-1", pick=str(picks[cast.chloe]))
    observed(as_, cast, cast.hana, "two", pick=str(picks[cast.hana]))
    assert kept_picks() == {"one": ("CALL-1", picks[cast.chloe]), "two": ("", picks[cast.hana])}
    assert set(db.session.execute(select(Evidence.source)).scalars()) == {"observation_line"}


def test_the_newest_draw_stands_first_where_one_observes(cast, as_, drawn):
    draw(person_id=cast.amir, drawn_by_id=cast.chloe, kind="references", pool=["NEWER"], seed="s", wanted=1, receipt="later", at=now())
    db.session.commit()
    assert [one.reference for one in open_picks(cast.amir, cast.chloe)] == ["NEWER", *(one.reference for one in picks_of(drawn))]


def test_nobody_draws_her_own(cast, at):
    with pytest.raises(Refusal, match="Nobody observes herself"):
        draw(person_id=cast.amir, drawn_by_id=cast.amir, kind="references", pool=POOL, seed="s", wanted=1, receipt="r", at=now())

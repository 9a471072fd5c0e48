"""Whom and when a line is seen: times of the week nobody looks at, people nobody observed, and the first thirty seconds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from trainee.coaching import Line, observe
from trainee.coaching.observations import Around
from trainee.dashboards.coverage import FEWEST, beginning, channels, correlation, people_covered, shifts
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.people import Person
from trainee.voice import Answer, take_ratings

# Noon in Istanbul, on a Wednesday and on the Sunday before.
WEDNESDAY, SUNDAY = datetime(2026, 3, 11, 9, tzinfo=UTC), datetime(2026, 3, 8, 9, tzinfo=UTC)
ZONE = "Europe/Istanbul"


@pytest.fixture
def watches(cast) -> Callable[..., None]:
    """Chloe, or whoever is named, watches somebody."""

    def watch(person: int, seen_at: datetime, opening: int | None = None, level: int = 2, by: int = cast.chloe, channel: str = "phone") -> None:
        seen = {"observer_id": by, "person_id": person, "seen_at": seen_at, "channel": channel, "shared": "", "at": max(seen_at, WEDNESDAY)}
        receipt = f"{person} {seen_at} {opening} {level} {channel}"
        observe(**seen, lines=[Line("empathy", level, "Heard it.")], receipt=receipt, around=Around(opening=opening))

    return watch


@pytest.fixture
def rates(app) -> Callable[[int, datetime], None]:
    """A customer says something of somebody."""
    return lambda person, given_at: take_ratings([Answer(person, given_at, "listened", 4, "crm", f"{person} {given_at}", "")], given_at)


def page(client, url: str = "/team/coverage") -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_times_at_which_customers_were_served_and_nobody_looked_for_thirty_days_stand_first(cast, watches, rates):
    whose = Person.id.in_([cast.amir, cast.beth])
    watches(cast.amir, WEDNESDAY - timedelta(hours=1))
    watches(cast.amir, SUNDAY - timedelta(days=35))
    watches(cast.gus, SUNDAY)
    for moment in (WEDNESDAY, SUNDAY, SUNDAY + timedelta(hours=8)):
        rates(cast.beth, moment)
    found = shifts(whose, WEDNESDAY + timedelta(hours=1), ZONE)
    assert [(one.days, one.hours) for one in found if one.missed] == [("week", "afternoon"), ("weekend", "afternoon"), ("weekend", "evening")]
    assert [(one.days, one.hours, one.observed) for one in found if one.observed] == [("week", "morning", 1)]
    assert len(found) == 8


def test_who_was_never_or_longest_not_observed_stands_first(cast, watches, rates):
    watches(cast.amir, WEDNESDAY)
    rates(cast.amir, WEDNESDAY)
    watches(cast.gus, WEDNESDAY - timedelta(days=40))
    found = people_covered(Person.id.in_([cast.amir, cast.beth, cast.gus]))
    assert [one.id for one in found] == [cast.beth, cast.gus, cast.amir]
    assert (found[0].seen_at, found[0].trained_at, found[2].rated_at) == (None, None, WEDNESDAY)


def test_a_channel_nobody_looked_at_lately_is_told(cast, watches):
    watches(cast.amir, WEDNESDAY, channel="phone")
    watches(cast.amir, WEDNESDAY - timedelta(days=31), channel="chat")
    assert channels(Person.id == cast.amir, WEDNESDAY) == [("chat", 0), ("phone", 1)]


def test_below_thirty_contacts_no_correlation_is_told_and_from_thirty_on_with_n_and_interval():
    pairs = [(1 + number % 4, 1.0 + number % 4 + (0.5 if number % 3 else -0.5)) for number in range(FEWEST)]
    assert beginning(pairs[:-1]).r is None
    told = beginning(pairs)
    assert told.r is not None and told.n == FEWEST
    r, low, high = told.r
    assert -1 <= low < r < high <= 1 and r > 0.8
    assert [(level, n) for level, _mean, n in told.rest] == [(1, 8), (2, 8), (3, 7), (4, 7)]
    assert beginning([(2, 3.0)] * 40).r is None


@pytest.mark.parametrize(("pairs", "r"), [([(1, 2), (2, 4), (3, 6)], 1.0), ([(1, 3), (2, 2), (3, 1)], -1.0), ([(1, 1), (2, 1)], None), ([], None)])
def test_the_correlation_is_pearsons(pairs, r):
    assert correlation(pairs) == (pytest.approx(r) if r is not None else None)


def test_the_page_hides_the_table_below_thirty_contacts(as_, cast, watches):
    for number in range(FEWEST):
        if number == FEWEST - 1:
            db.session.commit()
            assert "Too early to tell: 29 contacts" in page(as_(cast.chloe))
        watches(cast.amir, now() - timedelta(hours=number + 1), opening=1 + number % 4, level=1 + number % 4)
    db.session.commit()
    html = page(as_(cast.chloe))
    assert "Over 30 contacts they go together by +1.00" in html
    assert "Too early to tell" not in html


def test_a_supervisor_sees_her_line_and_hr_everybody(as_, cast, watches):
    watches(cast.amir, now() - timedelta(hours=1))
    db.session.commit()
    html = page(as_(cast.chloe))
    assert "Beth Öğüt" in html and "Amir Kaya" not in html and "Gus Çelik" not in html
    assert f'href="/people/{cast.beth}/observations/new"' in html
    html = page(as_(cast.ela))
    assert "Gus Çelik" in html and f'href="/people/{cast.gus}"' in html
    assert as_(cast.amir).get("/team/coverage").status_code == 403
    assert as_(cast.ada).get("/team/coverage").status_code == 403


def test_it_takes_the_same_statements_however_many_there_are(as_, cast, watches, counting):
    counts = []
    for many in (1, 25):
        for number in range(many):
            watches(cast.amir, now() - timedelta(hours=number + 1, minutes=many))
        db.session.commit()
        page(as_(cast.ela))
        counting.clear()
        page(as_(cast.ela))
        counts.append(len(counting))
    assert counts[0] == counts[1] <= 9

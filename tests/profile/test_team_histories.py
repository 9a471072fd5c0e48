"""How a team came along, month by month: by the people who were in it then, and without reading the log."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from trainee import profile
from trainee.kit.db import db
from trainee.people import Stay


def test_a_month_counts_who_was_in_the_team_when_it_ended(app, cast, person, showing, at, counting):
    team = person(cast.amir).team_id
    members = (cast.amir, cast.beth, cast.gus, cast.zoe)
    begun = at - timedelta(days=200)
    db.session.execute(delete(Stay))
    for one in members:
        # Zoe leaves the team twenty days ago.
        until = at - timedelta(days=20) if one == cast.zoe else None
        db.session.add(Stay(person_id=one, team_id=team, since=begun, until=until))
        score = 0.25 if one == cast.zoe else 0.75
        profile.record([showing(one, at - timedelta(days=100 - 5 * number), score) for number in range(20)], at)
    db.session.flush()
    counting.clear()
    months = profile.team_histories([team], at)[team]["empathy"]
    assert not any("FROM evidence" in statement for statement in counting)
    counted = {(one.year, one.month): one.people for one in months}
    assert counted[2026, 1] == 4
    assert counted[2026, 2] == counted[2026, 3] == 3
    alone = {(one.year, one.month): one for one in profile.histories([cast.amir, cast.beth, cast.gus], at)[cast.amir]["empathy"]}
    assert months[-1].expected == pytest.approx(alone[2026, 3].expected)
    assert months[-1].expected > months[-3].expected


def test_of_two_people_no_mean_is_told(app, cast, person, showing, at):
    team = person(cast.amir).team_id
    for one in (cast.amir, cast.beth):
        profile.record([showing(one, at - timedelta(days=30 - number)) for number in range(20)], at)
    assert profile.team_histories([team], at) == {team: {}}

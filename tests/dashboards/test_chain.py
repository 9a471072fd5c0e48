"""The chain and the tree say what goes together, with how many stand behind it; a baseline freezes it."""

from datetime import timedelta

import pytest

from trainee import profile, skills, voice
from trainee.dashboards import chain as figures
from trainee.dashboards.chain import TREE, chain, closeness, snapshot, tree
from trainee.dashboards.chain_views import _together, told
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.service import complaints
from trainee.service.board import Improvement
from trainee.service.words import CAUSE_OF


def seen(cast, at, many, skill="empathy", score=2 / 3):
    profile.record(
        [profile.Showing(cast.amir, skill, "observation_line", score, "call", at, f"{skill}{one}", actor_id=cast.chloe) for one in range(many)], at
    )


def answered(cast, at, many, good):
    voice.take_ratings([voice.Answer(cast.amir, at, "satisfied", 5 if one < good else 2, "crm", str(one), "") for one in range(many)], at)


def test_each_link_has_a_figure_only_where_enough_stand_behind_it(cast, at):
    assert [one.now.value for one in chain(at)][1:] == [None, None, None]
    seen(cast, at - timedelta(days=5), 12)
    answered(cast, at - timedelta(days=5), 20, 15)
    links = {one.key: one.now for one in chain(at)}
    assert (round(links["behaviour"].value, 2), links["behaviour"].n) == (3.0, 12)
    assert (links["satisfaction"].value, links["satisfaction"].n) == (0.75, 20)
    assert links["loyalty"].value is None
    assert {one.key: one.before.n for one in chain(at + timedelta(days=90))}["satisfaction"] == 20


@pytest.mark.parametrize(
    ("pairs", "r"),
    [
        ([(x, x) for x in range(6)], 1.0),
        ([(x, -x) for x in range(6)], -1.0),
        # Worked out by hand: covariance 6, spreads 17.5 and 17.5.
        ([(0, 1), (1, 0), (2, 3), (3, 2), (4, 5), (5, 4)], 0.829),
        ([(0, 1)] * 6, None),
        ([(x, x) for x in range(5)], None),
    ],
)
def test_how_closely_teams_run_is_told_from_six_on(pairs, r):
    found = closeness(pairs)[0]
    assert (found if found is None else round(found, 3)) == r


def test_the_tree_has_two_in_its_trunk_and_every_cause_and_skill_it_names_is_known(app, at):
    assert [one.key for one in TREE if one.trunk] == ["first-impression", "need-fit"]
    assert [one.trunk for one in TREE] == sorted((one.trunk for one in TREE), reverse=True)
    frame = {one.key for one in skills.framework().every_skill}
    assert {skill for one in TREE for skill in one.skills} <= frame
    assert {cause for one in TREE for cause in one.causes} == set(CAUSE_OF)


def test_a_branch_gathers_marks_and_complaints_and_a_quality_gathers_everything_of_its_own(as_, cast):
    at = now()
    seen(cast, at - timedelta(days=2), 12, skill="reliability", score=1.0)
    complaints.take(complaints.Heard(at - timedelta(days=2), "phone", "late-delivery", "light", "Where is it?"), "crm", "1", at=at, by_id=None)
    db.session.commit()
    assert {one.node.key: (one.level.n, one.complaints) for one in tree(at)}["dependable"] == (12, 1)
    page = as_(cast.chloe).get("/service/tree/reliability").text
    assert "Late or missed delivery</a>: 1" in page and "Did we keep what we promised?" in page and ">12<" in page
    drawn = as_(cast.max).get("/service/tree").text
    picture, told_as_list = (
        drawn[drawn.index('<svg class="tree-picture"') : drawn.index("</svg>", drawn.index("tree-picture"))],
        drawn[drawn.index('id="trunk"') :],
    )
    for one in tree(at):
        # A branch for each, and the same figures with their n in the list.
        assert f'href="/service/tree/{one.node.key}"' in picture and f'href="/service/tree/{one.node.key}"' in told_as_list
    assert picture.count("tree-branch") == 4 and picture.count("<rect") == len(TREE)
    # What the colour says stands in words, too.
    assert told_as_list.count("seen to go well") == 1 and told_as_list.count("too little was seen") == len(TREE) - 1
    assert "4.0 of 4 · n 12" in picture and "Seen at work: 4.0 of 4 (n = 12)" in told_as_list
    assert told_as_list.count('<ul class="tree"') == 3
    chained = as_(cast.max).get("/service/chain").text
    assert "no proof that one brings about the other" in chained and "Too few customers were asked" in chained
    assert as_(cast.amir).get("/service/chain").status_code == 403
    assert as_(cast.chloe).get("/service/tree/nothing").status_code == 404


def test_a_baseline_stays_as_it_was_and_ends_with_a_decision_or_a_reason_for_none(as_, cast):
    at = now()
    answered(cast, at - timedelta(days=2), 20, 15)
    db.session.commit()
    ela, frozen = as_(cast.ela), snapshot(at)
    for _twice in range(2):
        where = ela.post("/service/baselines", data={"title": "Before the plan", "receipt": "r"}).location
        assert where == "/service/baselines/1"
    assert frozen["chain"]["satisfaction"]["n"] == 20
    words = {"inventory": "Kind people.", "themes": "Late.", "causes": "The depot.", "revision": "0", "finish": "1"}
    refused = ela.post(f"{where}/words", data=words)
    assert refused.status_code == 422 and "say why nothing changes" in refused.text
    assert ela.post(f"{where}/words", data={**words, "decisions": "Show the day\nCall first\n"}).status_code == 303
    assert [one.source for one in db.session.query(Improvement)] == ["baseline/1", "baseline/1"]
    assert ela.post(f"{where}/words", data={**words, "decisions": "x", "revision": "1"}).status_code == 409
    voice.take_ratings([voice.Answer(cast.amir, at - timedelta(days=1), "satisfied", 5, "crm", f"n{one}", "") for one in range(20)], at)
    db.session.commit()
    page = as_(cast.max).get(where).text
    assert "75%" in page and "88%" in page
    assert ela.post("/service/baselines", data={"title": " ", "receipt": "s"}).status_code == 422
    assert as_(cast.chloe).post("/service/baselines", data={"title": "x"}).status_code == 403


def test_what_too_few_stand_behind_is_a_dash_and_never_a_nought():
    assert told(figures.Figure("share", None, 3)) == "—"


def test_a_level_and_a_closeness_are_written_with_their_decimals(app):
    with force_locale("en"):
        assert told(figures.Figure("level", 2.46, 20)) == "2.5 of 4"
        found = figures.Together([("Ours", 2.46, 20, 0.8, 30)], 0.456, -0.1, 0.8)
        assert _together(found) == {"rows": [["Ours", "2.5 of 4", "20", "80%", "30"]], "r": ("0.46", "-0.10", "0.80")}


def test_whoever_reads_figures_finds_the_looks_and_only_who_writes_takes_one(as_, cast):
    assert "Freeze today" in as_(cast.ela).get("/service/baselines").text
    assert "Freeze today" not in as_(cast.max).get("/service/baselines").text
    assert 'href="/service/chain"' in as_(cast.max).get("/service").text

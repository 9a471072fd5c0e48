"""The chain and the tree say what goes together, with how many stand behind it; a baseline freezes it."""

import re
from datetime import timedelta
from random import Random

import pytest

from trainee import people, profile, skills, voice
from trainee.dashboards import chain as figures
from trainee.dashboards.chain import LEAST, TREE, Branch, Figure, bonds, by_team, chain, closeness, clustered, share, snapshot, together, tree
from trainee.dashboards.chain_views import _SAYS, _bond, _drawn, _together, told
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
    assert told_as_list.count("seen to go well at work only; customers have hardly been asked") == 1
    assert told_as_list.count("too little was seen") == len(TREE) - 1 and "Complaints: 1, before 0" in told_as_list
    # In the picture each line says what it is, and what was not asked leaves no line behind.
    lines = [re.findall(r"<text[^>]*>([^<]*)</text>", one) for one in picture.split("<rect")[1:]]
    boxes = {name: dict(zip(rest[::2], rest[1::2], strict=True)) for name, *rest in lines}
    assert boxes["People one can depend on"] == {"At work": "4.0 / 4 · n 12", "Customers": "— · n 0", "Complaints": "0 → 1"}
    assert boxes["Price and value"] == {"Customers": "— · n 0", "Complaints": "0 → 0"}
    assert "Seen at work: 4.0 of 4 (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}12)" in told_as_list
    assert told_as_list.count('<ul class="tree"') == 3
    chained = as_(cast.max).get("/service/chain").text
    assert "no proof that one brings about the other" in chained and "Too few customers were asked" in chained
    assert as_(cast.amir).get("/service/chain").status_code == 403
    assert as_(cast.chloe).get("/service/tree/nothing").status_code == 404


def test_a_part_says_which_skills_it_rests_on_and_one_without_any_borrows_none_and_can_be_asked_for(as_, cast):
    at = now()
    seen(cast, at - timedelta(days=2), 12, skill="trust-building", score=1.0)
    db.session.commit()
    (price,) = (one for one in tree(at) if one.node.key == "price")
    assert (price.level.n, price.well) == (0, None)
    bare = "No skill and no question of a short survey is about this yet."
    for where in ("/service/tree", "/service/tree/price"):
        hers, theirs = as_(cast.ela).get(where).text, as_(cast.max).get(where).text
        assert hers.count(bare) == theirs.count(bare) == 1
        assert 'href="/surveys/new">Ask one</a>' in hers and "Ask one" not in theirs
    assert "Rests on: Reliable delivery and keeping promises." in as_(cast.max).get("/service/tree").text


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
    assert "75%" in page and "88%" in page and "points (−7 to +35), may be chance" in page
    assert "The numbers of answers are far apart" in page
    assert ela.post("/service/baselines", data={"title": " ", "receipt": "s"}).status_code == 422
    assert as_(cast.chloe).post("/service/baselines", data={"title": "x"}).status_code == 403


def test_what_too_few_stand_behind_is_a_dash_and_never_a_nought():
    assert told(figures.Figure("share", None, 3)) == "—"


def test_a_level_and_a_closeness_are_written_with_their_decimals(app):
    with force_locale("en"):
        assert told(figures.Figure("level", 2.46, 20)) == "2.5 of 4"
        found = figures.Together([("Ours", 2.46, 20, 0.8, 30)], 0.456, -0.1, 0.8)
        assert _together(found) == {"rows": [["Ours", "2.5 of 4", "20", "80%", "30"]], "r": ("+0.46", "−0.10", "+0.80")}


def test_whoever_reads_figures_finds_the_looks_and_only_who_writes_takes_one(as_, cast):
    assert "Freeze today" in as_(cast.ela).get("/service/baselines").text
    assert "Freeze today" not in as_(cast.max).get("/service/baselines").text
    assert 'href="/service/chain"' in as_(cast.max).get("/service").text


def test_the_level_seen_at_work_has_an_interval_that_knows_that_marks_of_one_person_hang_together(cast, at):
    assert chain(at)[1].now.low is None
    for person, score in ((cast.amir, 1.0), (cast.beth, 1 / 3), (cast.dev, 2 / 3)):
        marks = [
            profile.Showing(person, "empathy", "observation_line", score, "call", at, f"{person}/{one}", actor_id=cast.chloe) for one in range(20)
        ]
        profile.record(marks, at)
    found = chain(at + timedelta(days=1))[1].now
    # By hand: three people at 4, 2 and 3, as many marks each: 3 +- 4.303 * 1 / sqrt(3), cut at 1 and 4.
    assert (found.value, found.n) == (pytest.approx(3.0), 60) and found.low == pytest.approx(1.0) and found.high == pytest.approx(4.0)
    # Six people with two marks of 0.4, 0.5, 0.6 each twice: standard error sqrt(6/5 * 4 * 0.04) / 12.
    sums = (6, 6.0, 12, sum((2 * one) ** 2 for one in (0.4, 0.5, 0.6) * 2), sum(4 * one for one in (0.4, 0.5, 0.6) * 2), 24)
    plain = clustered(*sums)
    assert plain.value == pytest.approx(2.5) and plain.high - plain.value == pytest.approx(3 * 2.571 * (6 / 5 * 4 * 0.04) ** 0.5 / 12, abs=0.002)
    assert clustered(1, 6.0, 12, 36.0, 72.0, 144).low is None and clustered(3, 4.0, LEAST - 1, 6.0, 10.0, 40).value is None


def test_each_link_says_how_closely_it_runs_with_the_next_over_how_many_teams_and_how_surely(app, at):
    with force_locale("en"):
        teams = {
            "training": {team: (team / 10, 8) for team in range(8)},
            "behaviour": {team: (2 + team / 10, 30) for team in range(8)},
            "satisfaction": {team: (0.9 - team / 50 + (team % 2) / 100, 40) for team in range(7)},
            "loyalty": dict.fromkeys(range(5), (0.1, 40)),
        }
        told_of = [_bond(one) for one in bonds(teams)]
    assert [(one["between"], one["says"], one["teams"]) for one in told_of] == [
        ("Training · Behaviour", "go together", 8),
        ("Behaviour · Satisfaction", "run against each other", 7),
        ("Satisfaction · Loyalty", "not known", 5),
    ]
    assert told_of[0]["r"] == "+1.00" and told_of[1]["r"].startswith("−0.9") and told_of[1]["low"].startswith("−") and told_of[2]["r"] == ""


def test_what_is_not_known_of_two_links_says_why_and_a_link_that_is_alike_everywhere_is_named(app, at):
    teams = {
        "training": dict.fromkeys(range(10), (1.0, 8)),
        "behaviour": {team: (2 + team / 10, 30) for team in range(10)},
        "satisfaction": dict.fromkeys(range(7), (0.8, 40)),
        "loyalty": {team: (team / 10, 40) for team in range(4)},
    }
    for lang, said in (
        ("en", ["Training is the same in all 10 teams: 100%", "Satisfaction is the same in all 7 teams: 80%", "both known of 4 teams; it takes 6"]),
        ("tr", ["10", "7", "4"]),
    ):
        with force_locale(lang):
            whys = [_bond(one)["why"] for one in bonds(teams)]
        assert all(part in why for part, why in zip(said, whys, strict=True)) and len(set(whys)) == 3
    assert "6" not in whys[0] and "6" in whys[2]


def test_a_team_counts_in_a_link_only_where_enough_of_it_is_known(cast, at):
    seen(cast, at - timedelta(days=5), 12)
    team = db.session.get_one(people.Person, cast.amir).team_id
    said = [voice.Answer(None, at - timedelta(days=5), "satisfied", 5 if one < 15 else 2, "crm", str(one), "", team_id=team) for one in range(20)]
    voice.take_ratings(said, at)
    found = by_team(at)
    assert found["behaviour"] == {team: (pytest.approx(3.0), 12)} and found["satisfaction"] == {team: (0.75, 20)} and found["loyalty"] == {}
    assert all(n >= 5 for _value, n in found["training"].values())
    ((name, level, marks, content, answers),) = together(found).teams
    assert (name, level, marks, content, answers) == (db.session.get_one(people.Team, team).name, pytest.approx(3.0), 12, 0.75, 20)


def test_the_chain_is_drawn_with_a_bond_between_every_two_links_and_the_same_as_a_table(as_, cast):
    page = as_(cast.max).get("/service/chain").text
    drawn = page[page.index('<ol class="chain">') : page.index("</ol>", page.index('<ol class="chain">'))]
    assert drawn.count('class="chain-bond"') == 3 == drawn.count("not known") and drawn.count("both known of 0 teams; it takes 6") == 3
    table = page[page.index('id="bonds"') : page.index('id="conflict"')]
    assert table.count("<tr") == 4 and table.count("not known (both known of 0 teams; it takes 6)") == 3 and "Satisfaction · Loyalty" in table


@pytest.mark.parametrize(
    ("level", "customers", "complaints", "says"),
    [
        (2.6, (0, 0), 2, "seen to go well at work only; customers have hardly been asked"),
        (2.6, (0, 0), 17, "seen to go well at work, and customers do not agree"),
        (2.6, (40, 50), 2, "seen to go well, and customers say nothing else"),
        (2.6, (20, 50), 2, "seen to go well at work, and customers do not agree"),
        (2.46, (0, 0), 2, "seen to go well at work only; customers have hardly been asked"),
        (2.4, (40, 50), 2, "worth a look at work; customers do not complain more than elsewhere"),
        (2.4, (0, 3), 2, "worth a look at work; customers have hardly been asked"),
        (2.4, (20, 50), 2, "worth a look: at work and by what customers say"),
        (None, (0, 0), 2, "too little was seen"),
        (None, (0, 0), 17, "too little was seen at work, and customers are not content"),
    ],
)
def test_a_part_of_the_tree_says_no_more_than_its_figures(app, level, customers, complaints, says):
    one = Branch(TREE[2], Figure("level", level, 66 if level else 3), share(*customers), complaints, share(800, 1000), 2)
    with force_locale("en"):
        assert str(_SAYS[one.well, one.content][1]) == says


@pytest.mark.parametrize(
    ("now_", "before", "grown", "more"),
    [(17, 17, 1.0, False), (17, 2, 1.0, True), (11, 0, 1.0, False), (12, 0, 1.0, True), (17, 2, 8.0, False), (2, 17, 1.0, False)],
)
def test_complaints_of_a_part_are_set_beside_its_own_three_months_before_and_not_beside_other_causes(now_, before, grown, more):
    one = Branch(TREE[5], Figure("level", 2.6, 66), share(40, 50), now_, share(800, 1000), before, grown=grown)
    assert (one.more_complain, one.content) == (more, not more)


def test_where_nothing_changes_a_part_hardly_ever_speaks_of_complaints_and_three_times_as_many_are_noticed():
    draw = Random(7)

    def counted(mean: float) -> int:
        # Of many contacts each complains with the same small chance.
        return sum(draw.random() < mean / 300 for _contact in range(300))

    def speaks(times: float) -> int:
        pairs = [(counted(15 * times), counted(15)) for _look in range(400)]
        return sum(Branch(TREE[5], Figure("level", None, 0), share(0, 0), now_, share(0, 0), before).more_complain for now_, before in pairs)

    assert speaks(1) <= 20 and speaks(3) >= 380


def test_a_thousand_complaints_of_another_cause_change_nothing_of_a_part(cast):
    at = now()
    for number in range(12):
        heard = complaints.Heard(at - timedelta(days=2), "phone", "repair", "light", "Broken.")
        complaints.take(heard, "crm", f"r{number}", at=at, by_id=None)
        sooner = complaints.Heard(at - timedelta(days=100), "phone", "repair", "light", "Broken.")
        complaints.take(sooner, "crm", f"b{number}", at=at, by_id=None)
    before = {one.node.key: one.more_complain for one in tree(at)}
    for number in range(40):
        complaints.take(complaints.Heard(at - timedelta(days=1), "phone", "late-delivery", "light", "Late."), "crm", f"l{number}", at=at, by_id=None)
    after = {one.node.key: one.more_complain for one in tree(at)}
    assert before["after-sale"] is after["after-sale"] is False and after["dependable"] is True and before["dependable"] is False


def test_statements_of_the_questionnaire_tell_of_a_part_and_every_part_has_one(cast):
    at = now()
    given = {"given_at": at - timedelta(days=2), "taken_at": at, "instrument": "questionnaire", "comment": "", "system": "survey"}
    for item, good in (("t4", 4), ("r5", 6), ("g3", 20), ("t2", 20), ("r1", 19)):
        asks = f"service-quality/{item}-perception"
        marks = [(one, 6 if one < good else 3) for one in range(20)]
        db.session.add_all(voice.Rating(**given, question=asks, value=value, external_id=f"{item}{one}") for one, value in marks)
    db.session.flush()
    parts = {one.node.key: one for one in tree(at)}
    assert (parts["price"].stated.value, parts["price"].stated.n) == (0.25, 20) and parts["price"].content is False
    assert parts["friendly"].content is True and parts["after-sale"].content is None
    with force_locale("en"):
        assert _drawn(parts["price"]) == [("Questionnaire", "25% · n 20"), ("Complaints", "0 → 0")]
    assert all(one.items for one in TREE)


def test_a_difference_says_whether_it_is_more_than_chance():
    # By hand for 0.5 of 100 and 0.7 of 100: Newcombe's method 10.
    found = figures.moved(share(50, 100), share(70, 100))
    assert (round(found.value, 3), round(found.low, 3), round(found.high, 3)) == (0.2, 0.064, 0.326)
    assert figures.moved(Figure("level", 2.0, 30), share(70, 100)) is None


def test_every_part_of_the_tree_has_its_sentence():
    assert set(_SAYS) == {(well, content) for well in (True, False, None) for content in (True, False, None)}
    assert {tone for tone, _says in _SAYS.values()} == {"good", "warn", "quiet"}


def test_every_part_of_the_tree_and_every_quality_leads_to_its_lessons(as_, cast):
    pages = {one.key: as_(cast.max).get(f"/service/tree/{one.key}").text for one in TREE}
    lessons = {key: re.findall(r'href="/learn/([a-z-]+)"', page.split('id="lessons"')[1].split("</section>")[0]) for key, page in pages.items()}
    assert all(lessons.values())
    assert set(lessons["after-sale"]) == {"after-sales", "complaint-handling", "loyalty"} and lessons["price"] == ["service-recovery"]
    for quality in skills.framework().qualities:
        assert "No module has its skills first." not in as_(cast.max).get(f"/service/tree/{quality}").text

"""A role-play as a graph: everything in it is drawn, and shares of learners are told when there are enough of them."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.kit.words import Text
from trainee.modules.library import catalogue_modules, module_or_404
from trainee.modules.roleplays import actions, picture, queries
from trainee.modules.roleplays.conditions import decided_by, told
from trainee.modules.roleplays.scene import Branch, Condition, Situation
from trainee.modules.roleplays.search import explore, graph

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_every_scene_ending_and_way_is_drawn(parcel):
    whole = graph(parcel)
    drawn = str(picture.draw(whole, "tr", "Kayıp <koli>", {("hello", "look"): 0.75}))
    words = " ".join(ElementTree.fromstring(drawn).itertext())  # noqa: S314
    for key in (*parcel.scenes, *parcel.endings):
        assert key in words
    assert "(%75)" in words
    assert "!b +1" in words, "a critical error is marked"
    assert drawn.count("marker-end") == len(picture.arrows(whole, {}))
    assert "Kayıp &lt;koli&gt;" in drawn


def test_each_scene_stands_below_those_that_lead_to_it(parcel):
    whole = graph(parcel)
    level = {key: number for number, row in enumerate(picture.layers(parcel, picture.arrows(whole, {}))) for key in row}
    assert [level[key] for key in ("hello", "angry", "look", "check", "sorry", "kept")] == [0, 1, 2, 3, 4, 5]


def test_what_decides_a_way_is_written_on_it_in_both_languages(parcel):
    whole = graph(parcel)
    told = {lang: " ".join(labels_of(whole, lang)) for lang in ("tr", "en")}
    for words in (
        "1. if a critical error was made",
        "2. if mood ≥ 2 and check a came before",
        "3. otherwise",
        "open if look look 1/2 came before",
    ):
        assert words in told["en"], words
    assert "2. ruh hâli ≥ 2 ise ve önceden check a yapıldıysa" in told["tr"]
    assert "önceden look gözlem 1/2 yapıldıysa açık" in told["tr"]


def labels_of(whole, lang):
    drawn = ElementTree.fromstring(str(picture.draw(whole, lang, "Talk", {}, {"data-breach": "a breach"})))  # noqa: S314
    return [one.text for one in drawn.iter() if one.get("class", "").startswith("label-")]


def test_a_condition_is_told_whatever_it_asks_for():
    with force_locale("en"):
        assert told(Condition(mood_gte=-1, mood_lte=2), {}) == "mood -1 to 2"
        assert told(Condition(flags_any=frozenset(("b", "a")), flags_none=frozenset(("c",))), {}) == "a/b is set and c is not set"
        setters = {"a": (("s1", "b"), ("s1", "d")), "b": (("s2", "reply 1/3"), ("s1", "b")), "c": (("s3", "a"),)}
        several = Condition(flags_any=frozenset(("b", "a")), flags_none=frozenset(("c",)))
        assert told(several, {}, setters) == "s1 b, d or s2 reply 1/3 came before and s3 a did not come before"
        assert told(Condition(any_critical=True), {}) == "a critical error was made"
        assert told(Condition(critical="disrespect"), {}) == "the critical error “disrespect” was made"


def play(person_id, story, answers, key, at):
    run_id = actions.begin(person_id, story.id, key, at)
    for number, answer in enumerate(answers):
        run = queries.run_or_404(run_id, person_id)
        form = {name: [value] if isinstance(value, str) else list(value) for name, value in answer.items() if name != "language"}
        if "confirmed" in form:
            form["criteria"] = form.pop("confirmed")
        actions.move(run_id, person_id, run.state.seq, run.state.scene.id, form, f"{key}-{number}", "tr", at + timedelta(seconds=number))


def test_shares_are_told_from_five_finished_runs_on(app, cast):
    story = module_or_404("greeting")[1].stories[0]
    answers = min(explore(story).values(), key=len)
    for number in range(queries.ENOUGH_RUNS):
        assert queries.shares(story)[1] == {}
        play(cast.amir, story, answers, f"run-{number}", AT + timedelta(hours=number))
        db.session.commit()
    runs, shares = queries.shares(story)
    assert runs == queries.ENOUGH_RUNS
    assert set(shares.values()) == {1.0}
    drawn = {(arrow.start, arrow.end) for arrow in picture.arrows(graph(story), {})}
    assert set(shares) <= drawn


def test_a_trainer_finds_the_graph_from_the_module_and_an_employee_does_not(as_, cast):
    story = "two-at-once"
    page = as_(cast.ferit).get("/learn/greeting").text
    assert f"/roleplays/{story}/graph" in page
    assert f"/roleplays/{story}/graph" not in as_(cast.beth).get("/learn/greeting").text
    shown = as_(cast.ferit).get(f"/roleplays/{story}/graph")
    assert shown.status_code == 200
    assert "<svg" in shown.text
    assert "style=" not in shown.text
    assert as_(cast.beth).get(f"/roleplays/{story}/graph").status_code == 403
    assert f'href="/roleplays/{story}/graph.svg"' in shown.text
    alone = as_(cast.ferit).get(f"/roleplays/{story}/graph.svg")
    assert alone.content_type.startswith("image/svg+xml")
    assert ElementTree.fromstring(alone.text).get("width")  # noqa: S314


def test_a_way_does_not_wait_for_what_the_reply_itself_brings():
    names = {}
    out, waits = Condition(flags_all=frozenset(("out",))), Condition(flags_none=frozenset(("out",)))
    route = (Branch(out, "street"), Branch(Condition(), "kitchen"))
    with force_locale("en"):
        assert decided_by(route, 0, names) == "if out is set"
        assert decided_by(route, 0, names, Situation(0, frozenset(("out",)))) == ""
        assert decided_by(route, 1, names, Situation(0)) == "otherwise"
        assert decided_by((Branch(waits, "kitchen"), Branch(Condition(), "street")), 0, names, Situation(0), frozenset(("out",))) == ""
        hard = (Branch(Condition(any_critical=True), "lost"), Branch(Condition(mood_gte=2), "kept"), Branch(Condition(), "cold"))
        assert decided_by(hard, 0, names, Situation(0, frozenset(), ("disrespect",))) == ""


def test_each_scene_is_known_by_its_first_words(parcel):
    drawn = str(picture.draw(graph(parcel), "en", "Parcel", {}))
    assert ">Where is my parcel?<" in drawn
    long = Text("kısa", "one two three four five six seven eight nine ten eleven twelve thirteen")
    assert picture.short_title(long, "en", 20) == "one two three four…"
    assert picture.short_title(long, "tr", 20) == "kısa"


def test_the_ways_are_listed_with_the_first_words_of_their_scenes_and_what_decides(as_, cast):
    page = as_(cast.ferit).get("/roleplays/two-at-once/graph").text
    assert re.search(r"s2: \w+", page)
    ways = page[page.index('id="ways"') :]
    assert re.search(r"<th[^>]*>\s*When\s*<", ways)
    assert re.search(r"<td[^>]*>\d\. otherwise</td>", ways)


def boxes_of(drawn):
    """Each box and each label of a picture as left, top, right and bottom."""
    for one in drawn.iter():
        if one.get("class", "").startswith("label-"):
            x, y = float(one.get("x")), float(one.get("y"))
            yield x, y - 11, x + 7.2 * len(one.text), y + 3
        elif one.get("class", "").startswith("box-"):
            x, y, wide, high = (float(one.get(name)) for name in ("x", "y", "width", "height"))
            yield x, y, x + wide, y + high


def pieces_of(drawn):
    """Each straight piece of each way, as left, top, right and bottom; the ends, which touch boxes, a little shorter."""
    for one in drawn.iter():
        if not one.get("class", "").startswith("way-"):
            continue
        steps = re.findall(r"([MHV])([\d. ]+)", one.get("d"))
        x, y = map(float, steps[0][1].split())
        for sign, value in steps[1:]:
            to = (float(value), y) if sign == "H" else (x, float(value))
            yield min(x, to[0]) + 1, min(y, to[1]) + 1, max(x, to[0]) - 1, max(y, to[1]) - 1
            x, y = to


def test_nothing_lies_on_anything_else_in_any_role_play(app, parcel):
    stories = [story for module in catalogue_modules() for story in module.stories]
    assert len(stories) > 20
    for story in (parcel, *stories):
        for lang in ("tr", "en"):
            drawn = ElementTree.fromstring(str(picture.draw(graph(story), lang, "Talk", {})))  # noqa: S314
            boxes = list(boxes_of(drawn))
            width, deep = float(drawn.get("width")), float(drawn.get("height"))
            assert all(left >= 0 and right <= width and top >= 0 and bottom <= deep for left, top, right, bottom in boxes), story.id
            pieces = [
                (left, top - 2, right, bottom + 2) if bottom < top else (left - 2, top, right + 2, bottom)
                for left, top, right, bottom in pieces_of(drawn)
            ]
            assert len(pieces) > 5
            upon = [
                (a, b)
                for number, a in enumerate(boxes)
                for b in (*boxes[:number], *pieces)
                if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
            ]
            assert upon == [], (story.id, lang)


def test_ways_to_one_place_share_a_lane_and_others_that_meet_do_not(app):
    for story in (story for module in catalogue_modules() for story in module.stories):
        plan = picture._plan(story, picture.arrows(graph(story), {}), {})
        spans = {end: [plan.places[end].enters, *(out for (_start, to), out in plan.leaves.items() if to == end)] for end in plan.lanes}
        for end, lane in plan.lanes.items():
            others = [other for other in plan.lanes if other != end and plan.lanes[other] == lane]
            assert all(max(spans[end]) < min(spans[other]) or max(spans[other]) < min(spans[end]) for other in others), story.id

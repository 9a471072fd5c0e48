"""A role-play as a graph: everything in it is drawn, and shares of learners are told when there are enough of them."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from trainee.kit.db import db
from trainee.kit.words import Text
from trainee.modules.library import catalogue_modules, module_or_404
from trainee.modules.roleplays import actions, picture, queries
from trainee.modules.roleplays.search import explore, graph

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_every_scene_ending_and_way_is_drawn(parcel):
    whole = graph(parcel)
    drawn = str(picture.draw(whole, "tr", {"title": "Kayıp <koli>", "start": "başlangıç"}, {("hello", "look"): 0.75}))
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


def test_each_scene_is_known_by_its_first_words(parcel):
    drawn = str(picture.draw(graph(parcel), "en", {"title": "Parcel", "start": "start"}, {}))
    assert ">Where is my parcel?<" in drawn
    long = Text("kısa", "one two three four five six seven eight nine ten eleven twelve thirteen")
    assert picture.short_title(long, "en", 20) == "one two three four…"
    assert picture.short_title(long, "tr", 20) == "kısa"


def test_the_ways_are_listed_with_the_first_words_of_their_scenes(as_, cast):
    page = as_(cast.ferit).get("/roleplays/two-at-once/graph").text
    assert re.search(r"s2: \w+", page)


def test_no_label_lies_on_another_or_on_a_box_in_any_role_play(app, parcel):
    stories = [story for module in catalogue_modules() for story in module.stories]
    assert len(stories) > 20
    for story in (parcel, *stories):
        drawn = ElementTree.fromstring(str(picture.draw(graph(story), "en", {"title": "Talk", "start": "start"}, {})))  # noqa: S314
        labels = [one for one in drawn.iter() if one.get("class", "").startswith("label-")]
        boxes = [(float(one.get("x")), float(one.get("y")) - 12, 7 * len(one.text), 16) for one in labels]
        boxes += [
            tuple(float(one.get(name)) for name in ("x", "y", "width", "height")) for one in drawn.iter() if one.get("class", "").startswith("box-")
        ]
        upon = [
            (a, b)
            for number, a in enumerate(boxes)
            for b in boxes[:number]
            if a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]
        ]
        assert upon == [], story.id
        assert len(labels) > 5


def test_no_way_runs_behind_a_box_it_does_not_begin_or_end_at(app):
    for story in (story for module in catalogue_modules() for story in module.stories):
        plan = picture._plan(story, picture.arrows(graph(story), {}))
        for (start, end), lane in plan.lanes.items():
            assert all(x + picture.WIDE / 2 < lane for x, _y in plan.places.values()), story.id
            row = plan.places[end][1]
            assert end in plan.last or all(not y < row - 14 < y + picture.HIGH for _x, y in plan.places.values()), (story.id, start, end)

"""The engine: a state is what the moves make it, and nothing else."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.modules.roleplays.conftest import PARCEL
from trainee.kit import yamltree
from trainee.kit.errors import Refusal
from trainee.kit.findings import Findings
from trainee.kit.i18n import force_locale
from trainee.kit.words import Text
from trainee.modules.roleplays.matching import found
from trainee.modules.roleplays.play import Move, apply, begin, moves_of, state
from trainee.modules.roleplays.scenes.typed import Criterion, Phrases
from trainee.modules.roleplays.search import explore, graph
from trainee.modules.roleplays.story import read_story

WRITING = {"text": "Geciktik, özür dilerim.", "language": "tr", "suggested": ["sorry", "honest"]}
BEST = [{"choice": "a"}, {"cues": ["a", "b"]}, {"choice": "a"}, WRITING, {"confirmed": ["sorry", "honest"]}]


def test_the_best_answers_lead_to_the_best_ending(parcel):
    end = state(parcel, moves_of(parcel, BEST))
    assert end.ended
    assert end.ending.id == "kept"
    assert end.moods == (-1, 0, 1, 1, 3)


def test_points_are_of_what_was_to_be_had_where_one_was(parcel):
    end = state(parcel, moves_of(parcel, BEST))
    assert {skill: (points.earned, points.best) for skill, points in end.points.items()} == {
        "greeting": (3, 3),
        "empathy": (4, 4),
        "needs-discovery": (3, 3),
        "trust-building": (3, 3),
        "reliability": (1, 1),
    }


def test_a_critical_error_decides_the_ending_and_its_variant(parcel):
    answers = [BEST[0], BEST[1], {"choice": "b"}, BEST[3], BEST[4]]
    end = state(parcel, moves_of(parcel, answers))
    assert end.ending.id == "lost"
    assert end.variant == "data-breach"
    assert end.ending.words(end.variant).en == "She complained."


def test_the_mood_stays_within_its_bounds(parcel):
    angry = state(parcel, moves_of(parcel, [{"choice": "b"}, {"choice": "b"}]))
    assert angry.situation.mood == -3
    assert angry.ending.id == "lost"


def test_what_was_done_early_changes_what_the_customer_says(parcel):
    calm = state(parcel, moves_of(parcel, [{"choice": "a"}, {"cues": ["a", "b"]}]))
    assert calm.words.en == "My details?"
    upset = state(parcel, moves_of(parcel, [{"choice": "b"}, {"choice": "a"}, {"cues": ["c"]}]))
    assert upset.words.en == "Who sees my address?!"


def test_a_choice_is_open_only_when_its_need_is_met(parcel):
    seen = state(parcel, moves_of(parcel, BEST[:2]))
    assert [choice.id for choice in seen.scene.open(seen.situation)] == ["a", "b", "c"]
    missed = state(parcel, moves_of(parcel, [{"choice": "a"}, {"cues": ["c"]}]))
    assert [choice.id for choice in missed.scene.open(missed.situation)] == ["a", "b"]
    with pytest.raises(Refusal):
        apply(missed, Move("check", {"choice": "c"}))


def test_writing_moves_nothing_until_it_is_confirmed(parcel):
    before = state(parcel, moves_of(parcel, BEST[:3]))
    written = state(parcel, moves_of(parcel, BEST[:4]))
    assert written.scene is before.scene
    assert written.situation == before.situation
    assert written.draft.suggested == ("sorry", "honest")
    assert written.seq == before.seq + 1


def test_what_the_learner_confirms_counts_and_not_what_was_suggested(parcel):
    end = state(parcel, moves_of(parcel, [*BEST[:4], {"confirmed": ["honest"]}]))
    assert (end.points["empathy"].earned, end.points["empathy"].best) == (2, 4)
    assert end.ending.id == "cold"


@pytest.mark.parametrize(
    ("played", "move"),
    [
        (0, Move("hello", {"choice": "z"})),
        (0, Move("hello", {})),
        (0, Move("check", {"choice": "a"})),
        (1, Move("look", {"cues": []})),
        (1, Move("look", {"cues": ["a", "b", "c"]})),
        (1, Move("look", {"cues": ["a", "z"]})),
        (3, Move("sorry", {"confirmed": ["sorry"]})),
        (3, Move("sorry", {"choice": "a"})),
        (4, Move("sorry", WRITING)),
        (5, Move("sorry", {"confirmed": []})),
        (5, Move("hello", {"choice": "a"})),
    ],
)
def test_what_is_not_open_is_refused_with_a_sentence(parcel, played, move):
    now = state(parcel, moves_of(parcel, BEST[:played]))
    with pytest.raises(Refusal) as refused:
        apply(now, move)
    assert refused.value.message.endswith((".", "?"))


@given(st.integers(0, 10**9))
def test_any_play_ends_and_can_be_replayed_from_its_moves(parcel, seed):
    dice = random.Random(seed)
    now, moves = begin(parcel), []
    while not now.ended:
        way = dice.choice(list(now.scene.tries(now.situation)))
        for answer in way.answers:
            moves.append(Move(now.scene.id, answer))
            now = apply(now, moves[-1])
        assert len(moves) < 50
    again = state(parcel, moves)
    assert again == now
    assert all(parcel.mood_min <= mood <= parcel.mood_max for mood in now.moods)
    for points in now.points.values():
        assert 0 <= points.earned <= points.best
    for step in now.steps:
        assert state(parcel, moves[: step.first]).scene is step.scene


def test_every_ending_can_be_played_to(parcel):
    plays = explore(parcel)
    assert {ending for ending, _variant in plays} == set(parcel.endings)
    for (ending, variant), answers in plays.items():
        end = state(parcel, moves_of(parcel, answers))
        assert (end.ending.id, end.variant) == (ending, variant)


def test_the_best_line_is_no_worse_than_any_play(parcel):
    whole = graph(parcel)
    line = whole.best_line_from("hello", begin(parcel).situation)
    assert line.ending.id == "kept"
    assert line.cost[:3] == (0, 0, 0)
    for point, ways in whole.edges.items():
        for each, to in zip(whole.offer(point).tries, ways, strict=True):
            missing, errors = whole.cost(to)[:2] if to >= 0 else (3 - parcel.endings[whole.ends[~to][0]].rank, 0)
            assert whole.cost(point)[:2] <= (missing, errors + (each.outcome.critical is not None))


SHIPPED = sorted((Path(__file__).resolve().parents[3] / "content" / "modules").glob("*/*.roleplay.yaml"))


@pytest.mark.parametrize("path", [PARCEL, *SHIPPED], ids=lambda path: path.name.partition(".")[0])
def test_what_counts_as_one_point_leads_to_the_same_whatever_came_before(path):
    """The search packs and merges; a play by the engine itself must always stand where the search says it can, and end where it says."""
    story = read_story(yamltree.read(path.read_bytes(), path.name), Findings(), searched=False)
    whole = graph(story)
    drawn = random.Random(7)
    for _play in range(60):
        now = begin(story)
        while now.scene is not None and now.seq < 150:
            point = whole.point(now.scene.id, now.situation)
            offer = whole.offer(point)
            assert [each.outcome for each in now.scene.tries(now.situation)] == [each.outcome for each in offer.tries]
            number = drawn.randrange(len(offer.tries))
            for answer in offer.tries[number].answers:
                now = apply(now, Move(now.scene.id, answer))
            to = whole.edges[point][number]
            if now.scene is not None:
                assert whole.point(now.scene.id, now.situation) == to
            else:
                assert whole.ends[~to] == (now.ending.id, now.variant)


def test_the_best_line_from_a_spoilt_scene_is_the_best_that_is_left(parcel):
    spoilt = state(parcel, moves_of(parcel, [BEST[0], BEST[1], {"choice": "b"}]))
    line = graph(parcel).best_line_from(spoilt.scene.id, spoilt.situation)
    assert line.ending.id == "lost"
    assert line.cost[1] == 0, "the error was made before; nothing more need go wrong"


@pytest.mark.parametrize(
    ("phrase", "text", "there"),
    [
        ("özür diler", "ÖZÜR DİLERİM", True),
        ("özür diler", "ozur dilerim efendim", True),
        ("iki randevu", "İKİ RANDEVU verip", True),
        ("salı", "SALI günü", True),
        ("ısrar", "ISRAR ettim", True),
        ("arıyor", "sizi arıyorum", True),
        ("=ama", "aradım ama olmadı", True),
        ("=ama", "arama yaptım", False),
        ("=ama", "Ama, yoğunduk", True),
        ("ama", "amaç", True),
        ("i'm sorry", "I’m sorry about it", True),
        ("=but", "butter", False),
        ("now", "I know", False),
        ("iki randevu", "iki   \n randevu", True),
        ("c++ (1)", "c++ (1) geldi", True),
        ("=yarın * gelecek", "yarın gelecek", True),
        ("=yarın * gelecek", "Yarınki saat 18.00-20.00 arasında makineniz gelecek.", True),
        ("=yarın * gelecek", "Yarın arıyorum. Bir gün gelecek.", False),
        ("=yarın * gelecek", "yarın gelecekti", False),
        ("=yarın * gelecek", "yarın bir iki üç dört beş altı yedi sekiz dokuz gelecek", False),
    ],
)
def test_phrases_are_found_as_people_write_them(phrase, text, there):
    assert found(phrase, text) is there


def test_a_spoiling_phrase_takes_the_points_away(parcel):
    scene = parcel.scenes["sorry"]
    assert scene.suggest("Özür dilerim.", "tr") == ("sorry", "honest")
    # Where nothing that is looked for was found, promising nothing unsure is no merit.
    assert scene.suggest("Özür dilerim ama yoğunduk.", "tr") == ()
    assert scene.suggest("Özür dilerim, garanti ediyorum.", "tr") == ("sorry",)


def test_what_stands_in_unless_takes_back_only_what_spoils_in_its_own_clause():
    one = Criterion("honest", 1, "reliability", Text("Dürüst", "Honest"), Phrases(), Phrases(en=("will come",)), Phrases(en=("=not",)))
    assert one.spoiler("It will come.", "en") == "will come"
    assert one.spoiler("I do not say that it will come.", "en") is None
    assert one.spoiler("I have not called, but it will come.", "en") == "will come"
    assert one.spoiler("I have not called: it will come at 18.00.", "en") == "will come"
    assert one.suggested("I do not say that it will come.", "en")


@pytest.mark.parametrize(
    ("scene", "form", "told"),
    [
        ("hello", {}, "Choose one of the replies first."),
        ("look", {"cues": []}, "Choose 2, the ones that matter. Marked now: 0."),
        ("look", {"cues": ["a"]}, "Choose 2, the ones that matter. Marked now: 1."),
        ("look", {"cues": ["a", "b", "c"]}, "Choose 2, the ones that matter. Marked now: 3."),
        ("sorry", {"text": ["kısa"]}, "Write a little more: at least 10 characters, 4 so far."),
        ("sorry", {"text": ["x" * 201]}, "Shorten it a little: at most 200 characters, 201 now."),
    ],
)
def test_a_form_that_is_not_filled_in_is_told_what_is_missing(parcel, scene, form, told):
    with force_locale("en"), pytest.raises(Refusal) as refused:
        parcel.scenes[scene].answer(form, "tr", None)
    assert (refused.value.message, refused.value.status) == (told, 422)


def test_line_ends_count_as_one_character(parcel):
    answer = parcel.scenes["sorry"].answer({"text": ["a\r\nb" * 50]}, "tr", None)
    assert "\r" not in answer["text"]

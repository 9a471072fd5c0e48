"""The two marks of a talk: whether the matter was solved, and whether that went easily."""

import pytest

from tests.modules.roleplays.test_shipped_role_plays import FILES, story_in
from trainee.modules.roleplays import marks, play
from trainee.modules.roleplays.scene import Points
from trainee.modules.roleplays.search import explore, graph

HELLO, CUES, CHECK = {"choice": "a"}, {"cues": ["a", "b"]}, {"choice": "a"}
SORRY = ({"text": "Geciktik, özür dilerim.", "language": "tr", "suggested": ["sorry", "honest"]}, {"confirmed": ["sorry", "honest"]})


def ended(story, *answers):
    return play.state(story, play.moves_of(story, answers))


def test_what_is_found_and_met_is_the_one_mark_and_what_made_nothing_harder_the_other(parcel):
    done = ended(parcel, HELLO, CUES, CHECK, *SORRY)
    assert done.ending.id == "kept"
    assert (marks.solved(done), marks.easy(done)) == (Points(9, 9), Points(4, 4))


def test_a_breach_solves_less_and_is_not_easy(parcel):
    done = ended(parcel, HELLO, CUES, {"choice": "b"}, *SORRY)
    assert (marks.solved(done), marks.easy(done)) == (Points(6, 9), Points(3, 4))


def test_a_detour_counts_against_ease_and_not_against_solving(parcel):
    done = ended(parcel, {"choice": "b"}, {"choice": "a"}, CUES, CHECK, *SORRY)
    assert len(done.steps) == 5
    # Cold at the greeting, and a scene that the best line does without.
    assert (marks.solved(done), marks.easy(done)) == (Points(9, 9), Points(3, 5))


def test_a_talk_that_broke_off_has_solved_nothing(parcel):
    done = ended(parcel, {"choice": "b"}, {"choice": "b"})
    assert done.ending.id == "lost"
    assert (marks.solved(done), marks.easy(done)) == (Points(0, 9), Points(0, 2))


@pytest.mark.parametrize("path", FILES, ids=[path.name.partition(".")[0] for path in FILES])
def test_the_best_line_has_both_and_the_worst_ending_neither(path):
    story = story_in(path, path.read_bytes())
    line = graph(story).best_line_from(story.start, play.begin(story).situation)
    done = ended(story, *(answer for _scene, way in line.ways for answer in way.answers))
    assert (marks.solved(done).share, marks.easy(done).share) == (1, 1)
    for (ending, _variant), answers in explore(story).items():
        if story.endings[ending].rank == 1:
            lost = ended(story, *answers)
            assert marks.solved(lost).share < 0.8 and marks.easy(lost).share < 0.8

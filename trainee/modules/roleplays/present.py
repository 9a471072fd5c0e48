"""What the pages show of a role-play, as plain values in the reader's language. Nothing of what lies ahead leaves the server."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from trainee.kit.i18n import _, _n, language
from trainee.kit.i18n import percent as _percent
from trainee.modules.library import filled
from trainee.modules.roleplays import marks, onward, picture, queries
from trainee.modules.roleplays.gentle import KEPT, PULSES, Pulse
from trainee.modules.roleplays.play import State, Step
from trainee.modules.roleplays.plot import Ending, Story
from trainee.modules.roleplays.queries import STEADY, Past, Plays, Run
from trainee.modules.roleplays.ranges import over_endings
from trainee.modules.roleplays.said import WRITTEN, Line, agent_name, answer_to, asked, begun, channel_of, done, replied, said, say
from trainee.modules.roleplays.scene import Points, Situation, Try
from trainee.modules.roleplays.search import graph
from trainee.profile import Level
from trainee.skills import framework

# Between two moves no more seconds than this count as time on the line: the rest she was away.
AWAY = 60
NOTHING_RAISED: Mapping[str, bool] = {}
TONES = {3: "good", 2: "warn", 1: "bad"}


def face(story: Story, mood: int) -> int:
    """Which of five faces a mood shows, 1 (furious) to 5 (pleased)."""
    share = (mood - story.mood_min) / (story.mood_max - story.mood_min)
    return 1 + sum(share >= bound for bound in (0.2, 0.4, 0.65, 0.85))


def mood_word(number: int) -> str:
    """The word for a face."""
    words: str = (_("Very angry"), _("Upset"), _("Reserved"), _("At ease"), _("Pleased"))[number - 1]
    return words


def difficulty(story: Story) -> str:
    """How hard a role-play is, in words."""
    words: str = (_("Easy"), _("Middling"), _("Hard"))[story.difficulty - 1]
    return words


def channel(story: Story) -> str:
    """The channel's name."""
    names: dict[str, str] = {
        "phone": _("Phone call"),
        "chat": _("Chat"),
        "email": _("E-mail"),
        "social": _("Social media"),
        "shop": _("In the shop"),
        "meeting": _("Meeting"),
    }
    return names[story.channel]


def pulses(run: Run, said: Iterable[Pulse], at: datetime) -> list[tuple[str, str, bool]]:
    """What can be said of how one is after this run, and whether it was; nothing when the talk is so long ago that it would be forgotten."""
    if run.finished_at is None or at - run.finished_at > KEPT:
        return []
    chosen = next((one.value for one in said if one.run_id == run.id), "")
    words = (_("Good"), _("So-so"), _("It weighs on me"))
    return [(value, str(name), value == chosen) for value, name in zip(PULSES, words, strict=True)]


def on_the_card(story: Story) -> list[str]:
    """What the learner has on her information card; a policy card that is named there can be opened, and says when it is past its date."""
    texts = (line.of(language()) for line in story.card)
    return [filled(str(escape(text)), language()) if "{{" in text else text for text in texts]


def lines(state: State) -> list[Line]:
    """What was said until now."""
    return [line for step in state.steps for line in _lines_of(state.story, step)]


def _lines_of(story: Story, step: Step) -> Iterable[Line]:
    yield from begun(story, step.scene, step.customer)
    yield done(story, step.scene, step.customer, said(step))
    if step.outcome.reply is not None:
        yield from replied(story, step.scene, say(step.outcome.reply))


def seconds_on_the_line(run: Run, at: datetime, first: int = 0) -> int:
    """How long the talk has taken since its move `first`, without the times she was away."""
    begun_at = run.moves[first - 1].made_at if first else run.started_at
    moments = [begun_at, *(made.made_at for made in run.moves[first:] if not made.copied)]
    moments.append(at if run.finished_at is None else run.finished_at)
    return sum(min(AWAY, max(0, int((later - earlier).total_seconds()))) for earlier, later in pairwise(moments))


def player(run: Run, at: datetime) -> dict[str, Any]:
    """What the player shows of a run."""
    now, story = run.state, run.story
    number = face(story, now.situation.mood)
    here, first = _on_what(now)
    elapsed = seconds_on_the_line(run, at, first)
    return {
        "channel": here,
        "run": run,
        "story": story,
        "state": now,
        "face": number,
        "word": mood_word(number),
        "lines": lines(now),
        "old": 6 if here in WRITTEN else 2,
        "since": int(at.timestamp()) - elapsed if (story.clock if here == story.channel else here == "phone") else None,
        "clock_words": f"{elapsed // 60:02d}:{elapsed % 60:02d}",
        # A mail says in its own head what it is about.
        "subject": story.title.of(language()) if here in {"social", "meeting"} else None,
        "done": len(now.steps),
        "of": len(now.steps) + _to_go(now),
        "card": on_the_card(story),
        **(_open_scene(run) if now.scene is not None else ending(now)),
    }


def _on_what(now: State) -> tuple[str, int]:
    """On what one talks now, and the number of the move with which that began."""
    here = channel_of(now.story, now.scene or now.steps[-1].scene)
    first = now.seq if now.scene else now.steps[-1].first
    for step in reversed(now.steps):
        if channel_of(now.story, step.scene) != here:
            break
        first = step.first
    return here, first


def _to_go(now: State) -> int:
    if now.scene is None:
        return 0
    line = graph(now.story).best_line_from(now.scene.id, now.situation)
    return len(line.ways) if line else 1


def _open_scene(run: Run) -> dict[str, Any]:
    now = run.state
    scene = now.scene
    assert scene is not None
    page = scene.page(now.situation, now.draft, language(), lambda items: shuffled(items, run.seed, scene.id))
    return {
        "scene": scene,
        "begun": list(begun(run.story, scene, now.words)),
        "asks": asked(run.story, scene, now.words),
        "reply_to": answer_to(run.story),
        "writer": agent_name(run.story),
        "page": page,
    }


def shuffled(items: Sequence[Any], seed: int, scene: str) -> list[Any]:
    """The items in an order that belongs to this run and scene: the same whenever it is opened."""
    mixed = list(items)
    random.Random(f"{seed}/{scene}").shuffle(mixed)
    return mixed


def ending(now: State) -> dict[str, Any]:
    """How it ended."""
    end = now.ending
    assert end is not None
    return {
        "ending": end,
        "ending_words": say(end.words(now.variant)),
        "tone": TONES[end.rank],
        "criticals": [critical(key) for key in dict.fromkeys(now.situation.criticals)],
    }


def critical(key: str) -> tuple[str, str]:
    """A critical error's name and what it is."""
    term = framework().critical_errors[key]
    return say(term.name), say(term.definition) if term.definition else ""


def skill_name(key: str) -> str:
    """A skill's name."""
    return say(framework().skill(key).name)


def brief(story: Story, plays: Plays) -> dict[str, Any]:
    """What the brief shows: the case, and how it went before."""
    return {
        "channel": channel(story),
        "difficulty": difficulty(story),
        "skills": [skill_name(key) for key in story.skills],
        "card": on_the_card(story),
        "past": [_past(story, run) for run in plays.finished],
        "reached": _reached(story, plays),
    }


def _past(story: Story, run: Past) -> dict[str, Any]:
    end = story.endings.get(run.ending or "")
    # An earlier version may have ended otherwise than any ending there is now.
    title = say(end.title) if end else _("An ending of an earlier version")
    return {"id": run.id, "title": title, "finished_at": run.finished_at, "tone": TONES.get(run.rank or 0, "quiet"), "criticals": run.criticals}


def _reached(story: Story, plays: Plays) -> list[tuple[str | None, str]]:
    """Every ending, best first: its title when it was reached before, else nothing of it."""
    endings = sorted(story.endings.values(), key=lambda end: -end.rank)
    return [(say(end.title) if end.id in plays.endings else None, TONES[end.rank]) for end in endings]


def _moved(before: Level, after: Level, elsewhere: bool, why: str = "") -> tuple[str, str, str]:
    """(skill, icon, words): a level is named only when the evidence is enough for it.

    `elsewhere`: this skill earned every point of the run, and another one did not. What lowers it then is the general level that all skills share.
    `why`: why it rose, where that is not plain from its points.
    """
    name = skill_name(after.skill)
    new = after.figure.n - before.figure.n
    if after.level is None:
        words = _n(
            "%(num)d new piece of evidence; not enough yet to name a level.", "%(num)d new pieces of evidence; not enough yet to name a level.", new
        )
        return name, "sprout", words
    now = say(framework().levels[after.level].name)
    change = after.figure.expected - before.figure.expected
    if before.level is None:
        return name, "flag", _("Enough evidence for a level now: %(level)s.", level=now)
    if elsewhere and change <= -STEADY:
        return name, "minus", _("All points here; weaker moments in other skills drew all of them down a little: %(level)s.", level=now)
    if before.level != after.level:
        earlier = say(framework().levels[before.level].name)
        icon = "trending-up" if after.level > before.level else "trending-down"
        return name, icon, " ".join(filter(None, (_("From %(before)s to %(after)s.", before=earlier, after=now), why)))
    if abs(change) < STEADY:
        return name, "minus", _("Unchanged: %(level)s.", level=now)
    words = _("A little higher than before: %(level)s.", level=now) if change > 0 else _("A little lower than before: %(level)s.", level=now)
    return name, "trending-up" if change > 0 else "trending-down", " ".join(filter(None, (words, why)))


def _why_raised(points: Points, by_itself: bool) -> str:
    """Why a skill rose of whose points few were earned."""
    told = {"earned": _figure(points.earned), "best": _figure(points.best)}
    if by_itself:
        return _("You earned %(earned)s of %(best)s points; that is more than your evidence so far let expect in these scenes.", **told)
    return _("You earned %(earned)s of %(best)s points; what raised it were stronger moments in other skills.", **told)


@dataclass(frozen=True, slots=True)
class Look:
    """One scene in the look back."""

    number: int
    first: int
    last: int
    begun: tuple[Line, ...]
    said: str
    mine: Line
    replied: tuple[Line, ...]
    feedback: str
    inner: str | None
    scores: tuple[tuple[str, str, str], ...]
    face: int
    word: str
    tone: str
    critical: str | None
    better: str | None
    kind: str
    back: dict[str, Any]


def debrief(run: Run, plays: Plays, moved: Sequence[tuple[Level, Level]], raised: Mapping[str, bool] = NOTHING_RAISED) -> dict[str, Any]:
    """What the look back shows of a finished run. `moved`: how she stood before and after, per skill; `raised`: those that rose though few of their
    points were earned, and whether by themselves.
    """
    now, story = run.state, run.story
    words, best_end = best_line(now)
    points = [pair for step in run.new_steps for pair in step.outcome.points.items()]
    every = {skill for skill, _one in points}
    full = every - {skill for skill, one in points if one.earned < one.best}
    why = {skill: _why_raised(now.points[skill], by_itself) for skill, by_itself in raised.items()}
    return {
        "story": story,
        "looks": [_look(story, step, number) for number, step in enumerate(now.steps, 1)],
        "mood_points": mood_points(now),
        "mood_ends": (mood_word(1), mood_word(5)),
        "marks": two_marks(now),
        "skill_points": skill_points(now),
        "reached": _reached(story, plays),
        "best_line": words,
        "best_ending": say(best_end.title),
        "moved": [_moved(*one, one[1].skill in full and full < every, why.get(one[1].skill, "")) for one in moved],
        **ending(now),
        "next_step": onward.next_step(now.ending.onward(now.situation.criticals), run.version_id) if now.ending else [],
        "turns": [_turn(number, step) for number, step in onward.turns(now)],
    }


def _turn(number: int, step: Step) -> dict[str, Any]:
    """A scene to play again first: what is said of it, and how many moves come before it."""
    if step.outcome.critical:
        words = _("The critical error (%(name)s) was in scene %(number)s", name=critical(step.outcome.critical)[0], number=number)
    else:
        words = _("Try another reply in scene %(number)s", number=number)
    return {"number": number, "first": step.first, "words": words, "said": said(step)}


def _look(story: Story, step: Step, number: int) -> Look:
    outcome, mood = step.outcome, face(story, step.after.mood)
    mine = done(story, step.scene, step.customer, said(step))
    return Look(
        number=number,
        first=step.first,
        last=step.last,
        begun=tuple(begun(story, step.scene, step.customer)),
        said=mine.words,
        mine=mine,
        replied=tuple(replied(story, step.scene, say(outcome.reply))) if outcome.reply else (),
        feedback=say(outcome.feedback) if outcome.feedback else "",
        inner=say(step.scene.inner) if step.scene.inner else None,
        scores=tuple((skill_name(skill), _figure(points.earned), _figure(points.best)) for skill, points in sorted(outcome.points.items())),
        face=mood,
        word=mood_word(mood),
        tone=_tone(step),
        critical=critical(outcome.critical)[0] if outcome.critical else None,
        better=_better(story, step),
        kind=step.scene.kind,
        back=step.scene.back(language()),
    )


def graph_page(story: Story) -> dict[str, Any]:
    """The story as a graph, with the share of learners on each way, and what each skill can come out at, by ending."""
    whole = graph(story)
    runs, shares = queries.shares(story)
    names = _critical_names()
    return {
        "picture": drawn(story, shares),
        "runs": runs,
        "shared": bool(shares),
        "exact": whole.exact,
        "ways": [row for arrow in picture.arrows(whole, names) for row in _way_rows(arrow, story, shares)],
        "ranges": [
            [say(story.endings[ending].title), skill_name(skill), _of_points(span.worst), _of_points(span.best)]
            for ending, spans in over_endings(whole).items()
            for skill, span in spans.items()
        ],
    }


def graph_picture(story: Story) -> Markup:
    """The picture of that page alone."""
    return drawn(story, queries.shares(story)[1])


def drawn(story: Story, shares: Mapping[tuple[str, str], float]) -> Markup:
    """The picture of a story, with the shares of its replies, 0 to 1, where they are known."""
    return picture.draw(graph(story), language(), str(_("%(title)s, as a graph", title=say(story.title))), shares, _critical_names())


def _critical_names() -> dict[str, str]:
    return {key: say(term.name) for key, term in framework().critical_errors.items()}


def _scene_name(story: Story, key: str) -> str:
    """A scene as its author knows it: the id, and how it begins."""
    return f"{key}: {picture.short_title(story.scenes[key].customer, language())}"


def _way_rows(arrow: picture.Arrow, story: Story, shares: Mapping[tuple[str, str], float]) -> list[list[str]]:
    """The ways between two places as a list tells them: those that one condition decides together. The share is that of all of them."""
    share = shares.get((arrow.start, arrow.end))
    end = say(story.endings[arrow.end].title) if arrow.end in story.endings else _scene_name(story, arrow.end)
    told = _percent(share) if share is not None else ""
    return [[_scene_name(story, arrow.start), ", ".join(labels), when, end, told] for when, labels in arrow.ways.items()]


def _of_points(points: Points) -> str:
    return str(_("%(earned)s of %(best)s", **_of_words(points)))


def _of_words(points: Points) -> dict[str, str]:
    return {"earned": _figure(points.earned), "best": _figure(points.best)}


def _figure(points: float) -> str:
    return f"{points:g}" if points == int(points) else f"{points:.1f}".replace(".", "," if language() == "tr" else ".")


def _tone(step: Step) -> str:
    points: list[Points] = list(step.outcome.points.values())
    if step.outcome.critical:
        return "poor"
    if not points:
        return "fair"
    share = sum(each.earned for each in points) / sum(each.best for each in points)
    return "good" if share >= 0.8 else "fair" if share >= 0.4 else "poor"


def _better(story: Story, step: Step) -> str | None:
    """The best that could be done in that scene, when that is more than was done."""
    line = graph(story).best_line_from(step.scene.id, step.before)
    if line is None or (step.outcome.lost <= 0 and not step.outcome.critical):
        return None
    best = line.ways[0][1]
    if best.answers[-1] == step.answer:
        return None
    words = _best_words(best)
    better: str = _("%(words)s — from here “%(ending)s” was still within reach.", words=words, ending=say(line.ending.title))
    return better


def best_line(now: State) -> tuple[list[Line], Ending]:
    """The best line from the beginning, as in the talk itself, and the ending it reaches."""
    line = graph(now.story).best_line_from(now.story.start, Situation(now.story.mood_start))
    assert line is not None
    told_and_done: list[Line] = []
    for scene, way in line.ways:
        told_and_done += [*begun(now.story, scene, scene.customer), done(now.story, scene, scene.customer, _best_words(way))]
    return told_and_done, line.ending


def _best_words(way: Try) -> str:
    return " · ".join(say(words) for words in way.outcome.said)


def mood_points(now: State) -> list[tuple[str, int, str]]:
    """The mood curve: (where, value for drawing, the mood in words)."""
    marks = [_("Start"), *(str(number) for number in range(1, len(now.steps) + 1))]
    return [(mark, mood, mood_word(face(now.story, mood))) for mark, mood in zip(marks, now.moods, strict=True)]


def two_marks(now: State) -> list[tuple[str, float, float, str]]:
    """Was it solved, and was it easy: name, what was earned, of what, and both as words."""
    solved, easy = marks.solved(now), marks.easy(now)
    found = [(_("Was it easy for %(name)s?", name=now.story.customer.name), easy, _("%(earned)s of %(best)s scenes", **_of_words(easy)))]
    # A story that neither finds nor meets a need has nothing to solve.
    if solved.best:
        found.insert(0, (_("Was it solved?"), solved, _("%(earned)s of %(best)s points", **_of_words(solved))))
    return [(name, points.earned, points.best, words) for name, points, words in found]


def skill_points(now: State) -> list[tuple[str, float, float, str, str]]:
    """Per skill: name, points earned, points to be had, and both as words; most to be had first."""
    rows = sorted(now.points.items(), key=lambda item: (-item[1].best, item[0]))
    return [(skill_name(skill), points.earned, points.best, _figure(points.earned), _figure(points.best)) for skill, points in rows]

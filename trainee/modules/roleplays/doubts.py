"""What a story says without meaning it: conditions that never decide, a best play that ends badly, choices that change nothing, tells."""

from collections import Counter
from collections.abc import Iterator

from trainee.kit import reading_speed
from trainee.kit.chance import UNLIKELY, at_least
from trainee.kit.words import Text
from trainee.modules.roleplays.graph import Graph
from trainee.modules.roleplays.matching import most_met
from trainee.modules.roleplays.plot import Story
from trainee.modules.roleplays.ranges import over_scenes
from trainee.modules.roleplays.reading import Cursor
from trainee.modules.roleplays.scene import Scene, Situation

TELLING = 4
"""With fewer scenes than this, chance alone makes the best choice the longest one, or the second one, often."""

MOST_ALIKE = 0.6
FEW = 3
NEARLY_ALL = 0.75
"""A criterion that so many of the weakest replies meet, of three at least, is met by anybody."""

NARROW = 0.3
REACTING = 6
"""With this many scenes to choose in, in one at least the best reply should depend on what came before."""

MOST_SAME = 0.75
"""One scene of four at least should; that the others need not is advice."""

DEAF = 1 / 3
"""A talk has quiet moments; more scenes than this share that take no notice of what came before make it a list of questions."""

SECONDS_TO_CHOOSE = 10
SECONDS_TO_TYPE = 120
TOO_LONG = 1.3


def look(at: Cursor, story: Story, whole: Graph) -> None:
    """Note what is doubtful or can never matter in a story that has no other fault."""
    _look_at_conditions(at, whole)
    _look_at_words(at, whole)
    _look_at_flags(at, story)
    _look_at_best_play(at, whole)
    _look_at_choices(at, story)
    _look_at_rubrics(at, story)
    _look_for_tells(at, story)
    _look_at_points(at, whole)
    _look_for_reactions(at, whole)
    _look_at_time(at, story, whole)


def _tell(at: Cursor, whole: Graph, line: int, message: str, mend: str) -> None:
    """What never happens: certain when everything was looked through, a doubt when plays were drawn."""
    note = at.book.findings.error if whole.exact else at.book.findings.warn
    note(at.book.tree.path, line, message, mend)


def _warn(at: Cursor, line: int, message: str, mend: str) -> None:
    at.book.findings.warn(at.book.tree.path, line, message, mend)


def _look_at_conditions(at: Cursor, whole: Graph) -> None:
    """A branch that is never the first to fit decides nothing, wherever it stands."""
    used = {id(branch) for scene in whole.scenes for route in scene.routes() for branch in route}
    for name, route in at.book.routes.items():
        if not any(id(branch) in used for branch in route):
            at.book.findings.error(
                at.book.tree.path, at.line("routes", name), f"The route `{name}` is used nowhere.", "Use it as `next`, or delete it."
            )
    behind = _look_for_certain(at, whole)
    for branch, line in at.book.branches:
        if id(branch) in used - behind and id(branch) not in whole.taken and not branch.when.always:
            _tell(at, whole, line, f"This condition never decides: nobody goes to `{branch.to}` by it.", "Change it, or delete it.")
    _look_at_needs(at, whole)


def _look_for_certain(at: Cursor, whole: Graph) -> set[int]:
    """Tell conditions that hold for everybody who comes to them, so that what follows is never looked at; the branches behind them, by identity."""
    lines = {id(branch): line for branch, line in at.book.branches}
    behind: set[int] = set()
    # By identity: a route with a name is one, and two that read alike may be met in other situations.
    for route in {tuple(map(id, route)): route for scene in whole.scenes for route in scene.routes()}.values():
        taken = [place for place, branch in enumerate(route) if id(branch) in whole.taken]
        if not taken or taken[-1] == len(route) - 1:
            continue
        last, rest = route[taken[-1]], route[taken[-1] + 1 :]
        behind.update(map(id, rest))
        message = f"This condition always holds for whoever comes to it: nobody goes on to {_names(list(dict.fromkeys(one.to for one in rest)))}."
        _tell(at, whole, lines[id(last)], message, f"Change it, or write `{{to: {last.to}}}` alone and delete what follows.")
    return behind


def _look_at_needs(at: Cursor, whole: Graph) -> None:
    """A choice that waits for what everybody has who comes there waits for nothing."""
    for number, item in enumerate(at.items("scenes")):
        certain = whole.always_open(number)
        waiting = [choice for choice in item.items("choices", required=False) if choice.value.get("needs")]
        for place in sorted(certain):
            choice = waiting[place]
            message = f"The `needs` of the choice `{choice.value.get('id')}` always hold: it is open to everybody who comes to this scene."
            _warn(at, choice.line("needs"), message, "Change them, or take them out.")


def _look_at_words(at: Cursor, whole: Graph) -> None:
    """Every entry of `customer_when` must be said to somebody."""
    points = whole.by_scene()
    for number, item in enumerate(at.items("scenes")):
        scene = whole.scenes[number]
        if not scene.customer_when:
            continue
        mask = whole.mask(when for when, _say in scene.customer_when)
        told_apart = {point & mask for point in points[number]}
        said = {id(scene.words(whole.situation(point))) for point in told_apart}
        if said and id(scene.customer) not in said:
            message = f"In the scene `{scene.id}` what stands under `customer` is never said: one of the conditions below it always fits."
            line = item.line("customer" if "customer" in item else "shows")
            _tell(at, whole, line, message, "Change the conditions, or make the last of them the words under `customer`.")
        for place, (_when, say) in enumerate(scene.customer_when):
            if id(say) not in said:
                line = item.line("customer_when", place)
                _tell(
                    at,
                    whole,
                    line,
                    f"In the scene `{scene.id}` these words are never said: the condition never fits first.",
                    "Change it, or delete it.",
                )


def _look_at_flags(at: Cursor, story: Story) -> None:
    looked_at = {flag for scene in story.scenes.values() for when in scene.conditions() for flag in when.flags}
    for flag, lines in at.flags("flags").items():
        if flag not in looked_at:
            message = f"The flag `{flag}` is set here, and nothing ever looks at it."
            _warn(at, lines[0], message, "Let something come of it later, or take it out.")


def _look_at_best_play(at: Cursor, whole: Graph) -> None:
    """Who takes what earns most in every scene must come to the best ending, and nobody should have to err for it."""
    best, story = whole.story.best_rank, whole.story
    cost = whole.cost(whole.start)
    if cost is not None and cost[0] == 0 and cost[1]:
        at.error("endings", "the best ending can be reached by a critical error only", "Open a way to it that is free of errors.")
    for number, line in _forgiven(at, whole).items():
        message = f"Whoever makes a critical error in the scene `{whole.scenes[number].id}` can still come to the best ending."
        _warn(at, line, message, "Lead to a lower ending after it: `any_critical: true` before the others.")
    ends = _ends_of_best_play(whole)
    missed = sorted(ending for ending in ends if story.endings[ending].rank < best)
    if ends and len(missed) == len(ends):
        message = f"whoever takes the reply with most points in every scene ends in {_names(missed)}, which is not the best ending"
        at.error("scenes", message, "Give the points to the replies that lead to the best ending.")
    elif missed:
        message = f"some who take a reply with most points in every scene end in {_names(missed)}, which is not the best ending"
        at.warn("scenes", message, "Tell the replies with equal points apart.")


def _forgiven(at: Cursor, whole: Graph) -> dict[int, int]:
    """The scenes with a critical error after which the best ending is still open, with their lines."""
    lines = [item.line("id") for item in at.items("scenes")]
    found: dict[int, int] = {}
    asked = {number for number, scene in enumerate(whole.scenes) if scene.criticals()}
    wrong: dict[int, list[int]] = {}
    for point, ways in whole.edges.items():
        number = point >> whole.at_scene
        if number not in asked:
            continue
        offer = whole.offer(point)
        if id(offer) not in wrong:
            wrong[id(offer)] = [place for place, each in enumerate(offer.tries) if each.outcome.critical]
        if any(whole.missing_from(ways[place]) == 0 for place in wrong[id(offer)]):
            found[number] = lines[number]
            asked.discard(number)
    return found


def _ends_of_best_play(whole: Graph) -> set[str]:
    waiting, seen = [whole.start], {whole.start}
    ends = set()
    while waiting:
        point = waiting.pop()
        if point not in whole.edges:
            continue
        costs = whole.offer(point).costs
        for cost, to in zip(costs, whole.edges[point], strict=True):
            if cost > min(costs):
                continue
            if to < 0:
                ends.add(whole.ends[~to][0])
            elif to not in seen:
                seen.add(to)
                waiting.append(to)
    return ends


def _names(keys: list[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def _look_at_choices(at: Cursor, story: Story) -> None:
    """Where every reply earns the same, moves the same and leads the same way, choosing comes to nothing."""
    for scene, item in zip(story.scenes.values(), at.items("scenes"), strict=True):
        if scene.offers_at_most() and not scene.matters():
            message = f"In the scene `{scene.id}` it makes no difference what is chosen: points, mood, flags and way on are the same."
            _warn(at, item.line("id"), message, "Let a reply cost something, or bring something.")


def _look_at_rubrics(at: Cursor, story: Story) -> None:
    """A criterion that the weakest replies of the other scenes meet as well tells a good reply from none."""
    weakest = [words for scene in story.scenes.values() if (words := scene.weakest()) is not None]
    if len(weakest) < FEW:
        return
    for scene, item in zip(story.scenes.values(), at.items("scenes"), strict=True):
        for number, (criterion, phrases) in enumerate(scene.looked_for()):
            for lang in ("tr", "en"):
                replies = [words.of(lang) for words in weakest]
                met, phrase = most_met(phrases.of(lang), replies)
                if phrase is not None and met >= len(replies) * NEARLY_ALL:
                    message = f"The criterion `{criterion}` is met ({lang}) by {met} of {len(replies)} weakest replies of the other scenes"
                    mend = f"Look for words that only a good reply holds: “{phrase}” is found nearly everywhere."
                    _warn(at, item.line("rubric", number, "look_for", lang), f"{message}, as it would be by any.", mend)


def _look_for_tells(at: Cursor, story: Story) -> None:
    """Doubt a story whose best answers can be told by their length or place: a learner would find them without reading."""
    for language in ("tr", "en"):
        _look_at_lengths(at, story, language)
    places = Counter(place for scene in story.scenes.values() if (place := scene.best_place()) is not None)
    for place, count in places.items():
        if places.total() >= TELLING and count > places.total() * MOST_ALIKE:
            message = f"in {count} of {places.total()} scenes the best choice is written as number {place + 1}"
            at.warn("scenes", message, "Write them in another order; ids need not follow the alphabet.")


def _look_at_lengths(at: Cursor, story: Story, language: str) -> None:
    """Whoever takes the longest reply everywhere, or the shortest, must not come out better than by throwing dice."""
    told = [(scene.id, *lengths) for scene in story.scenes.values() if (lengths := scene.lengths(language)) is not None and lengths[1]]
    if len(told) < TELLING:
        return
    chances = [1 / (1 + len(others)) for _scene, _best, others in told]
    longest = [scene for scene, best, others in told if best > max(others)]
    shortest = [scene for scene, best, others in told if best < min(others)]
    for name, found, mend in (
        ("longest", longest, "Shorten some of them, or give the others more words."),
        ("shortest", shortest, "Give some of them their reasons, or shorten the others."),
    ):
        if at_least(len(found), chances) < UNLIKELY:
            message = f"in {len(found)} of {len(told)} scenes the best choice is the {name} one ({language}); chance alone gives about "
            at.warn("scenes", f"{message}{sum(chances):.0f}: {', '.join(found)}", mend)


def _look_at_points(at: Cursor, whole: Graph) -> None:
    # Where one can come back to a scene there is no end to what can be lost.
    if whole.eyes.circular:
        return
    for number, (skill, span) in enumerate(over_scenes(whole).items()):
        if span.spread < NARROW:
            worst, best = (f"{points.earned:g} of {points.best:g}" for points in (span.worst, span.best))
            message = f"Whatever is done, `{skill}` comes out between {worst} and {best} points: that tells good from poor badly."
            _warn(at, at.line("skills", number), message, "Let more replies earn nothing for it.")


def _look_for_reactions(at: Cursor, whole: Graph) -> None:
    """Judge each scene: is its best reply best whatever came before, and does anything in it take notice of that?

    A talk in which no best reply depends on what came before is a quiz with a story around it, and so is one in which many scenes are deaf:
    the customer says the same, the same can be answered, the same is best and leads the same way, however the talk went.
    """
    choosing = [number for number, scene in enumerate(whole.scenes) if scene.offers_at_most()]
    if len(choosing) < REACTING:
        return
    best = _best_replies(whole)
    same = [number for number in choosing if len(best[number]) < 2]
    names = ", ".join(f"`{whole.scenes[number].id}`" for number in same)
    mend = "Let a reply be best, or open, only after something was done earlier: `needs`, or another way on."
    if len(same) == len(choosing):
        at.warn("scenes", f"in every scene the best reply is the same whatever came before: {names}", mend)
    elif same:
        message = f"In {len(same)} of {len(choosing)} scenes the best reply is best whatever came before: {names}."
        note = at.book.findings.warn if len(same) > len(choosing) * MOST_SAME else at.book.findings.advise
        note(at.book.tree.path, at.line("scenes"), message, mend)
    # Nothing came before the first scene, so it has nothing to hear.
    deaf = [number for number in same if whole.scenes[number].id != whole.story.start and _is_deaf(whole.scenes[number])]
    if len(deaf) <= len(choosing) * DEAF:
        return
    for number, item in enumerate(at.items("scenes")):
        if number in deaf:
            message = f"The scene `{whole.scenes[number].id}` takes no notice of what came before, like {len(deaf)} of {len(choosing)} in this talk."
            _warn(at, item.line("id"), message, "Let the customer say something else after an earlier slip: `customer_when`; or use `needs`.")


def _is_deaf(scene: Scene) -> bool:
    """Whether nothing in a scene looks at what came before: neither words nor answers nor ways on."""
    return not list(scene.entry()) and all(len(route) == 1 for route in scene.routes())


def _best_replies(whole: Graph) -> list[set[int]]:
    """Per scene the replies that are best in it in some situation, as numbers; no more than two are looked for."""
    found: list[set[int]] = [set() for _scene in whole.scenes]
    numbers: dict[str, int] = {}
    told: dict[tuple[int, int], int] = {}
    for point, best in whole.best.items():
        # Two are enough to know that it depends, and most points lie in scenes where it soon shows.
        if len(found[point >> whole.at_scene]) > 1:
            continue
        offer = whole.offer(point)
        key = (id(offer), best)
        if key not in told:
            told[key] = numbers.setdefault(repr(offer.tries[best].answers[-1]), len(numbers))
        found[point >> whole.at_scene].add(told[key])
    return found


def _look_at_time(at: Cursor, story: Story, whole: Graph) -> None:
    """Reading at an ordinary pace, with a moment for each choice and two minutes for each reply typed, should take what is promised."""
    line = whole.best_line_from(story.start, Situation(story.mood_start))
    if line is None:
        return
    needed = max(_seconds(story, [scene for scene, _way in line.ways], lang) for lang in ("tr", "en")) / 60
    if reading_speed.far_from(story.minutes, needed, TOO_LONG):
        message = f"reading and answering the best line takes about {needed:.0f} minutes, and {story.minutes} are promised"
        at.warn("minutes", message, "Correct `minutes`, or the length of the story.")


def _seconds(story: Story, scenes: list[Scene], lang: str) -> float:
    head = [story.brief.of(lang), story.customer.about.of(lang), *(words.of(lang) for words in story.card)]
    words = [*head, *(text.of(lang) for scene in scenes for text in _read_in(scene))]
    typed = sum(scene.typed for scene in scenes)
    return reading_speed.seconds(" ".join(words), lang) + SECONDS_TO_TYPE * typed + SECONDS_TO_CHOOSE * (len(scenes) - typed)


def _read_in(scene: Scene) -> Iterator[Text]:
    yield scene.customer
    yield from scene.to_read()

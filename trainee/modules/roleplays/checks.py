"""Looks at a story as a compiler would: names, conditions that cannot matter, scenes nobody reaches, circles without a way out."""

from collections.abc import Collection, Iterator, Mapping

from trainee.kit.spelling import meant, nearest
from trainee.modules.roleplays.doubts import look
from trainee.modules.roleplays.graph import Graph
from trainee.modules.roleplays.plot import Story
from trainee.modules.roleplays.reading import Cursor, Reference
from trainee.modules.roleplays.scene import Scene
from trainee.modules.roleplays.search import MOST, graph


def check(at: Cursor, story: Story) -> None:
    """Note everything wrong with a story that was just read; what needs a sound story is looked at only when it is one."""
    mine = at.book.findings
    _check_names(at, story)
    _check_skills(at, story)
    if mine.ok:
        _check_conditions(at, story)
    if mine.ok:
        _check_ways(at, story)
    if mine.ok:
        look(at, story, graph(story))


def _check_names(at: Cursor, story: Story) -> None:
    """Every name used must belong to something, and to one thing only."""
    scenes = set(story.scenes) | _written_ids(at, "scenes")
    known = scenes | set(story.endings) | _written_ids(at, "endings")
    for reference in at.book.references:
        if reference.to not in known:
            _complain(at, reference, f"There is no scene, ending or route `{reference.to}`.", meant(reference.to, [*known, *at.book.routes]))
    if story.start and story.start not in scenes:
        at.error("start", f"there is no scene `{story.start}`", meant(story.start, scenes, "scene"))
    for name in sorted((scenes & set(story.endings)) | (set(at.book.routes) & known)):
        at.error("scenes", f"`{name}` is the name of more than one thing", "Give scenes, endings and routes names of their own.")


def _written_ids(at: Cursor, key: str) -> set[str]:
    """The ids in a list as they stand there: what leads to something that has another fault is not wrong as well."""
    value = at.value.get(key)
    items = value if isinstance(value, list) else []
    return {str(item["id"]) for item in items if isinstance(item, dict) and "id" in item}


def _complain(at: Cursor, reference: Reference, message: str, mend: str) -> None:
    at.book.findings.error(at.book.tree.path, reference.line, message, mend)


def _check_skills(at: Cursor, story: Story) -> None:
    scored = frozenset(skill for scene in story.scenes.values() for skill in scene.skills() if skill)
    for skill in sorted(scored - set(story.skills)):
        named = next(named for named in at.book.skills_named if named.to == skill)
        _complain(at, named, f"`{skill}` is scored here and is not among the `skills` of the role-play.", "Add it at the top.")
    for skill in sorted(set(story.skills) - scored):
        at.error("skills", f"`{skill}` is listed and no scene scores it", "Score it somewhere, or take it out of the list.")


def _check_conditions(at: Cursor, story: Story) -> None:
    """A flag that nothing sets, a critical error nobody can make, a mood out of bounds: the condition could never matter."""
    _check_flags(at)
    possible = frozenset(critical for scene in story.scenes.values() for critical in scene.criticals())
    lines = _scene_lines(at)
    for scene in story.scenes.values():
        for wrong, mend in _doubts(scene, story, possible):
            _complain(at, Reference(lines[scene.id], scene.id), f"In the scene `{scene.id}` a condition {wrong}.", mend)


def _check_flags(at: Cursor) -> None:
    """Every flag that is looked at must be set somewhere. Of two spelled nearly alike, one never set or one never looked at, both are told."""
    set_at, looked_at = at.flags("flags"), at.flags("flags_all", "flags_any", "flags_none")
    path, note = at.book.tree.path, at.book.findings.error
    for flag in looked_at.keys() - set_at.keys():
        slip = nearest(flag, set_at.keys() - looked_at.keys())
        mend = f"Did you mean `{slip}`, set in line {set_at[slip][0]}?" if slip else meant(flag, set_at, "flag set anywhere")
        for line in looked_at[flag]:
            note(path, line, f"A condition looks at the flag `{flag}`, which nothing sets.", mend)
        for line in set_at[slip] if slip else ():
            message = f"The flag `{slip}` is set here and nothing looks at it, and `{flag}` is looked at and nothing sets it."
            note(path, line, message, f"Write `{flag}` here, or `{slip}` in line {looked_at[flag][0]}.")
    # What is set rightly elsewhere may be misspelt once: then what waits for it is told far away, as never offered.
    both = set_at.keys() & looked_at.keys()
    for flag in set_at.keys() - looked_at.keys():
        slip = nearest(flag, both)
        for line in set_at[flag] if slip else ():
            note(path, line, f"The flag `{flag}` is set here and nothing looks at it.", f"Did you mean `{slip}`? Else give it a name less like it.")


def _doubts(scene: Scene, story: Story, possible: Collection[str]) -> Iterator[tuple[str, str]]:
    for when in scene.conditions():
        if when.critical is not None and when.critical not in possible:
            yield f"waits for `{when.critical}`, which no choice is", meant(when.critical, possible, "critical error in this story")
        for mood in (when.mood_gte, when.mood_lte):
            if mood is not None and not story.mood_min <= mood <= story.mood_max:
                yield f"looks at the mood {mood}, and the mood goes from {story.mood_min} to {story.mood_max}", "Change one of them."


def _scene_lines(at: Cursor) -> dict[str, int]:
    return {str(item.value.get("id")): item.line("id") for item in at.items("scenes", required=False)}


def _check_ways(at: Cursor, story: Story) -> None:
    """Play it every way there is: scenes and endings nobody reaches, choices never offered, loops with no way out."""
    whole = graph(story)
    lines = _scene_lines(at)
    if not whole.exact:
        message = f"this story can stand in more than {MOST} ways, so {whole.plays} plays of it were drawn; what none of them met is told as a doubt"
        at.warn("scenes", message, "Use fewer flags, or look at them sooner.")
    if whole.exact:
        _check_exits(at, whole, lines)
    # Where no play ends, a circle was told, and nobody comes to anything behind it.
    if whole.ends or not whole.exact:
        _check_unmet(at, whole, lines)
        _check_variants(at, whole)


def _check_unmet(at: Cursor, whole: Graph, lines: dict[str, int]) -> None:
    """Tell each scene and ending nobody comes to; what can be come to from such a scene only is told with it, as its consequence."""
    ends = {ending for ending, _variant in whole.ends}
    ahead = {scene.id: {branch.to for branch in whole.eyes.steps[scene.id]} - whole.reached - ends for scene in whole.scenes}
    unmet = [scene.id for scene in whole.scenes if scene.id not in whole.reached]
    first = [key for key in unmet if not any(key in ahead[other] for other in unmet if other != key)]
    told: set[str] = set()
    # A circle of scenes nobody comes to has no first one: then any of them.
    for key in (*first, *unmet):
        if key not in told:
            behind = _closure(key, ahead) - told - {key}
            told |= behind | {key}
            _not_met(at, whole, lines[key], f"the scene `{key}`{_with(behind)}", "Lead to it from somewhere, or delete it.")
    for number, ending in enumerate(whole.story.endings):
        if ending not in ends | told:
            _not_met(at, whole, at.line("endings", number), f"the ending `{ending}`", "Look at the conditions that lead to it.")


def _closure(start: str, ahead: Mapping[str, Collection[str]]) -> set[str]:
    """What can be come to from somewhere, however far."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for to in ahead.get(waiting.pop(), ()):
            if to not in found:
                found.add(to)
                waiting.append(to)
    return found


def _with(others: Collection[str]) -> str:
    """What goes with it: how many, and the first three by name."""
    if not others:
        return ""
    named = ", ".join(f"`{key}`" for key in sorted(others)[:3])
    return f", nor to what lies behind it ({named}{f' and {len(others) - 3} more' if len(others) > 3 else ''})"


def _not_met(at: Cursor, whole: Graph, line: int, what: str, mend: str) -> None:
    """Nobody comes there: certain when everything was looked through, a doubt when plays were drawn."""
    if whole.exact:
        at.book.findings.error(at.book.tree.path, line, f"Nobody comes to {what}.", mend)
    else:
        at.book.findings.warn(at.book.tree.path, line, f"None of {whole.plays} plays came to {what}.", mend)


def _check_exits(at: Cursor, whole: Graph, lines: dict[str, int]) -> None:
    stuck = whole.stuck()
    for scene in (scene for scene, silent in stuck.items() if silent):
        line = Reference(lines[scene], scene)
        _complain(at, line, f"In the scene `{scene}` it can happen that no choice is open.", "Leave one choice without `needs`.")
    _check_circles(at, whole, [scene.id for scene in whole.scenes if stuck.get(scene.id) is False], lines)
    for scene, choice in whole.never_offered():
        line = Reference(lines[scene], scene)
        _complain(at, line, f"In the scene `{scene}` the choice `{choice}` is never offered.", "Look at its `needs`.")


def _check_circles(at: Cursor, whole: Graph, lost: list[str], lines: dict[str, int]) -> None:
    """Tell each circle without a way out once, at its first scene, with what else leads into it."""
    ahead = {scene: {branch.to for branch in whole.eyes.steps[scene]} for scene in lost}
    within = {scene: {scene, *_closure(scene, {key: to & set(lost) for key, to in ahead.items()})} for scene in lost}
    circles = {scene: frozenset(other for other in within[scene] if scene in within[other]) for scene in lost}
    # A scene from which one comes to another circle, and never back, only leads into that one.
    last = dict.fromkeys(circle for scene, circle in circles.items() if within[scene] == circle)
    for circle in last:
        scene = next(key for key in lost if key in circle)
        others = [key for key in lost if key != scene and circle <= within[key]]
        named = ", ".join(f"`{key}`" for key in others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
        message = f"From the scene `{scene}` there may be no way to an ending{f', nor from {named}' if others else ''}."
        _complain(at, Reference(lines[scene], scene), message, "Break the circle.")


def _check_variants(at: Cursor, whole: Graph) -> None:
    told, ends = set(whole.ends), {ending for ending, _variant in whole.ends}
    for number, ending in enumerate(whole.story.endings.values()):
        for variant in ending.variants:
            # Of an ending nobody comes to at all that was told.
            if ending.id in ends and (ending.id, variant) not in told:
                line = at.line("endings", number, "variants", variant)
                _not_met(at, whole, line, f"`{ending.id}` after `{variant}`, so this variant is never told", "Lead there, or delete it.")

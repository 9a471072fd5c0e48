"""Today: what to do now, in order, and where one stands."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import url_for

from trainee import expectations, plans, profile
from trainee.coaching.observations.words import OUTCOMES_TOLD
from trainee.coaching.pulse import quarter_of
from trainee.dashboards import expecting
from trainee.dashboards.duties import waiting as duties_of
from trainee.dashboards.queries import Begun, Between, Work, work_of
from trainee.dashboards.standing import Standing, day_words, level_name, skill_name, standing
from trainee.expectations import Expected, Target
from trainee.kit import trtext
from trainee.kit.duties import Duty
from trainee.kit.i18n import _, _n, date_words, language, moment_words
from trainee.kit.web import address
from trainee.modules.progress import progress, required_parts
from trainee.modules.reviews.drawing import ITEMS
from trainee.modules.roleplays.gentle import IN_A_ROW, gentler, low, weary
from trainee.people import Viewer
from trainee.plans import Open, Part, Training, training
from trainee.profile import Level
from trainee.profile.policy import threshold
from trainee.service import model

SHOWN_METERS = 3
# How long what was finished is still news.
NEWS = timedelta(days=14)
_SOON = 14
# What stands between two people and is still to be done by the one who looks.
_ASKS = frozenset({"session", "coaching", "observed", "complaints"})
BEST_RANK = 3
_LONGEST_ANSWER = 220
# First words of accounts that are nobody's name.
_NO_NAMES = frozenset(map(trtext.fold, ("sistem", "system", "site", "yönetici", "admin", "administrator", "hesap", "account")))


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: `why` it stands here, `due` in words and how pressing (a tone), where it is done and what the button says."""

    icon: str
    eyebrow: str
    title: str
    why: str
    url: str
    verb: str
    minutes: int
    due: str = ""
    tone: str = ""
    # Where its button sends, when pressing it begins the thing itself; `url` is for who reads about it first.
    begins: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """The page as values. The first task has the one primary button."""

    greeting: str
    date: str
    lead: str
    tasks: list[Task]
    standings: list[Standing]
    # What was finished lately: the module's title and when, in words.
    done: list[tuple[str, str]]
    # What her roles bring besides her own learning.
    duties: list[Duty]
    # What colleagues have for her: a promised talk, praise, an offer, this quarter's pulse.
    between: list[Duty]
    # How we attract customers and how we keep them, as the company says it; None before it has.
    ours: tuple[str, str] | None


def today(viewer: Viewer, at: datetime) -> Today:
    """What one person sees who opens the site. Five statements with the one that let her in, however long her history, at most one a duty,
    and one where nothing is asked of her and something lacks.
    """
    work = work_of(viewer.id, at, viewer.time_zone, for_herself=True)
    offered = training(work.published)
    levels = profile.levels(viewer.id, at)
    expected = expectations.expected_of([viewer.id], at)[viewer.id]
    targets, day = expected.targets, expected.day
    opened = _begun(work, offered)
    waiting = plans.open_assignments(viewer.id, work.parts, offered.versions)
    tasks = opened[:2] + _reviews(work) + _assigned(waiting, offered, day, {task.url for task in opened})
    weighs = low(work.pulse, at)
    if weighs or weary(work.ends, at):
        # Before everything but a running clock, so that no hard talk has the primary button.
        place = 1 if opened and opened[0].due else 0
        tasks[place:place] = _something_easier(viewer, offered, work, weighs)
    elif not opened and not waiting:
        tasks += _best_next(viewer, levels, targets, offered, work, at)
    tasks[1:1] = _how_it_went(work, offered)
    # Second, so that what was begun or the three minutes keep the one primary button; first where there is nothing else.
    tasks[1:1] = _to_read(expected)
    tasks = _told_apart(tasks)
    news, (begins, duties) = _done(work, offered, at), duties_of(viewer, at)
    others = sum(bool(one.badge) for one in duties) + sum(one.kind in _ASKS for one in work.between)
    lead = _lead(waiting, day, bool(opened), len(tasks), others, begins is not None)
    if begins is not None:
        # Whoever works for others begins with them; before that comes nothing but a running clock.
        tasks.insert(1 if opened and opened[0].due else 0, _work(begins))
    return Today(
        greeting(viewer, at),
        date_words(day, "EEEE, d MMMM"),
        lead,
        tasks,
        _standings(levels, targets),
        news,
        duties,
        between_us(work, viewer, at, day),
        _ours(language()),
    )


def _ours(lang: str) -> tuple[str, str] | None:
    """The two answers with which the company's service model begins; its version came with the statement that let the viewer in."""
    found = model.current()
    return (_short(found.words["attract"][lang]), _short(found.words["keep"][lang])) if found is not None else None


def _short(words: str) -> str:
    """Its beginning, up to a whole word, where it is long."""
    flat = " ".join(words.split())
    return flat if len(flat) <= _LONGEST_ANSWER else flat[:_LONGEST_ANSWER].rsplit(" ", 1)[0] + " …"


def between_us(work: Work, viewer: Viewer, at: datetime, day: date) -> list[Duty]:
    """What stands between her and her colleagues, in words. No statement."""
    found = []
    for one in work.between:
        if one.kind in {"session", "coaching"} and one.at is not None:
            found.append(_talk(one, at))
        elif one.kind == "complaints" and one.at is not None:
            found.append(_complaints(one, at))
        elif one.kind == "observed":
            found.append(_observed(one, day))
        elif one.kind == "agreed":
            found.append(_agreed(one, day))
        elif one.kind == "decided":
            found.append(Duty("flag", skill_name(one.what), str(OUTCOMES_TOLD[one.who]), url_for("disputes.dispute", dispute_id=one.number)))
        elif one.kind == "praise":
            found.append(Duty("award", one.what, str(_("%(name)s praises you", name=one.who)), url_for("praise.mine")))
        elif one.kind == "greets" and one.at is not None:
            when = moment_words(one.at, "EEEE d MMM HH:mm")
            words = _("%(when)s. The greeter's path prepares you in three short modules.", when=when)
            url = url_for("library.learn", show="all", path="greeter", _anchor="path-greeter")
            found.append(Duty("sun", str(_("You greet at the door: %(place)s", place=one.who)), str(words), url))
        elif one.kind == "offer":
            title = _("Something more in %(skill)s", skill=skill_name(one.what))
            found.append(Duty("sprout", str(title), str(_("An opportunity is offered to you; take it up if you like.")), url_for("growth.mine")))
        elif one.kind == "asked" and one.what < quarter_of(day):
            found.append(Duty("chart-column", str(_("Team pulse")), str(_("Four questions, without a name, half a minute.")), url_for("pulse.pulse")))
    return found


def _complaints(one: Between, at: datetime) -> Duty:
    title = _n("%(num)d complaint is with you", "%(num)d complaints are with you", one.number)
    when, url = moment_words(one.at or at, "EEEE d MMM HH:mm"), url_for("complaints.complaints")
    if one.at is not None and one.at < at:
        words = _("The longest waiting was to be answered by %(when)s.", when=when)
        return Duty("heart-handshake", str(title), str(words), url, badge=str(_("overdue")), tone="warn")
    return Duty("heart-handshake", str(title), str(_("The first is to be answered by %(when)s.", when=when)), url)


def _observed(one: Between, day: date) -> Duty:
    title, url = _("%(name)s saw you at work", name=one.who), url_for("observations.observation", observation_id=one.number)
    if not one.what:
        return Duty("eye", str(title), str(_("Say first how you saw it yourself; then you read what was seen.")), url)
    until = date.fromisoformat(one.what)
    if until < day:
        return Duty(
            "eye", str(title), str(_("You have not read it yet. Its evidence counts; the time for saying that a line is different is over.")), url
        )
    words = _("Read it and acknowledge it. If you see a line differently, say so until %(date)s.", date=date_words(until))
    return Duty("eye", str(title), str(words), url)


def _agreed(one: Between, day: date) -> Duty:
    by = date.fromisoformat(one.who)
    words = _("You agreed on it in a coaching session, to do until %(date)s.", date=date_words(by))
    if by < day:
        words = _("You agreed on it in a coaching session, to do until %(date)s. It stays here until it was seen at work.", date=date_words(by))
    return Duty("handshake", one.what, str(words), url_for("sessions.session", session_id=one.number))


def _talk(one: Between, at: datetime) -> Duty:
    skill, url = skill_name(one.what), url_for("sessions.session", session_id=one.number)
    title = _("Coaching session about %(skill)s", skill=skill)
    if one.kind == "coaching":
        title = _("Coaching session with %(name)s about %(skill)s", name=one.who, skill=skill)
    when = moment_words(one.at or at, "EEEE d MMM HH:mm")
    if one.at is not None and one.at < at:
        return Duty("handshake", str(title), str(_("It was promised for %(when)s.", when=when)), url, str(_("not held yet")), "warn")
    return Duty("handshake", str(title), str(_("%(when)s. Write down beforehand what you would like to talk about.", when=when)), url)


def _told_apart(tasks: list[Task]) -> list[Task]:
    """The tasks, those that lead to the same place once, and two of one title each with what it is."""
    places: dict[str, Task] = {}
    for task in tasks:
        places.setdefault(task.url, task)
    once = list(places.values())
    titles = Counter(task.title for task in once)
    return [replace(task, title=f"{task.title} · {task.eyebrow}") if titles[task.title] > 1 else task for task in once]


def greeting(viewer: Viewer, at: datetime) -> str:
    """A greeting by the hour where she is; without a name where the account is called after what it is for."""
    hour, name = at.astimezone(ZoneInfo(viewer.time_zone)).hour, viewer.name.split()[0]
    if trtext.fold(name) in _NO_NAMES:
        return _greeting_without_name(hour)
    if 5 <= hour < 12:
        return str(_("Good morning, %(name)s", name=name))
    if 12 <= hour < 18:
        return str(_("Good afternoon, %(name)s", name=name))
    if 18 <= hour < 23:
        return str(_("Good evening, %(name)s", name=name))
    return str(_("Hello, %(name)s", name=name))


def _greeting_without_name(hour: int) -> str:
    if 5 <= hour < 12:
        return str(_("Good morning"))
    if 12 <= hour < 18:
        return str(_("Good afternoon"))
    return str(_("Good evening") if 18 <= hour < 23 else _("Hello"))


def _lead(waiting: list[Open], day: date, going_on: bool, shown: int, others: int, works: bool) -> str:
    if works and not waiting and not going_on:
        # The first thing is not hers to learn, so no sentence may call it that.
        shown = 0
    own = _own_lead(waiting, day, going_on, shown, others + works)
    if not others:
        return own
    more = _n(
        "%(num)d matter below asks for your attention.",
        "%(num)d matters below ask for your attention.",
        others,
    )
    return f"{own} {more}"


def _own_lead(waiting: list[Open], day: date, going_on: bool, shown: int, others: int) -> str:
    late = sum(1 for one in waiting if one.due_on is not None and one.due_on < day)
    if going_on:
        return str(_("You left something in the middle; it waits where you stopped."))
    if late:
        return str(
            _n(
                "%(num)d thing is past its date. A few minutes are a beginning.",
                "%(num)d things are past their date. One of them is enough for now.",
                late,
            )
        )
    if waiting:
        return str(_n("%(num)d thing is waiting for you.", "%(num)d things are waiting for you.", shown))
    if shown and others:
        return str(_("You have nothing to learn just now. This would do you most good next."))
    if shown:
        return str(_("Nothing is due. This would do you most good next."))
    if others:
        return str(_("You have nothing to learn just now."))
    return str(_("Nothing is due, and there is nothing you have to catch up on."))


def due_words(due_on: date, day: date) -> str:
    """A due date as one says it, seen from `day`."""
    left = (due_on - day).days
    if left < 0:
        return str(_n("%(num)d day late", "%(num)d days late", -left))
    if left == 0:
        return str(_("due today"))
    if left == 1:
        return str(_("due tomorrow"))
    if left <= _SOON:
        return str(_n("due in %(num)d day", "due in %(num)d days", left))
    return str(_("due on %(date)s", date=date_words(due_on)))


def due_tone(due_on: date, day: date) -> str:
    """How pressing a due date is; never an alarm."""
    left = (due_on - day).days
    return "warn" if left <= 1 else "quiet"


ICONS: Mapping[str, str] = {"lesson": "book-open", "quiz": "list-checks", "roleplay": "message-circle"}


def _begun(work: Work, offered: Training) -> list[Task]:
    """What can be gone on with: first what has a clock running, then what was touched last."""
    begun = sorted(
        work.begun, key=lambda one: (one.kind != "quiz" or one.at is None, -((one.at if one.kind == "lesson" else None) or one.since).timestamp())
    )
    # Of two open talks of one role-play the one touched last stands for both.
    once = {(one.kind, one.module_key, one.what): one for one in reversed(begun)}
    return [task for one in begun if once[one.kind, one.module_key, one.what] is one and (task := _go_on(one, work, offered)) is not None]


def _go_on(one: Begun, work: Work, offered: Training) -> Task | None:
    part = _part_of(one, offered)
    if part is None or (one.kind == "lesson" and part.part in work.parts.get(one.module_key, {})):
        return None
    urls = {
        "quiz": lambda: url_for("quizzes.attempt", attempt_id=one.number),
        "roleplay": lambda: url_for("roleplays.run", run_id=one.number, _anchor="now"),
        "lesson": lambda: part_url(part) + (f"#p{one.number}" if one.number else ""),
    }
    eyebrow, why = _where_you_stopped(one.kind)
    due = str(_("the clock is running")) if one.kind == "quiz" and one.at is not None else ""
    return Task(ICONS[one.kind], eyebrow, part.title.of(language()), why, urls[one.kind](), str(_("Go on")), part.minutes, due, "warn" if due else "")


def _part_of(one: Begun, offered: Training) -> Part | None:
    if one.kind == "roleplay":
        return offered.stories.get(one.what)
    return offered.part(one.module_key, "quiz" if one.kind == "quiz" else f"lesson/{one.what}")


def _where_you_stopped(kind: str) -> tuple[str, str]:
    if kind == "quiz":
        return str(_("Your quiz is open")), str(_("Every answer you gave is saved."))
    if kind == "roleplay":
        return str(_("Your talk is not over")), str(_("The customer is where you left off."))
    return str(_("You were reading")), str(_("It opens at the paragraph where you stopped."))


def _reviews(work: Work) -> list[Task]:
    """The day's three minutes, while questions wait."""
    many = min(sum(work.due.values()) + work.unseen, ITEMS)
    if work.reviews in {"finished", "skipped"} or not (many or work.reviews):
        return []
    why = _("Asked again just before they slip away, they stay. Then, if you like, one turn of a role-play.")
    title = _n("%(num)d question to meet again", "%(num)d questions to meet again", many) if not work.reviews else _("The rest of today's questions")
    verb = _("Go on") if work.reviews else _("Begin")
    page, begins = address("reviews.reviews"), address("reviews.begin")
    return [Task("rotate-ccw", str(_("Your three minutes")), str(title), str(why), page, str(verb), 3, begins=begins)]


def _work(one: Duty) -> Task:
    """What she does for others, as the first thing of her day."""
    verb = one.verb or str(_("Have a look"))
    return Task(one.icon, str(_("For your work here")), one.title, one.note, one.url, verb, 0, one.badge, one.tone)


def _to_read(expected: Expected) -> list[Task]:
    """What is newly expected of her and not acknowledged yet; one row, however much it is."""
    asking = expected.asking
    if not asking:
        return []
    skill, target = asking[0]
    if len(asking) > 1:
        title, url = expecting.asking_words(len(asking)), address("expectations.mine")
    else:
        title, url = f"{skill_name(skill)}: {level_name(target.level)}", url_for("expectations.expectation", expectation_id=target.id)
    return [Task("target", str(_("Expected of you")), title, asking[0][1].why, url, str(_("Read")), 1)]


def _how_it_went(work: Work, offered: Training) -> list[Task]:
    """The task of a lesson that is asked about: the one finished first."""
    for module_key, lesson_key in work.tried:
        part = offered.part(module_key, f"lesson/{lesson_key}")
        if part is not None:
            why = _("This lesson gave you something to try. Half a minute is enough to tell how it went.")
            url = url_for("lessons.task", module_key=module_key, lesson_key=lesson_key)
            return [
                Task(
                    "message-circle",
                    str(_("From a lesson you read")),
                    str(_("How did it go? %(lesson)s", lesson=part.title.of(language()))),
                    str(why),
                    url,
                    str(_("Tell")),
                    1,
                )
            ]
    return []


def _something_easier(viewer: Viewer, offered: Training, work: Work, weighs: bool) -> list[Task]:
    """After two hard role-plays in a row, or one that weighs on her: one that is easier, or a look at a lesson."""
    stories = [story for module in offered.modules.values() if viewer.holds(*module.audience) for story in module.stories]
    easy = gentler(stories, work.ranks, [end.story for end in work.ends[:IN_A_ROW]])
    part = offered.stories.get(easy.id) if easy is not None else None
    why = _("The last two talks were hard ones. Everybody who serves people has such days; something easier does good now.")
    if weighs:
        # Not what she said: others may stand beside her screen.
        why = _("Some talks stay with one for a while; everybody who serves people knows that. Something easier does good now.")
    if part is None:
        return [
            Task(
                "book-open",
                str(_("If you like")),
                str(_("Leave the talks for today and read a little")),
                str(why),
                address("library.learn"),
                str(_("Look around")),
                5,
            )
        ]
    title = _("Play “%(title)s”", title=part.title.of(language()))
    return [Task(ICONS["roleplay"], str(_("If you like")), str(title), str(why), part_url(part), str(_("Play")), part.minutes)]


def _assigned(waiting: list[Open], offered: Training, day: date, known: set[str]) -> list[Task]:
    found = []
    for one in waiting:
        part = offered.part(one.module.key, one.progress.next_part or "") if one.module is not None else None
        url = _where(one, part)
        # What is open already stands above; its address begins like the lesson's.
        if any(address.startswith(url) for address in known):
            continue
        due, tone = (due_words(one.due_on, day), due_tone(one.due_on, day)) if one.due_on else ("", "")
        verb = _("Go on") if one.progress.started else _("Begin")
        icon = ICONS[part.kind] if part is not None else ("book-open" if one.module is not None else "rotate-ccw")
        minutes = part.minutes if part is not None else (one.module.minutes if one.module is not None else 3)
        title = one.module.title.of(language()) if one.steps and one.module is not None else one.name
        found.append(Task(icon, how_far(one), title, one.why, url, str(verb), minutes, due, tone))
    return found


def _where(one: Open, part: Part | None) -> str:
    """Where an assignment is gone on with."""
    if one.module is None:
        return address("reviews.reviews")
    return part_url(part) if part is not None else url_for("library.module_page", module_key=one.module.key)


def how_far(one: Open) -> str:
    """How far an assignment is done, in a few words."""
    done, total = one.progress.done, one.progress.total
    if one.path is not None:
        place = next((number for number, step in enumerate(one.steps, 1) if step.state == "open"), total)
        return str(_("%(path)s, step %(number)s of %(total)s", path=one.name, number=place, total=total))
    if not one.progress.started:
        return str(_("Assigned to you"))
    if one.kind == "reviews":
        return str(_("%(done)s of %(total)s review sets done", done=done, total=total))
    return str(_("%(done)s of %(total)s parts done", done=done, total=total))


def part_url(part: Part) -> str:
    """Where a part of a module is done."""
    return address(part.endpoint, **part.values)


def _best_next(viewer: Viewer, levels: Mapping[str, Level], targets: Mapping[str, Target], offered: Training, work: Work, at: datetime) -> list[Task]:
    """The step that helps most when nothing is asked: for the skill furthest below its target, else for one nobody can judge yet."""
    below = sorted((skill for skill in targets if skill in levels), key=lambda skill: _distance(levels[skill], targets[skill]))
    found = profile.gaps_in_company({viewer.id: levels}, {viewer.id: targets}, {viewer.id: viewer.team_id}, at)[viewer.id]
    gaps = [found[skill] for skill in below if skill in found]
    # Where a lesson tells what she missed lately, that lesson is the one to read.
    missed = profile.missed_lately(viewer.id, at) if gaps else []
    for gap in gaps:
        advised = plans.advice(gap, offered, work.parts, work.ranks, viewer.roles, work.due, missed, plans.effects(work.measured))
        step = next((one for one in advised if one.part is not None), None)
        if step is not None and step.part is not None:
            eyebrow = _("A good next step for %(skill)s", skill=skill_name(gap.skill))
            verb = _("Play") if step.part.kind == "roleplay" else _("Begin")
            return [Task(ICONS[step.part.kind], str(eyebrow), step.title, step.sentence, part_url(step.part), str(verb), step.minutes)]
    return _once_more(offered, work)


def _once_more(offered: Training, work: Work) -> list[Task]:
    """A role-play that was played and could end better, where nothing else would help more."""
    for story, rank in sorted(work.ranks.items(), key=lambda one: one[1]):
        part = offered.stories.get(story)
        if part is not None and rank < BEST_RANK:
            sentence = _("You know this customer by now; another way through it may end better.")
            return [
                Task(
                    ICONS["roleplay"],
                    str(_("To play once more")),
                    part.title.of(language()),
                    str(sentence),
                    part_url(part),
                    str(_("Play")),
                    part.minutes,
                )
            ]
    return []


def _distance(level: Level, target: Target) -> tuple[bool, float]:
    """How far above its target a skill is, those that cannot be judged last."""
    if level.level is None:
        return True, -level.figure.n
    return False, level.figure.mean - threshold(target.level)


def _standings(levels: Mapping[str, Level], targets: Mapping[str, Target]) -> list[Standing]:
    """The skills shown last, newest first."""
    told = [(level.figure.last_at, level) for level in levels.values() if level.figure.last_at is not None and level.figure.enough]
    told.sort(key=lambda one: one[0], reverse=True)
    return [standing(level, targets.get(level.skill)) for _last, level in told[:SHOWN_METERS]]


def _done(work: Work, offered: Training, at: datetime) -> list[tuple[str, str]]:
    """Modules finished in the last days, newest first."""
    ends = []
    for key, parts in work.parts.items():
        module = offered.modules.get(key)
        ended = progress(required_parts(module), parts).completed_at if module is not None else None
        if module is not None and ended is not None and at - ended <= NEWS:
            ends.append((ended, module.title.of(language())))
    return [(title, day_words(ended)) for ended, title in sorted(ends, reverse=True)]

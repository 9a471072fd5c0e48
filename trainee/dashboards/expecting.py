"""What is expected as pages show it: of one person with status and forecast, of a line of people as a list, and one version in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import url_for

from trainee import expectations, people, profile, skills
from trainee.dashboards.standing import level_name, skill_name
from trainee.expectations import Expectation, Expected, Target, queries
from trainee.expectations.actions import reading_language
from trainee.expectations.forms import AUDIENCE_NAMES, RHYTHM_NAMES, WAY_NAMES
from trainee.expectations.words import ANSWER_NAMES, ORIGINS
from trainee.kit import trtext
from trainee.kit.clock import local_date
from trainee.kit.i18n import _, _l, _n, date_words, language, moment_words
from trainee.people import Viewer
from trainee.profile import Level
from trainee.profile.words import STATUS_NAMES

# Nothing here is an alarm: what is at risk asks for help, and what cannot be judged for an observation.
TONES: Final = {"at_risk": "warn", "missed": "warn", "on_track": "accent", "reached": "good", "unknown": "quiet", "coming": "quiet"}
REASONS: Final = {
    "person": _l("It is set for one person alone, so it goes before what is expected of the team, of the job and of everybody."),
    "team": _l("It is set for the team, so it goes before what is expected of the job and of everybody."),
    "job": _l("It is set for the job, so it goes before what is expected of everybody."),
}
ANSWER_TONES: Final = {"": "quiet", "acknowledged": "good", "objected": "warn", "answered": "accent"}
PAGE = 40
# What has ended unreached stays on the supervisor's list for so long.
ENDED = timedelta(days=30)
# So many people are looked through at once; who sees more of them goes on from block to block, in the order of their names.
MOST = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """One expectation of one person in words; `id` is 0 for what the framework expects of everybody."""

    id: int
    skill: str
    name: str
    level: str
    origin: str
    why: str
    status: str
    status_words: str
    tone: str
    forecast: str
    until: str
    answer: str
    answer_words: str
    answer_tone: str
    asks: bool
    url: str
    reason: str = ""
    # What it overrides, in words with where each is read: (words, url or '').
    overrides: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OfPerson:
    """Everything expected of one person: what somebody set, what is to come, what the framework expects of everybody, and what is over."""

    asking: list[Shown]
    given: list[Shown]
    coming: list[Shown]
    usual: list[Shown]
    over: list[Shown]
    objection_waits: bool


def last_moment(day: date | None, time_zone: str) -> datetime | None:
    """The end of a person's last day."""
    return datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(time_zone)) if day is not None else None


def status_of(target: Target, level: Level | None, time_zone: str) -> tuple[str, str]:
    """How it stands with something expected, and where it is going, in a sentence (empty when nothing can be foretold or it is reached)."""
    if level is None:
        return "unknown", ""
    until = last_moment(target.until, time_zone)
    found = profile.status(level, target.level, until)
    told = profile.forecast(level, target.level, until) if found in {"on_track", "at_risk"} else None
    return found, _forecast_words(told, target.until) if told is not None else ""


def _forecast_words(told: profile.Forecast, until: date | None) -> str:
    low, likely, high = told.levels
    named = {"level": level_name(likely), "low": level_name(low), "high": level_name(high)}
    if until is None:
        if low == high:
            return str(_("In three months most likely: %(level)s.", level=named["level"]))
        return str(_("In three months most likely: %(level)s; four times in five between %(low)s and %(high)s.", **named))
    day = date_words(until)
    if low == high:
        return str(_("By %(date)s most likely: %(level)s.", date=day, level=named["level"]))
    return str(_("By %(date)s most likely: %(level)s; four times in five between %(low)s and %(high)s.", date=day, **named))


def until_words(ends_on: date | None) -> str:
    """Until when it holds."""
    return str(_("until %(date)s", date=date_words(ends_on))) if ends_on is not None else str(_("until further notice"))


def shown(skill: str, target: Target, level: Level | None, time_zone: str, below: Sequence[Target] = ()) -> Shown:
    """One expectation in words; `below` is what it overrides."""
    found, told = status_of(target, level, time_zone)
    return _shown(skill, target, found, str(STATUS_NAMES[found]), told, below)


def shown_coming(skill: str, target: Target, time_zone: str) -> Shown:
    """One that has not begun: nobody has reached or missed it yet, so it says when it begins."""
    begins = date_words(local_date(target.since, time_zone)) if target.since is not None else ""
    return _shown(skill, target, "coming", str(_("Begins on %(date)s", date=begins)), "", ())


def _shown(skill: str, target: Target, status: str, status_words: str, told: str, below: Sequence[Target]) -> Shown:
    return Shown(
        id=target.id or 0,
        skill=skill,
        name=skill_name(skill),
        level=level_name(target.level),
        origin=str(ORIGINS[target.origin]),
        why=target.why,
        status=status,
        status_words=status_words,
        tone=TONES[status],
        forecast=told,
        until=until_words(target.until) if target.id else "",
        answer=target.answer,
        answer_words=str(ANSWER_NAMES[target.answer]) if target.id else "",
        answer_tone=ANSWER_TONES[target.answer],
        asks=target.asks,
        url=_url(target.id),
        reason=str(REASONS.get(target.origin, "")),
        overrides=tuple((f"{ORIGINS[one.origin]}: {level_name(one.level)}", _url(one.id)) for one in below),
    )


def _url(expectation_id: int | None) -> str:
    return url_for("expectations.expectation", expectation_id=expectation_id) if expectation_id else ""


def of_person(person_id: int, time_zone: str, at: datetime) -> OfPerson:
    """What is expected of one person. Four statements at most, or six while something is over that nobody changed or ended."""
    found = expectations.expected_of([person_id], at)[person_id]
    levels = profile.levels(person_id, at)
    order = {skill.key: place for place, skill in enumerate(skills.framework().every_skill)}
    layers = sorted(found.layers.items(), key=lambda pair: order[pair[0]])
    given = [shown(key, mine[0], levels.get(key), time_zone, mine[1:]) for key, mine in layers if mine[0].id is not None]
    usual = [shown(key, mine[0], levels.get(key), time_zone) for key, mine in layers if mine[0].id is None and mine[0].level > 1]
    coming = [shown_coming(key, one, time_zone) for key, mine in found.coming.items() for one in mine]
    waiting = {target.id for _skill, target in found.asking}
    over = _over(person_id, found.day, at)
    everything = given + coming
    return OfPerson(
        asking=[one for one in everything if one.id in waiting],
        given=[one for one in given if one.id not in waiting],
        coming=[one for one in coming if one.id not in waiting],
        usual=usual,
        over=over,
        objection_waits=any(one.answer == "objected" for one in everything),
    )


def standing_now(found: Expected, levels: Mapping[str, Level], time_zone: str) -> list[Shown]:
    """What somebody issued for one person and applies or is to come, with its status: what asks for help first. No statement."""
    given = [shown(skill, target, levels.get(skill), time_zone, below) for skill, target, below in _given(found)]
    given.sort(key=lambda one: (list(STATUS_NAMES).index(one.status), one.name))
    return given + [shown_coming(skill, one, time_zone) for skill, mine in found.coming.items() for one in mine]


def _over(person_id: int, day: date, at: datetime) -> list[Shown]:
    rows = queries.history_of(person_id, day)
    months = profile.histories([person_id], at)[person_id] if any(row.closed_on is None for row in rows) else {}
    return [_ended(row, months) for row in rows]


def _ended(row: Expectation, months: Mapping[str, Any]) -> Shown:
    """Something that is over: changed, ended with its reason, or judged by how it stood when its time was up."""
    origin = str(ORIGINS[expectations.Scope.of(row).kind])
    if row.closed_on is None and row.ends_on is not None:
        key = _then(row.level, profile.level_then(months.get(row.skill, []), row.ends_on))
        status_words, tone, when = str(STATUS_NAMES[key]), TONES[key], str(_("until %(date)s", date=date_words(row.ends_on)))
    else:
        key, tone = "changed", "quiet"
        status_words = str(_("Ended early")) if row.end_reason else str(_("Changed"))
        when = str(_("until %(date)s", date=date_words(row.closed_on))) if row.closed_on else ""
    why, level = row.end_reason or row.why, level_name(row.level)
    name = skill_name(row.skill)
    return Shown(row.id, row.skill, name, level, origin, why, key, status_words, tone, "", when, "", "", "quiet", False, _url(row.id))


def _then(target: int, then: int | None) -> str:
    if then is None:
        return "unknown"
    return "reached" if then >= target else "missed"


# A line of people


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the list is narrowed: by words of a name, a job or a team, by skill, by status and by what was answered."""

    words: str = ""
    skill: str = ""
    status: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One person and one expectation of hers."""

    person_id: int
    person: str
    team: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class Rows:
    """The list of one block of people, by name: what was found, which block of how many it is, and whom it is about, of how many there are."""

    rows: list[Row]
    block: int
    blocks: int
    first: int
    last: int
    everybody: int


def of_line(who: Viewer, wanted: Wanted, at: datetime, block: int = 1) -> Rows:
    """What somebody set for the people this viewer looks after, the most urgent first. Seven statements at most, whatever their number.

    Of more than `MOST` people one block at a time.
    """
    line = queries.people_seen(who)
    key = trtext.fold(wanted.words.strip())
    found = [row for row in line if key in trtext.fold(f"{row.name} {row.job} {row.team or ''}")]
    blocks = max(1, -(-len(found) // MOST))
    block = min(max(block, 1), blocks)
    looked = found[(block - 1) * MOST : block * MOST]
    ids = [row.id for row in looked]
    if not ids:
        return Rows([], 1, 1, 0, 0, 0)
    expected = expectations.expected_of(ids, at)
    levels: Mapping[int, Mapping[str, Level]] = profile.levels_of(ids, at) if any(_given(one) for one in expected.values()) else {}
    rows = []
    for row in looked:
        mine, team = levels.get(row.id, {}), row.team or ""
        for skill, target, below in _given(expected[row.id]):
            rows.append(Row(row.id, row.name, team, shown(skill, target, mine.get(skill), row.time_zone, below)))
        rows += [
            Row(row.id, row.name, team, shown_coming(skill, one, row.time_zone)) for skill, those in expected[row.id].coming.items() for one in those
        ]
    rows += _ended_rows(looked, wanted.skill, at)
    kept = [row for row in rows if _fits(row.shown, wanted)]
    order = [*STATUS_NAMES, "coming"]
    kept.sort(key=lambda row: (order.index(row.shown.status), trtext.sort_key(row.person), row.shown.name))
    first = (block - 1) * MOST
    return Rows(kept, block, blocks, first + 1, first + len(looked), len(found))


def _given(found: Expected) -> list[tuple[str, Target, Sequence[Target]]]:
    """What somebody set and applies."""
    return [(skill, mine[0], mine[1:]) for skill, mine in found.layers.items() if mine[0].id is not None]


def _fits(one: Shown, wanted: Wanted) -> bool:
    if wanted.skill and one.skill != wanted.skill:
        return False
    if wanted.status and one.status != wanted.status:
        return False
    if wanted.answer == "waiting":
        return one.asks
    return not wanted.answer or one.answer == wanted.answer


def _ended_rows(line: Sequence[Any], skill: str, at: datetime) -> list[Row]:
    """What lately ran out its time and was not reached."""
    today = at.date()
    people_by_id = {row.id: row for row in line}
    ended = [row for row in queries.ended_lately(list(people_by_id), today - ENDED, today) if not skill or row.skill == skill]
    over = [row for row in ended if (end := last_moment(row.ends_on, row.time_zone)) is not None and end <= at]
    if not over:
        return []
    months = profile.histories(sorted({row.whose for row in over}), at)
    found = []
    for row in over:
        key = _then(row.level, profile.level_then(months[row.whose].get(row.skill, []), row.ends_on))
        if key != "missed":
            continue
        origin = "person" if row.person_id is not None else ("team" if row.team_id is not None else "job")
        words, until = str(STATUS_NAMES[key]), until_words(row.ends_on)
        one = Shown(
            row.id, row.skill, skill_name(row.skill), level_name(row.level), str(ORIGINS[origin]), "", key, words, TONES[key], "", until,
            "", "", "quiet", False, _url(row.id),
        )  # fmt: skip
        person = people_by_id[row.whose]
        found.append(Row(person.id, person.name, person.team or "", one))
    return found


# One version in full


@dataclass(frozen=True, slots=True)
class Full:
    """One version as a page shows it, in the reader's language."""

    title: str
    level: str
    whom: str
    origin: str
    why: str
    anchors: list[str]
    words: str
    words_lang: str
    # Each as what was chosen, in the reader's language, and as what was written besides.
    monitored: tuple[str, str]
    how_often: tuple[str, str]
    seen_by: tuple[str, str]
    dates: str
    set_by: str
    state: str
    state_words: str


def full(row: Expectation, day: date) -> Full:
    """One version in words."""
    scope = expectations.Scope.of(row)
    words, words_lang = reading_language(row)
    book = skills.framework().skill(row.skill).anchors
    # What was issued before the anchors were kept shows those of today.
    anchors = [pair[0 if language() == "tr" else 1] for pair in row.anchors] or [one.of(language()) for one in book.get(row.level, ())]
    state, state_words = _state(row, day)
    monitored, how_often, seen_by = _looked_at(row)
    called = people.names(number for number in (row.set_by_id, row.closed_by_id) if number is not None)
    return Full(
        title=skill_name(row.skill),
        level=level_name(row.level),
        whom=queries.scope_name(scope),
        origin=str(ORIGINS[scope.kind]),
        why=row.why,
        anchors=anchors,
        words=words,
        words_lang=words_lang,
        monitored=monitored,
        how_often=how_often,
        seen_by=seen_by,
        dates=_dates(row),
        set_by=str(_("%(name)s, %(when)s", name=called.get(row.set_by_id, ""), when=moment_words(row.issued_at, "d MMM y"))),
        state=state,
        state_words=state_words,
    )


def _looked_at(row: Any) -> tuple[tuple[str, str], tuple[str, str], tuple[str, str]]:
    """How it is monitored, how often, and who sees it: each as what was chosen and as what was written besides."""
    return (
        (", ".join(str(WAY_NAMES[way]) for way in row.ways if way in WAY_NAMES), row.monitored),
        (str(RHYTHM_NAMES[row.rhythm]) if row.rhythm else "", row.how_often),
        (str(AUDIENCE_NAMES[row.audience]) if row.audience else "", row.seen_by),
    )


def monitored_words(row: Any) -> str:
    """The same in one line, to be taken over for another."""
    return " · ".join(", ".join(words for words in pair if words) for pair in _looked_at(row) if any(pair))


def _dates(row: Any) -> str:
    first = date_words(row.starts_on)
    if row.ends_on is None:
        return str(_("from %(first)s until further notice", first=first))
    return str(_("from %(first)s through %(last)s", first=first, last=date_words(row.ends_on)))


def _state(row: Any, day: date) -> tuple[str, str]:
    """Whether it holds, in a word and in a sentence (empty while it does)."""
    if row.closed_on is not None and row.end_reason:
        return "ended", str(_("It was ended on %(date)s: %(reason)s", date=date_words(row.closed_on), reason=row.end_reason))
    if row.closed_on is not None and row.closed_on <= max(day, row.starts_on):
        return "changed", str(_("Another version has taken its place on %(date)s.", date=date_words(row.closed_on)))
    if row.ends_on is not None and row.ends_on < day:
        return "over", str(_("Its time was over on %(date)s.", date=date_words(row.ends_on)))
    if row.starts_on > day:
        return "coming", str(_("It begins on %(date)s.", date=date_words(row.starts_on)))
    return "holds", ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One person an expectation is for, and what she answered last; `objection` is (answer's id, note) while it waits."""

    person_id: int
    name: str
    job: str
    answer: str
    words: str
    tone: str
    when: str
    objection: tuple[int, str] | None


def asked(row: Expectation, who: Viewer) -> list[Asked]:
    """Those an expectation is for whom the viewer may see; who objects stands first, then who has not read it. Two statements."""
    newest: dict[int, Any] = {}
    for answer in queries.answers_to(row.id, people.visible_to(who)):
        newest[answer.person_id] = answer
    found = []
    for person in queries.people_asked(row, who):
        answer = newest.get(person.id)
        kind = "" if answer is None else ("answered" if answer.kind == "objected" and answer.replied_at else answer.kind)
        objection = (answer.id, answer.note) if answer is not None and kind == "objected" else None
        when = moment_words(answer.at, "d MMM y") if answer is not None else ""
        found.append(Asked(person.id, person.name, person.job, kind, str(ANSWER_NAMES[kind]), ANSWER_TONES[kind], when, objection))
    order = ("objected", "", "answered", "acknowledged")
    return sorted(found, key=lambda one: order.index(one.answer))


def asking_words(many: int) -> str:
    """What Today says of what is to be read."""
    return str(_n("%(num)d expectation to read", "%(num)d expectations to read", many))

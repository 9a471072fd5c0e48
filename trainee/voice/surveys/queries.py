"""Surveys, their links and what was answered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.people import Team
from trainee.voice import arithmetic
from trainee.voice.arithmetic import Figure
from trainee.voice.models import AskLink, Invitation, Rating, Survey, SurveyResponse, SurveyWave
from trainee.voice.queries import LEAST
from trainee.voice.surveys.actions import FROM_FILE, digest_of
from trainee.voice.surveys.sheet import QUALITIES, SIDES, Item, items


def surveys() -> list[Any]:
    """Every survey with how many answered sheets it has and whether it is being asked, by title. One statement."""
    sheets = (
        select(SurveyWave.survey_id, func.count(SurveyResponse.id).label("sheets"), func.count(SurveyWave.id.distinct()).label("waves"))
        .outerjoin(SurveyResponse, SurveyResponse.wave_id == SurveyWave.id)
        .group_by(SurveyWave.survey_id)
        .subquery()
    )
    running = select(SurveyWave.opened_at).where(SurveyWave.survey_id == Survey.id, SurveyWave.closed_at.is_(None)).scalar_subquery()
    statement = select(Survey.id, Survey.key, Survey.kind, Survey.title, sheets.c.sheets, sheets.c.waves, running.label("since")).outerjoin(
        sheets, sheets.c.survey_id == Survey.id
    )
    return sorted(db.session.execute(statement), key=lambda row: trtext.sort_key(row.title.get("tr", "")))


def survey_or_404(survey_id: int) -> Survey:
    """That survey."""
    found = db.session.get(Survey, survey_id)
    if found is None:
        raise NotFound
    return found


def waves_of(survey_id: int) -> list[SurveyWave]:
    """Its waves, the newest first."""
    statement = select(SurveyWave).where(SurveyWave.survey_id == survey_id).order_by(SurveyWave.number.desc())
    return list(db.session.execute(statement).scalars())


def link_of(code: str) -> AskLink | None:
    """The link with that code."""
    return db.session.execute(select(AskLink).where(AskLink.digest == digest_of(code))).scalars().first()


def open_wave_of(survey_id: int) -> SurveyWave | None:
    """The wave in which it is being asked."""
    statement = select(SurveyWave).where(SurveyWave.survey_id == survey_id, SurveyWave.closed_at.is_(None))
    return db.session.execute(statement).scalars().first()


def links_of(survey_id: int) -> list[Any]:
    """The links that many customers may use, with their team and how many answers came by each."""
    answers = select(func.count()).where(SurveyResponse.link_id == AskLink.id).correlate(AskLink).scalar_subquery()
    columns = (AskLink.id, AskLink.label, AskLink.way, AskLink.code, AskLink.receipt, AskLink.made_at, AskLink.ended_at, AskLink.used_at)
    statement = (
        select(*columns, AskLink.person_id, Team.name.label("team"), answers.label("answers"))
        .outerjoin(Team, Team.id == AskLink.team_id)
        .where(AskLink.survey_id == survey_id, AskLink.many)
        .order_by(AskLink.ended_at.is_not(None), AskLink.made_at.desc(), AskLink.id)
    )
    return list(db.session.execute(statement))


def batches_of(survey_id: int) -> list[Any]:
    """The codes for one answer each that were handed out together, on receipts or as links, the newest first: the last hundred times. One statement.

    Of each: how it reaches customers, its name, when and by whom it was made, how many there are, how many were answered and how many still can be.
    """
    can = case((AskLink.used_at.is_(None) & AskLink.ended_at.is_(None), 1))
    columns = (AskLink.way, AskLink.label, AskLink.made_at, AskLink.made_by_id, Team.name.label("team"), func.min(AskLink.receipt).label("receipt"))
    counted = (func.count().label("many"), func.count(AskLink.used_at).label("answered"), func.count(can).label("open"))
    together = (AskLink.way, AskLink.label, AskLink.made_at, AskLink.made_by_id, Team.name)
    statement = (
        select(*columns, *counted)
        .outerjoin(Team, Team.id == AskLink.team_id)
        .where(AskLink.survey_id == survey_id, ~AskLink.many, AskLink.way != "mail")
        .group_by(*together)
        .order_by(AskLink.made_at.desc(), func.min(AskLink.id))
        .limit(100)
    )
    return list(db.session.execute(statement))


def batch_of(survey_id: int, batch: str) -> list[AskLink]:
    """The links that were made together, for their sheet; NotFound when there are none."""
    statement = select(AskLink).where(AskLink.survey_id == survey_id, AskLink.receipt.startswith(f"{batch}/", autoescape=True)).order_by(AskLink.id)
    found = list(db.session.execute(statement).scalars())
    if not found:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Way:
    """How a survey reached customers by one way: how many were asked (None: nobody can know) and how many of them answered."""

    way: str
    asked: int | None
    answered: int

    @property
    def rate(self) -> Figure:
        """The share of those asked who answered."""
        return arithmetic.response_rate(self.answered, self.asked or 0)


def ways_of(survey_id: int) -> list[Way]:
    """Who was asked and who did not answer, by how they were reached: what everybody may answer stands apart from what one of them can, and both
    from what came in a file (`file`).

    Three statements.
    """
    by = case((AskLink.receipt.startswith(FROM_FILE), "file"), else_=AskLink.way).label("by")
    given = select(by, AskLink.many, func.count(SurveyResponse.id)).join(SurveyResponse, SurveyResponse.link_id == AskLink.id)
    answered = {(way, many): count for way, many, count in db.session.execute(given.where(AskLink.survey_id == survey_id).group_by(by, AskLink.many))}
    single = select(AskLink.way, func.count()).where(AskLink.survey_id == survey_id, ~AskLink.many, AskLink.way != "mail").group_by(AskLink.way)
    asked: dict[str, int] = dict(db.session.execute(single).tuples().all())
    sent = select(func.count()).select_from(Invitation).join(AskLink, AskLink.id == Invitation.link_id)
    mails = db.session.execute(sent.where(AskLink.survey_id == survey_id, Invitation.state == "sent")).scalar_one()
    if mails:
        asked["mail"] = mails
    known = {(way, False) for way in asked}
    found = [(way, many, answered.get((way, many), 0)) for way, many in sorted({*answered, *known})]
    # Whoever answered an invitation has it, whatever the mail server said.
    return [Way(way, None if many else max(asked.get(way, 0), count), count) for way, many, count in found]


@dataclass(frozen=True, slots=True)
class Mails:
    """The invitations of a survey that have not gone: how many wait, how many of them a mail server did not take yet, the next try of those, and how
    many will never go: their address was not reached, or whoever it is does not want to be asked any more.
    """

    waiting: int
    not_taken: int
    next_try_at: datetime | None
    failed: int


def mails_of(survey_id: int) -> Mails:
    """What became of a survey's invitations by mail that were not sent. One statement."""
    tried = (Invitation.state == "waiting") & (Invitation.tries > 0)
    told = select(
        func.count().filter(Invitation.state == "waiting"),
        func.count().filter(tried),
        func.min(Invitation.next_try_at).filter(tried),
        func.count().filter(Invitation.state == "failed"),
    )
    row = db.session.execute(told.join(AskLink, AskLink.id == Invitation.link_id).where(AskLink.survey_id == survey_id)).one()
    return Mails(*row)


# Results ----------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What one question brought in one wave: the answers by mark, or words with their themes shown elsewhere; in both languages together."""

    item: Item
    counts: Counter[int]

    @property
    def n(self) -> int:
        """How many answered it."""
        return sum(self.counts.values())

    @property
    def enough(self) -> bool:
        """Whether there are enough to say anything."""
        return self.n >= LEAST

    @property
    def mean(self) -> Figure:
        """Their mean; between what it very likely lies does not go beyond the scale."""
        found = arithmetic.mean(self.counts)
        if self.item.scale is None or found.n < 2:
            return found
        lowest, highest = self.item.scale
        return replace(found, low=max(found.low, lowest), high=min(found.high, highest))

    def line(self, percent: float) -> float:
        """Where so many hundredths of the way from the lowest mark to the highest lie."""
        low, high = self.item.scale or (0, 0)
        return low + (high - low) * percent / 100

    def worries(self, percent: float) -> str:
        """Whether it is an area of concern: `surely` when all that it may be lies under the line, `likely` when its mean does, else nothing."""
        if not self.enough or self.item.side == SIDES[0]:
            return ""
        line, mean = self.line(percent), self.mean
        return "surely" if mean.high < line else ("likely" if (mean.value or 0) < line else "")


@dataclass(frozen=True, slots=True)
class QualityGap:
    """For one quality what is expected, what was found, how far that lies from it, and how far customers lie apart in what they found."""

    quality: str
    gap: Figure
    wanted: Figure
    found: Figure
    spread: float | None

    @property
    def enough(self) -> bool:
        """Whether there are enough to say anything."""
        return self.gap.n >= LEAST


@dataclass(slots=True)
class Result:
    """One wave's result: sheets by language, each question, and with stems the gap of each quality."""

    wave: SurveyWave
    sheets: Counter[str] = field(default_factory=Counter)
    told: list[Told] = field(default_factory=list)
    gaps: list[QualityGap] = field(default_factory=list)


def result_of(survey: Survey, wave: SurveyWave) -> Result:
    """What a wave brought. Two statements."""
    found = Result(wave)
    for lang, many in db.session.execute(
        select(SurveyResponse.language, func.count()).where(SurveyResponse.wave_id == wave.id).group_by(SurveyResponse.language)
    ).tuples():
        found.sheets[lang] = many
    rows = (
        select(Rating.response_id, Rating.question, Rating.value)
        .join(SurveyResponse, SurveyResponse.id == Rating.response_id)
        .where(SurveyResponse.wave_id == wave.id, Rating.value.is_not(None))
    )
    marks: dict[str, Counter[int]] = {}
    sheets: dict[int, dict[str, int]] = {}
    for response_id, question, value in db.session.execute(rows).tuples():
        if value is None or response_id is None:
            continue
        marks.setdefault(question, Counter())[value] += 1
        sheets.setdefault(response_id, {})[question] = value
    asked = list(items(survey.key, wave.questions, wave.stems or None))
    found.told = [Told(one, marks.get(one.counted_as, Counter())) for one in asked if one.scale]
    if wave.stems:
        found.gaps = [_gap(quality, asked, list(sheets.values())) for quality in QUALITIES]
    return found


@dataclass(frozen=True, slots=True)
class TeamGaps:
    """The gaps of one team in one wave, and those of all other teams together; `n` sheets are the team's."""

    team_id: int
    name: str
    n: int
    gaps: Sequence[QualityGap]
    others: Sequence[QualityGap]


def gaps_by_team(survey: Survey, wave: SurveyWave) -> list[TeamGaps]:
    """The gap of each quality team by team, by name; a sheet is its link's team's, or that of the person it tells of. One statement."""
    if not wave.stems:
        return []
    asked = list(items(survey.key, wave.questions, wave.stems))
    rows = (
        select(Rating.response_id, Rating.team_id, Team.name, Rating.question, Rating.value)
        .join(SurveyResponse, SurveyResponse.id == Rating.response_id)
        .join(Team, Team.id == Rating.team_id)
        .where(SurveyResponse.wave_id == wave.id, Rating.value.is_not(None))
    )
    sheets: dict[int, dict[int, dict[str, int]]] = {}
    names: dict[int, str] = {}
    for response_id, team_id, name, question, value in db.session.execute(rows):
        names[team_id] = name
        sheets.setdefault(team_id, {}).setdefault(response_id, {})[question] = value
    found = []
    for team_id, own in sheets.items():
        rest = [sheet for other, theirs in sheets.items() if other != team_id for sheet in theirs.values()]
        both = [[_gap(quality, asked, list(some)) for quality in QUALITIES] for some in (own.values(), rest)]
        found.append(TeamGaps(team_id, names[team_id], len(own), *both))
    return sorted(found, key=lambda one: trtext.sort_key(one.name))


def _gap(quality: str, asked: Sequence[Item], sheets: Sequence[dict[str, int]]) -> QualityGap:
    """Each customer's own means on both sides, for the statements she answered on both."""
    pairs, hoped, seen = [], [], []
    keys = [[one.counted_as for one in asked if one.quality == quality and one.side == side] for side in SIDES]
    for sheet in sheets:
        both = [(sheet[wanted], sheet[got]) for wanted, got in zip(*keys, strict=True) if wanted in sheet and got in sheet]
        before, alone = ([sheet[key] for key in side if key in sheet] for side in keys)
        if both:
            pairs.append((sum(wanted for wanted, _got in both) / len(both), sum(got for _wanted, got in both) / len(both)))
        if before:
            hoped.append(sum(before) / len(before))
        if alone:
            seen.append(sum(alone) / len(alone))
    return QualityGap(quality, arithmetic.gap(pairs), arithmetic.mean(hoped), arithmetic.mean(seen), arithmetic.deviation(seen))

"""What the demonstration company hears from its customers: surveys, two waves of a questionnaire, interviews, and a shop that slipped and recovered.

What customers answer on pages is written straight into its tables, week by week: thousands of sheets one by one would take longer than all the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, cast

from sqlalchemy import Table, insert, select

from trainee.dashboards.asking_views import adopted
from trainee.dashboards.interview_views import guide_of
from trainee.demo import beginnings
from trainee.demo.company import Member
from trainee.demo.life import DAYS, MORNING, NIGHT, Life
from trainee.kit.db import db
from trainee.kit.i18n import force_locale, number
from trainee.modules import library
from trainee.service import board
from trainee.voice import actions as voice_actions
from trainee.voice.interviews import actions as interviews
from trainee.voice.interviews.models import InterviewTalk
from trainee.voice.measures.queries import courses
from trainee.voice.models import AskLink, CommentTheme, Concern, Rating, SurveyResponse, SurveyWave
from trainee.voice.surveys import actions as surveys
from trainee.voice.surveys.sheet import SIDES, Item, items, of_bank, own_words
from trainee.voice.themes import themes_in

# Its own chance, so that what it draws changes nothing of what others live through.
SEED = 20
SHOPS = ("eskisehir", "ankara", "izmir", "bursa")
# What an earlier system had kept is brought over: so many weeks before the history begins.
BEFORE = 34
# A shop slips from the first day until the depot keeps the days that are named; its supervisor brings it to the board when the figures say so.
SLIPS, MENDED, BROUGHT, HELPED = 0, DAYS - 70, DAYS - 112, DAYS - 8
# The share of satisfied customers by shop, and for one that slips; of those who found it easy; who would come again.
SATISFIED = {"eskisehir": 0.84, "ankara": 0.80, "izmir": 0.86, "bursa": 0.83}
EASY, AGAIN, SLIPPED = 0.87, 0.85, {"satisfied": 0.66, "easy": 0.62, "again": 0.72}
# Of a hundred who leave a shop: promoters and passives, usually and while it slips.
LEAVING, LEAVING_SLIPPED = (46, 28), (33, 29)
# Sheets in a week and shop, by the code at the counter and by the tablet at the exit: 45 to 75 and 30 to 60 a month.
COUNTER, EXIT = (11, 18), (7, 14)
_WORDS, _ENGLISH, _HERE = 0.12, 0.06, ("counter", "till")
# Whoever was let down writes more often.
_LET_DOWN = 0.5
# Words are kept for a year: of the months before the history those of the last five.
_WORDS_SINCE = -150
# Two waves of recommending: promoters and detractors of so many, whose difference says no clear change yet.
WAVE = 1200
WAVES = ((12, 564, 300), (DAYS - 34, 600, 276))
# Two waves of the questionnaire: its first day, how many answered, and how far each quality lies from an excellent team.
GAPS = (
    (20, 88, {"reliability": -1.35, "flexibility": -0.7, "trust": -0.35, "empathy": -0.8, "aesthetics": -0.2}),
    (DAYS - 28, 96, {"reliability": -0.75, "flexibility": -0.65, "trust": -0.3, "empathy": -0.75, "aesthetics": -0.25}),
)
_EXPECTED = {"reliability": 6.6, "flexibility": 6.2, "trust": 6.4, "empathy": 6.1, "aesthetics": 5.6}
_RATING, _SHEET = cast(Table, Rating.__table__), cast(Table, SurveyResponse.__table__)


@dataclass(slots=True)
class Sheet:
    """One sheet that somebody filled in: by which link, when, and what was answered (question, mark, words)."""

    link: AskLink
    at: datetime
    language: str
    answers: list[tuple[str, int | None, str]]


@dataclass
class Listening:
    """What is asked, and what waits to be written."""

    life: Life
    told: dict[str, Any]
    rng: Random = field(default_factory=lambda: Random(SEED))
    asked: dict[str, int] = field(default_factory=dict)
    links: dict[str, list[AskLink]] = field(default_factory=dict)

    def plan(self) -> None:
        """Plan all of it into the half year."""
        diary = self.life.diary
        diary.plan(0, MORNING - 85, None, self._begin)
        for week in range(DAYS // 7):
            diary.plan(7 * week + 6, NIGHT + 20, None, partial(self._week, 7 * week))
        for (first, up, down), (asked, many, gaps) in zip(WAVES, GAPS, strict=True):
            diary.plan(first, MORNING, None, partial(self._open, "recommend"))
            diary.plan(first + 13, NIGHT + 30, None, partial(self._wave, up, down))
            diary.plan(asked, MORNING, None, partial(self._open, "service-quality"))
            diary.plan(asked + 18, NIGHT + 30, None, partial(self._questionnaire, many, gaps))
        for told in self.told["interviews"]:
            diary.plan(DAYS - told["days"], MORNING + 50, None, partial(self._interview, told))
        for place, told in enumerate(self.told["concerns"]):
            diary.plan(DAYS - told["days"], MORNING + 15, None, partial(self._concern, place, told))
        diary.plan(DAYS - 6, MORNING + 70, None, self._reply)
        diary.plan(BROUGHT, MORNING, None, self._bring)

    # What is asked ---------------------------------------------------------------------------------------------------------------

    def _begin(self, at: datetime) -> None:
        """Surveys, their codes and targets; and what the system before this one had kept."""
        by = self.life.company["hatice"].id
        for one in library.pieces().surveys:
            if one.key in ("after-contact", "recommend", "service-quality"):
                self.asked[one.key] = adopted(one, by, at)
        for key, asked in (("exit", ("return_intent", "recommend")), ("served", ("listened", "concern"))):
            told = self.told["surveys"][key]
            questions = [*(of_bank(name) for name in asked), own_words(len(asked) + 1, told["words"])]
            self.asked[key] = surveys.make_survey("survey", {**told, "questions": questions}, key=f"demo-{key}", by_id=by, at=at)
        for key in ("after-contact", "exit", "served"):
            self._open(key, at)
        for shop in SHOPS:
            team = self.life.company.teams[shop].id
            self._codes("after-contact", "qr", shop, [surveys.Place(self.told["places"][one], team) for one in _HERE], at)
            self._codes("exit", "kiosk", shop, [surveys.Place(self.told["places"]["exit"], team)], at)
        izmir = [surveys.Place(member.name, None, member.id) for member in self.life.company.of("izmir") if member.id and not member.leads]
        self._codes("served", "qr", "people", izmir, at)
        for key in ("recommend", "service-quality"):
            self._codes(key, "link", "mail", [surveys.Place(self.told["places"]["mail"])], at)
        gaps = [(f"gap-{quality}", -0.5) for quality in _EXPECTED]
        for measure, value in (("csat", 80.0), ("ces", 5.5), ("nps", 25.0), ("return", 80.0), ("promise", 85.0), *gaps):
            voice_actions.set_target(measure, None, value, by, at)
        self._before(at)

    def _open(self, key: str, at: datetime) -> None:
        surveys.open_wave(self.asked[key], self.life.company["hatice"].id, at)

    def _codes(self, key: str, way: str, batch: str, places: Sequence[surveys.Place], at: datetime, many: bool = True) -> list[AskLink]:
        by = self.life.company["hatice"].id
        made = surveys.make_links(self.asked[key], way, places, many=many, batch=f"demo-{key}-{batch}", by_id=by, at=at)
        found = [db.session.get_one(AskLink, one) for one in made]
        self.links[f"{key}/{batch}"] = found
        return found

    def _before(self, at: datetime) -> None:
        """Marks of the months before; words only from when on they are still kept."""
        rows: list[dict[str, Any]] = []
        for day in range(-7 * BEFORE, 0, 7):
            for shop in SHOPS:
                for sheet in [*self._counter(shop, day, None), *self._exit(shop, day, None)]:
                    for question, value, _words in sheet.answers:
                        words = self._comment((value or 0) > 3, False) if question == "satisfied" and day > _WORDS_SINCE and self._adds() else ""
                        rows.append(self._row(sheet.at, at, question, value, words, len(rows), shop))
        db.session.execute(insert(_RATING), rows)
        self._code({one["external_id"]: one["comment"] for one in rows if one["comment"]})
        self.life.doer.done["answers to surveys"] += len(rows)

    def _row(self, given_at: datetime, at: datetime, question: str, value: int | None, words: str, place: int, shop: str) -> dict[str, Any]:
        team = self.life.company.teams[shop].id
        known = {"person_id": None, "team_id": team, "response_id": None, "given_at": given_at, "taken_at": at}
        kind = {"recommend": "nps", "easy": "ces"}.get(question, "csat")
        answer = {"instrument": kind, "question": question, "value": value, "comment": words}
        return {**known, **answer, "system": "before", "external_id": f"shop-{place}"}

    # What is answered in a week ----------------------------------------------------------------------------------------------------

    def _slips(self, shop: str, day: int) -> bool:
        return shop == "bursa" and SLIPS <= day < MENDED

    def _moment(self, day: int) -> datetime:
        return self.life.diary.start + timedelta(days=day + self.rng.randrange(7), minutes=self.rng.randint(8 * 60, 17 * 60))

    def _counter(self, shop: str, day: int, links: Sequence[AskLink] | None) -> list[Sheet]:
        slips, found = self._slips(shop, day), []
        satisfied, easy = (SLIPPED["satisfied"], SLIPPED["easy"]) if slips else (SATISFIED[shop], EASY)
        for _each in range(self.rng.randint(*COUNTER)):
            draw = self.rng.random()
            pleased, light = draw < satisfied, draw < easy
            answers: list[tuple[str, int | None, str]] = [("satisfied", self._five(pleased), ""), ("easy", self._seven(light), "")]
            link, spoken = self._spoken(links, answers, "after-contact/change", pleased and light, slips)
            found.append(Sheet(link, self._moment(day), spoken, answers))
        return found

    def _exit(self, shop: str, day: int, links: Sequence[AskLink] | None) -> list[Sheet]:
        slips, found = self._slips(shop, day), []
        up, middle = LEAVING_SLIPPED if slips else LEAVING
        for _each in range(self.rng.randint(*EXIT)):
            draw = self.rng.random() * 100
            again = self.rng.random() < (SLIPPED["again"] if slips else AGAIN)
            mark = self._ten("up" if draw < up else ("middle" if draw < up + middle else "down"))
            answers: list[tuple[str, int | None, str]] = [("return_intent", self._five(again), ""), ("recommend", mark, "")]
            link, spoken = self._spoken(links, answers, "demo-exit/q3", draw < up, slips)
            found.append(Sheet(link, self._moment(day), spoken, answers))
        return found

    def _spoken(self, links: Any, answers: list[tuple[str, int | None, str]], key: str, good: bool, slips: bool) -> tuple[AskLink, str]:
        """By which code and in which language; a few add words."""
        if links is None:
            return cast(AskLink, None), "tr"
        language = "en" if self.rng.random() < _ENGLISH else "tr"
        if language == "tr" and self._adds(slips and not good):
            answers.append((key, None, self._comment(good, slips)))
        return self.rng.choice(links), language

    def _adds(self, let_down: bool = False) -> bool:
        return self.rng.random() < (_LET_DOWN if let_down else _WORDS)

    def _comment(self, good: bool, slips: bool) -> str:
        texts = self.life.book.texts["comments"]
        if slips and not good and self.rng.random() < 0.8:
            texts = [one for one in texts if one["theme"] == "late-delivery"]
        said = [one for one in texts if one["mood"] == ("good" if good else "bad")]
        return cast(str, self.rng.choice(self.rng.choices(said, [one["share"] for one in said])[0]["texts"]))

    def _five(self, good: bool) -> int:
        return self.rng.choices((5, 4) if good else (3, 2, 1), (7, 3) if good else (5, 3, 2))[0]

    def _seven(self, good: bool) -> int:
        return self.rng.choices((7, 6, 5) if good else (4, 3, 2), (4, 4, 3) if good else (4, 3, 2))[0]

    def _ten(self, side: str) -> int:
        marks = {"up": (9, 10), "middle": (7, 8), "down": (6, 5, 4, 3, 2, 0)}[side]
        return self.rng.choices(marks, {"up": (6, 5), "middle": (4, 6), "down": (8, 7, 3, 2, 1, 1)}[side])[0]

    def _week(self, day: int, at: datetime) -> None:
        """What customers of the shops answered in a week."""
        for shop in SHOPS:
            self._keep("after-contact", self._counter(shop, day, self.links[f"after-contact/{shop}"]), at)
            self._keep("exit", self._exit(shop, day, self.links[f"exit/{shop}"]), at)

    def _keep(self, key: str, sheets: Sequence[Sheet], at: datetime) -> None:
        """Write sheets and their answers in three statements, and what their words are about."""
        wave = db.session.execute(select(SurveyWave).where(SurveyWave.survey_id == self.asked[key], SurveyWave.closed_at.is_(None))).scalar_one()
        receipts = [f"demo/{wave.id}/{int(at.timestamp())}/{one.link.id}/{place}" for place, one in enumerate(sheets)]
        rows = [
            {"wave_id": wave.id, "link_id": one.link.id, "receipt": receipt, "given_at": one.at, "language": one.language}
            for one, receipt in zip(sheets, receipts, strict=True)
        ]
        db.session.execute(insert(_SHEET), rows)
        known = dict(db.session.execute(select(_SHEET.c.receipt, _SHEET.c.id).where(_SHEET.c.wave_id == wave.id)).tuples().all())
        kind = "questionnaire" if key == "service-quality" else "survey"
        answers = [
            self._answer(one, known[receipt], receipt, answer, at, kind)
            for one, receipt in zip(sheets, receipts, strict=True)
            for answer in one.answers
        ]
        db.session.execute(insert(_RATING), answers)
        self._code({one["external_id"]: one["comment"] for one in answers if one["comment"]})
        self.life.doer.done["answers to surveys"] += len(answers)

    def _code(self, words: Mapping[str, str]) -> None:
        """What words are about, by the answers they came with."""
        if words:
            ids = db.session.execute(select(_RATING.c.id, _RATING.c.external_id).where(_RATING.c.external_id.in_(list(words)))).tuples()
            coded = [{"rating_id": number_, "theme": theme, "coded_by_id": None} for number_, name in ids for theme in themes_in(words[name])]
            db.session.execute(insert(CommentTheme), coded)

    def _answer(self, one: Sheet, response: int, receipt: str, answer: tuple[str, int | None, str], at: datetime, kind: str) -> dict[str, Any]:
        question, value, words = answer
        known = {"person_id": one.link.person_id, "team_id": one.link.team_id, "response_id": response, "given_at": one.at, "taken_at": at}
        instrument = {"recommend": "nps", "easy": "ces", "satisfied": "csat", "return_intent": "csat"}.get(question, kind)
        said = {"instrument": instrument, "question": question, "value": value, "comment": words}
        return {**known, **said, "system": "survey", "external_id": f"{receipt}/{question}"}

    # Waves -------------------------------------------------------------------------------------------------------------------------

    def _wave(self, up: int, down: int, at: datetime) -> None:
        """A wave of recommending ends: so many promoters and detractors among those who answered."""
        sides = ["up"] * up + ["down"] * down + ["middle"] * (WAVE - up - down)
        (link,), rng = self.links["recommend/mail"], self.rng
        self.rng = Random(SEED + up)
        sheets = []
        for side in sides:
            answers: list[tuple[str, int | None, str]] = [("recommend", self._ten(side), "")]
            if self.rng.random() < _WORDS / 2:
                answers.append(("recommend/reason", None, self._comment(side == "up", False)))
            given = at - timedelta(minutes=self.rng.randint(60, 13 * 24 * 60))
            sheets.append(Sheet(link, given, "en" if self.rng.random() < _ENGLISH else "tr", answers))
        self.rng = rng
        self._keep("recommend", sheets, at)
        surveys.close_wave(self.asked["recommend"], self.life.company["hatice"].id, at)

    def _questionnaire(self, many: int, gaps: Mapping[str, float], at: datetime) -> None:
        """A wave of the long questionnaire ends: each customer has marks of her own, around what her kind expects and finds."""
        survey = self.asked["service-quality"]
        wave = db.session.execute(select(SurveyWave).where(SurveyWave.survey_id == survey, SurveyWave.closed_at.is_(None))).scalar_one()
        asked, (link,) = list(items("service-quality", wave.questions, wave.stems)), self.links["service-quality/mail"]
        sheets, rng, self.rng = [], self.rng, Random(SEED + many)
        for _each in range(many):
            strict, pleased = self.rng.gauss(0, 0.3), self.rng.gauss(0, 0.55)
            answers = [(one.counted_as, self._agrees(one, gaps, strict, pleased), "") for one in asked]
            given = at - timedelta(minutes=self.rng.randint(60, 18 * 24 * 60))
            sheets.append(Sheet(link, given, "en" if self.rng.random() < _ENGLISH else "tr", answers))
        self.rng = rng
        self._keep("service-quality", sheets, at)
        surveys.close_wave(survey, self.life.company["hatice"].id, at)

    def _agrees(self, one: Item, gaps: Mapping[str, float], strict: float, pleased: float) -> int | None:
        quality = one.quality or ""
        middle = _EXPECTED[quality] + strict
        if one.side == SIDES[1]:
            middle += gaps[quality] + pleased
        return min(max(round(self.rng.gauss(middle, 0.8)), 1), 7)

    # Talks, tasks and the board ------------------------------------------------------------------------------------------------------

    def _interview(self, told: dict[str, Any], at: datetime) -> None:
        talk_along(guide_of(told["guide"]), told, f"demo-{told['guide']}", self.life.company[told["by"]].id, at)

    def _aylins(self) -> list[Member]:
        """Those of Aylin's team about whom no other story is told."""
        apart = {"kerem", beginnings.with_gap(self.life.company).username, beginnings.with_loop(self.life.company).username}
        return [one for one in self.life.company.of("phone-1") if one.id and not one.leads and not one.new and one.username not in apart]

    def _concern(self, place: int, told: dict[str, Any], at: datetime) -> None:
        """A customer felt that nobody cared: Aylin sees to it within two days, or has still to."""
        who = self._aylins()[place]
        (link,) = self._codes("served", "link", f"worried-{place}", [surveys.Place("", None, who.id)], at, many=False)
        wave = db.session.execute(select(SurveyWave).where(SurveyWave.survey_id == self.asked["served"])).scalar_one()
        asked = list(items("demo-served", wave.questions, None))
        values = list(zip(asked, (2, 1, told["words"]["tr"]), strict=True))
        surveys.respond(link, wave, values, receipt=f"demo/worried/{place}", language="tr", at=at)
        if "done" in told:
            self.life.diary.plan((at - self.life.diary.start).days + 1, MORNING + 100, None, partial(self._see_to, who, told["done"]["tr"]))

    def _see_to(self, who: Member, done: str, at: datetime) -> None:
        concern = db.session.execute(select(Concern).where(Concern.person_id == who.id, Concern.closed_at.is_(None))).scalars().first()
        if concern is not None:
            voice_actions.close_concern(concern, done, self.life.company["aylin"].id, at)

    def _reply(self, at: datetime) -> None:
        """Kerem says how he sees what a customer wrote of him."""
        kerem = self.life.company["kerem"].id
        newest = select(Rating.id).where(Rating.person_id == kerem, Rating.comment != "").order_by(Rating.given_at.desc(), Rating.id.desc())
        found = db.session.execute(newest).scalars().first()
        if found is not None:
            voice_actions.reply(found, kerem, self.told["reply"]["tr"], at)

    def _figure(self, at: datetime) -> str:
        """How easy customers of Bursa found it in the last ninety days, as one writes it on a card."""
        _all, by_team = courses("ces", at)
        told = by_team[self.life.company.teams["bursa"].id].now
        with force_locale("tr"):
            return cast(str, self.told["story"]["figure"]).format(value=number(told.value or 0, 1), n=told.n)

    def _bring(self, at: datetime) -> None:
        """Its leader brings what the figures say to the board: why, and what is done about it; later whether it helped."""
        leader, told = self.life.company.leader("bursa").id, self.told["story"]
        values = {
            "whys": [one["tr"] for one in told["whys"]],
            "action": told["action"]["tr"],
            "measure": told["measure"]["tr"],
            "before": self._figure(at),
            "owner_id": leader,
            "due_on": (at + timedelta(days=MENDED - BROUGHT)).date(),
        }
        source = f"measure/ces/{self.life.company.teams['bursa'].id}"
        made = board.open_card(told["issue"]["tr"], receipt="demo promises", at=at, by_id=leader, source=source, values=values)
        self.life.diary.plan(HELPED, MORNING, None, partial(self._helped, made, values, leader))

    def _helped(self, card_id: int, values: dict[str, Any], by_id: int, at: datetime) -> None:
        card = db.session.get_one(board.Improvement, card_id)
        board.change(card, {**values, "after": self._figure(at)}, revision=0, at=at, by_id=by_id)
        board.close(card, revision=1, at=at, by_id=by_id)


def plan(life: Life) -> None:
    """Plan it into a life."""
    Listening(life, life.book.listening).plan()


def talk_along(guide: Mapping[str, Any], told: Mapping[str, Any], receipt: str, by_id: int, at: datetime, language: str | None = None) -> None:
    """Hold an interview along a guide, with its notes and its coded quotes."""
    held = {"held_on": at.date(), "whom": told["whom"]["tr"], "consent": told["consent"], "language": language}
    talk = db.session.get_one(InterviewTalk, interviews.begin(guide=guide, by_id=by_id, receipt=receipt, at=at, **held))
    interviews.write(talk, {key: words["tr"] for key, words in told["notes"].items()}, 1)
    for place, one in enumerate(told["quotes"]):
        coded = {"words": one["tr"], "side": one["side"], "skill": one["skill"], "quality": one["quality"]}
        interviews.code(talk, **coded, by_id=by_id, receipt=f"{receipt}-{place}", at=at)

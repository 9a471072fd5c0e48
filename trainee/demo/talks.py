"""What passes between people of the demonstration company: coaching, praise, opportunities and the pulse. Each through the action a page would call.

It has a source of chance of its own, so that the rest of the history is the same with and without it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from trainee.coaching import growth, praise, pulse, sessions
from trainee.coaching.praise.queries import reasons
from trainee.coaching.sessions.queries import newest_piece
from trainee.demo.beginnings import AGREED_DAY, LOOP_SKILL, with_gap, with_loop
from trainee.demo.company import Member
from trainee.demo.doing import LOOKED_AT
from trainee.demo.life import DAYS, MORNING, Life
from trainee.demo.stories import COACHING_DAY
from trainee.kit.clock import local_date
from trainee.kit.db import db

_HERE = "Europe/Istanbul"
_SEED = 7
# Of the people of a team so many are coached about every six weeks; of the promises most are kept.
_COACHED, _EVERY, _HELD, _MOVED, _CANCELLED = 0.35, 42, 0.8, 0.15, 0.06
_PRAISED, _ANSWERS = 28, 0.8
# So many days a promise that was not kept stands before it is called off.
_LEFT = 9
_NEVER_COACHES = "phone-2"


@dataclass
class Talks:
    """Plans the talks of half a year into a life."""

    life: Life
    rng: Random = field(default_factory=lambda: Random(_SEED))
    _number: int = 0

    def plan(self) -> None:
        """Kerem's talk, everybody's, praise, what a level offers, and the pulse of each quarter."""
        texts = self.life.book.texts["coaching"]
        kerem, aylin = self.life.company["kerem"], self.life.company["aylin"]
        self._talk(kerem, aylin, COACHING_DAY, "empathy", texts["kerem"])
        # Agreed weeks ago, and one more look closes the loop.
        going_on = with_loop(self.life.company)
        self._talk(going_on, aylin, AGREED_DAY, LOOP_SKILL, texts["talks"][0])
        apart = {"kerem", "zeynep", going_on.username, with_gap(self.life.company).username}
        # Held a few days ago: too early to tell.
        self._talk(self.life.company["zeynep"], self.life.above(self.life.company["zeynep"]), DAYS - 5, None, texts["talks"][0])
        for who in self.life.company.members:
            if who.serves and not who.leads and not who.new and who.username not in apart and self.rng.random() < _COACHED:
                for day in range(self.rng.randint(40, 40 + _EVERY), DAYS + 6, _EVERY):
                    self._promised(who, day)
        for _one in range(_PRAISED):
            who = self.rng.choice([one for one in self.life.company.members if one.serves and not one.leads and not one.new])
            day = self.rng.randint(DAYS - 80, DAYS - 1)
            self.life.diary.plan(day, MORNING + 200, None, partial(self._praise, who, self.rng.choice(texts["praise"]), self.rng.random() < 0.6))
        self.life.diary.plan(DAYS - 3, MORNING + 210, None, partial(self._praise, kerem, texts["praise"][0], True))
        self.life.diary.plan(DAYS - 4, MORNING + 60, None, partial(self._offer, kerem, aylin, texts["offer"]))
        self._pulses()

    def _key(self) -> str:
        self._number += 1
        return f"talk-{self._number}"

    # Coaching ------------------------------------------------------------------------------------------------------------

    def _promised(self, who: Member, day: int) -> None:
        coach = self.life.above(who)
        words = self.rng.choice(self.life.book.texts["coaching"]["talks"])
        kept = self.rng.random() < (0.35 if coach.team == _NEVER_COACHES else _HELD)
        self._talk(who, coach, day, None, words, kept=kept, fate=self.rng.random())

    def _talk(self, who: Member, coach: Member, day: int, skill: str | None, words: dict[str, Any], kept: bool = True, fate: float = 1.0) -> None:
        promise = partial(self._promise, who, coach, day, skill, words, kept, fate)
        self.life.diary.plan(min(day - 4, DAYS - 1), MORNING + 20, None, promise)

    def _promise(self, who: Member, coach: Member, day: int, skill: str | None, words: dict[str, Any], kept: bool, fate: float, at: datetime) -> None:
        known = [skill] if skill else [one for one in LOOKED_AT[who.kind] if newest_piece(who.id, one) is not None]
        if not known:
            return
        when = self.life.diary.start + timedelta(days=day, minutes=MORNING + 180)
        chosen = known[0] if skill else self.rng.choice(known)
        made = sessions.arrange(coach_id=coach.id, person_id=who.id, skill=chosen, promised_at=when, receipt=self._key(), at=at)
        talk = db.session.get_one(sessions.CoachingSession, made)
        sessions.write(
            talk,
            "coach",
            words={name: words.get(name, "") for name in ("agenda", "situation", "behaviour", "impact")},
            version=0,
            by_id=coach.id,
            at=at,
        )
        if fate < _CANCELLED:
            sessions.cancel(talk, by_id=coach.id, reason=words["cancelled"], at=at + timedelta(hours=2))
            return
        if fate < _MOVED:
            day = day + 3
            sessions.move(talk, by_id=who.id, to=when + timedelta(days=3), reason=words["moved"], at=at + timedelta(hours=2))
        if kept and day < DAYS:
            self.life.diary.plan(day, MORNING + 180, None, partial(self._hold, made, who, coach, words))
        elif not kept and day < DAYS - _LEFT:
            # Nobody leaves a promise standing for months: some days later it is called off.
            self.life.diary.plan(day + _LEFT, MORNING + 30, None, partial(self._call_off, made, coach, words))
        self.life.doer.done["talks"] += 1

    def _call_off(self, session_id: int, coach: Member, words: dict[str, Any], at: datetime) -> None:
        sessions.cancel(db.session.get_one(sessions.CoachingSession, session_id), by_id=coach.id, reason=words["cancelled"], at=at)

    def _hold(self, session_id: int, who: Member, coach: Member, words: dict[str, Any], at: datetime) -> None:
        talk = db.session.get_one(sessions.CoachingSession, session_id)
        sessions.write(talk, "person", words={"agenda": words.get("wish", ""), "view": words.get("view", "")}, version=0, by_id=who.id, at=at)
        grow = {name: words.get(name, "") for name in ("goal", "reality", "options", "will")}
        sessions.write(talk, "talk", words=grow, version=0, by_id=coach.id, at=at)
        today = local_date(at, _HERE)
        until, again = today + timedelta(days=7), today + timedelta(days=14)
        sessions.agree(talk, by_id=coach.id, action=words["action"], action_by=until, follow_up_on=again, at=at)

    # Praise and opportunities --------------------------------------------------------------------------------------------

    def _praise(self, who: Member, words: str, to_team: bool, at: datetime) -> None:
        found = reasons(who.id, at)
        if found:
            by = self.life.above(who).id
            praise.praise(from_id=by, person_id=who.id, words=words, reason=found[0].key, to_team=to_team, receipt=self._key(), at=at)

    def _offer(self, who: Member, coach: Member, words: str, at: datetime) -> None:
        growth.offer(by_id=coach.id, person_id=who.id, skill="empathy", kind="peer_coach", words=words, receipt=self._key(), at=at)

    # The pulse -----------------------------------------------------------------------------------------------------------

    def _pulses(self) -> None:
        """Most answer once in every quarter of the history; who finds no end of hard talks has no time to recover."""
        first = local_date(self.life.diary.start, _HERE)
        days: dict[str, list[int]] = {}
        for day in range(5, DAYS - 1):
            days.setdefault(pulse.quarter_of(first + timedelta(days=day)), []).append(day)
        for _quarter, here in sorted(days.items()):
            for who in self.life.company.members:
                if who.team is not None and not who.leads and not who.new and self.rng.random() < _ANSWERS:
                    apart = Random(f"lead/{who.username}/{_quarter}")
                    said = {key: min(max(round(self.rng.gauss(middle, 0.9)), 1), 5) for key, middle in self._mood(who).items()}
                    said["lead"] = min(max(round(apart.gauss(3.7, 0.9)), 1), 5)
                    self.life.diary.plan(self.rng.choice(here), MORNING + self.rng.randint(0, 400), None, partial(self._answer, who, said))

    def _mood(self, who: Member) -> dict[str, float]:
        declining = who.mind.per_week < 0
        return {"tools": 3.9, "authority": 3.2 if who.kind in {"phone", "chat"} else 3.8, "recovery": 2.0 if declining else 3.3}

    def _answer(self, who: Member, said: dict[str, int], at: datetime) -> None:
        pulse.take(who.id, said, at)

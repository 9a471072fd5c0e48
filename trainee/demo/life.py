"""The ordinary life of the demonstration company: modules, observations, customers' answers, suggestions."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from trainee import coaching, plans, voice
from trainee.demo.book import Book
from trainee.demo.company import Company, Member, hire
from trainee.demo.diary import Diary
from trainee.demo.doing import Doer
from trainee.kit.clock import local_date
from trainee.modules.progress import parts_of

DAYS = 182
# Minutes of the day, in UTC: Istanbul is three hours ahead.
MORNING, EVENING, NIGHT = 6 * 60, 14 * 60, 21 * 60
# How often a customer of somebody answers on one day, by the kind of team.
ANSWERS = {"phone": 0.26, "chat": 0.26, "social": 0.17, "after-sales": 0.18, "shop": 0.06}
_QUESTIONS = ("satisfied", "kept_promise", "listened", "easy")
_FIRST_WEEKS, _STOPS, _REPLAYS, _LEAVES = 7, 0.12, 0.15, 0.10
# Who stopped half-way comes back after a word with her supervisor, most of the time, or is excused; what is younger than this stays open.
_COMES_BACK, _STILL_OPEN = 0.8, 40
# A holiday lasts so many days, and the week before it is busy.
_HOLIDAY, _BEFORE = 4, 7
_COMMENTS = 0.15
# Where fewer promises than this are kept, nobody is delighted by one.
_RELIED_ON = 0.8


@dataclass
class Life:
    """The company living through its history. `scale` multiplies what is practised, observed and answered."""

    company: Company
    doer: Doer
    diary: Diary
    book: Book
    rng: Random
    scale: int
    # The share of good answers, by team and question, and from which day on: what a planted story says.
    shares: dict[tuple[str, str], list[tuple[int, float]]] = field(default_factory=dict)
    # What a planted story says about somebody's answers in a quiz, by user name and module.
    answers: dict[tuple[str, str], dict[str, bool]] = field(default_factory=dict)
    _asked: dict[tuple[str, str, int], int] = field(default_factory=dict)
    _answers: int = 0

    def minute(self) -> int:
        """Some minute of the working day."""
        return self.rng.randint(MORNING, EVENING)

    def above(self, who: Member) -> Member:
        """Who gives somebody her assignments."""
        return self.company["selim"] if who.leads or who.team is None else self.company.leader(who.team)

    def plan(self, apart: set[str]) -> None:
        """Plan everybody's half year, except for the learning of those who live `apart`, in a story of their own."""
        for member in self.company.members:
            if member.new:
                day = (member.hired_on - self.diary.start.date()).days
                self.diary.plan(day, MORNING - 60, None, partial(self._hire, member))
        self.diary.plan(0, MORNING - 90, None, self._rule_for_newcomers)
        self.diary.plan(DAYS - 20, MORNING - 90, None, self._certify)
        self.diary.plan(DAYS - 1, NIGHT + 50, None, self._rule_for_everybody)
        self.diary.plan(DAYS - 1, NIGHT + 60, None, self._nightly)
        for member in self.company.members:
            if member.serves and member.username not in apart and not member.new:
                self._learning(member)
                self._practice(member)
            if member.serves and member.username not in apart:
                self._watching(member)
        for day in range(DAYS):
            self.diary.plan(day, NIGHT, None, partial(self._ratings, day))
        self._suggestions()

    # Assignments -----------------------------------------------------------------------------------------------------------------

    def _rule_for_newcomers(self, at: datetime) -> None:
        """HR's rule: whoever joins any team begins with the module on greeting."""
        words = self.book.texts["rules"]["newcomer"]
        terms = plans.Terms(words["title"], plans.Task("module", "greeting"), words["why"], due_days=28)
        self._switch_on(terms, "leave", at)

    def _rule_for_everybody(self, at: datetime) -> None:
        """HR's rule: every role, managers too, has the course on what service means here; whoever is here already from today on."""
        words = self.book.texts["rules"]["everybody"]
        self._switch_on(plans.Terms(words["title"], plans.Task("module", "our-service"), words["why"], due_days=28), "today", at)

    def _certify(self, at: datetime) -> None:
        """HR certifies a phone team for empathy and the complaint desk for its channels; whoever has learnt it before is certified by that."""
        for key, team, months in (("empathy", "phone-1", 12), ("channels", "social", 6)):
            words, task = self.book.texts["rules"][key], plans.Task("module", key)
            made = plans.make_certification(
                words["title"], task, months=months, window_days=60, short=True, by_id=self._hr(), receipt=f"demo/{key}", at=at
            )
            terms = plans.Terms(
                words["title"],
                task,
                words["why"],
                team_id=self.company.teams[team].id,
                due_on=local_date(at, "Europe/Istanbul") + timedelta(days=60),
                accepts_earlier=True,
                certification_id=made.id,
            )
            self._switch_on(terms, "backdated", at)

    def _switch_on(self, terms: plans.Terms, existing: str, at: datetime) -> None:
        rule = plans.rule(plans.make_rule(terms, author_id=self._hr(), receipt=f"demo/{terms.title}", at=at))
        self.doer.done["assignments"] += plans.begin_rule(rule, existing, at, self._hr()).given

    def _hr(self) -> int:
        return self.company["hatice"].id

    def _hire(self, who: Member, at: datetime) -> None:
        hire(self.company, who, self.company["selim"], at)
        self.doer.done["assignments"] += plans.apply_rules(at, [who.id]).given

    def _nightly(self, at: datetime) -> None:
        """What the timetable does by itself."""
        plans.issue_certificates(at)
        plans.apply_rules(at)

    def assign(self, who: Member, module: str, why: str, days: int, at: datetime, accepts_earlier: bool = False) -> None:
        """Somebody's supervisor asks her to do a module within so many days."""
        due = local_date(at, "Europe/Istanbul") + timedelta(days=days)
        words = self.book.texts["assignments"][why]
        plans.assign(who.id, module, at=at, given_by_id=self.above(who).id, why=words, due_on=due, accepts_earlier=accepts_earlier)
        self.doer.done["assignments"] += 1

    # Learning ------------------------------------------------------------------------------------------------------------

    def _learning(self, who: Member) -> None:
        path = self.path(who)
        modules = self.rng.sample(path, 2 if self.rng.random() < 0.6 else 3)
        if "supervisor" in who.roles:
            modules = [modules[0], self.rng.choice(self.book.company["paths"]["leads"])]
        day = self.rng.randint(1, _FIRST_WEEKS * 7)
        for number, module in enumerate(sorted(modules, key=lambda one: path.index(one) if one in path else 99)):
            why = "lead" if module not in path else ("next" if number else "first")
            self.module(who, module, day, why, stops=self.rng.random() < _STOPS)
            day += self.rng.randint(35, 60)
        late = self.rng.random()
        left = self.rng.choice([module for module in path if module not in modules])
        if late < 0.25:
            given, days = DAYS - self.rng.randint(3, 16), 21
        elif late < 0.33:
            given, days = DAYS - self.rng.randint(24, 34), 21
        else:
            return
        self.diary.plan(given, MORNING, None, partial(self.assign, who, left, "coming", days))
        begun = self.doer.module(left).lessons[: self.rng.randint(0, 2)]
        for lesson in begun:
            self.diary.plan(min(given + self.rng.randint(1, 9), DAYS - 1), self.minute(), who, partial(self.doer.read, who, left, lesson))

    def path(self, who: Member) -> list[str]:
        """The modules her kind of team learns, in their order."""
        modules: list[str] = self.book.company["paths"][who.kind]
        return modules

    def module(self, who: Member, module: str, day: int, why: str, stops: bool = False, quick: bool = False) -> None:
        """Somebody is given a module and does it: lessons in a few sittings, the quiz, its role-plays; or `stops` half-way.

        Without `why` a rule has given it to her.
        """
        self.diary.plan(day + 28 + self.rng.randint(1, 9), self.minute(), who, partial(self._after, who, module, day, stops))
        if why:
            self.diary.plan(day, MORNING - 10, None, partial(self.assign, who, module, why, 28))
        content = self.doer.module(module)
        lessons = content.lessons[: self.rng.randint(2, 4)] if stops else content.lessons
        day += self.rng.randint(1, 2 if quick else 6)
        for lesson in lessons:
            self.diary.plan(day, self.minute(), who, partial(self.doer.read, who, module, lesson))
            day += self.rng.choice((0, 0, 1) if quick else (0, 1, 2, 3))
        if stops:
            return
        day += 1
        self.diary.plan(day, self.minute(), who, partial(self.quiz, who, module))
        for story in content.stories:
            day += self.rng.randint(1, 2 if quick else 5)
            self.diary.plan(day, self.minute(), who, partial(self._play, who, story.id))

    def _after(self, who: Member, module: str, given: int, stopped: bool, at: datetime) -> None:
        """The date is past: what is left is done day by day, or later, or the supervisor excuses her. What was given lately stays open."""
        today = self._today(at)
        if not stopped:
            self.carry_on(who, module, at=at)
        elif given > DAYS - 28 - _STILL_OPEN:
            return
        elif self.rng.random() < _COMES_BACK:
            self.diary.plan(min(today + self.rng.randint(3, 16), DAYS - 12), self.minute(), who, partial(self.carry_on, who, module))
        else:
            excuse = partial(self._excuse, who, module, self.rng.choice(self.book.texts["excuses"]))
            self.diary.plan(today + self.rng.randint(2, 9), MORNING + 20, None, excuse)

    def carry_on(self, who: Member, module: str, at: datetime, most: int = 14) -> datetime | None:
        """Do the next part that is missing, and another one the day after, until the module is done."""
        part = self.doer.next_part(who, module)
        if part is None or not most:
            return None
        end = self.doer.do_part(who, module, part, at, self.answers.get((who.username, module)))
        self.diary.plan(self._today(at) + self.rng.randint(0, 1) + 1, self.minute(), who, partial(self.carry_on, who, module, most=most - 1))
        return end

    def _excuse(self, who: Member, module: str, words: str, at: datetime) -> None:
        for one in plans.open_assignments(who.id, parts_of(who.id)):
            if (one.kind, one.what) == ("module", module):
                plans.excuse(one.id, words, at, self.above(who).id)

    def quiz(self, who: Member, module: str, at: datetime, tries: int = 3) -> datetime:
        """Take a quiz; who does not pass tries again after a day or two."""
        end, passed = self.doer.quiz(who, module, at)
        if not passed and tries > 1:
            self.diary.plan(self._today(at) + self.rng.randint(1, 3), self.minute(), who, partial(self.quiz, who, module, tries=tries - 1))
        return end

    def _today(self, at: datetime) -> int:
        return (at - self.diary.start).days

    def _play(self, who: Member, story: str, at: datetime) -> datetime:
        leave = self.rng.random() < _LEAVES
        end, run = self.doer.play(who, story, at, leave=leave)
        later = self._today(at) + self.rng.randint(1, 4)
        if leave:
            self.diary.plan(later, self.minute(), who, partial(self.doer.play, who, story))
        elif self.rng.random() < _REPLAYS:
            scenes = self.doer.scenes(story)[1:]
            self.diary.plan(later, self.minute(), who, partial(self.doer.replay, who, run, self.rng.choice(scenes)))
        return end

    def _practice(self, who: Member) -> None:
        """More of the same, for a longer history: quizzes and role-plays that people come back to."""
        for _ in range((self.scale - 1) * 2):
            module = self.rng.choice(self.path(who))
            story = self.rng.choice(self.doer.module(module).stories).id
            self.diary.plan(self.rng.randint(1, DAYS - 1), self.minute(), who, partial(self.doer.quiz, who, module))
            self.diary.plan(self.rng.randint(1, DAYS - 1), self.minute(), who, partial(self.doer.play, who, story))

    # Observing -----------------------------------------------------------------------------------------------------------

    def _watching(self, who: Member) -> None:
        first = (who.hired_on - self.diary.start.date()).days + 10 if who.new else 0
        gap = 28 / self.scale
        day = max(first, 3) + self.rng.random() * gap
        while day < DAYS:
            self.diary.plan(int(day), self.minute(), who, partial(self.watch, who))
            day += gap * self.rng.uniform(0.7, 1.5)

    def watch(self, who: Member, at: datetime) -> datetime:
        """Somebody who may observes her."""
        return self.doer.observe(self.observer(who), who, at)

    def observer(self, who: Member) -> Member:
        """Who watches: mostly one's own leader, and for leaders always, else often, somebody of quality."""
        quality = [one for one in self.company.of("quality") if not one.leads]
        if who.leads or self.rng.random() < 0.35:
            return self.rng.choice(quality)
        assert who.team is not None
        return self.company.leader(who.team)

    # Customers -----------------------------------------------------------------------------------------------------------

    def _ratings(self, day: int, at: datetime) -> None:
        """What customers answered in the evening comes in at night."""
        evening = at - timedelta(hours=4)
        season = self._season(evening.date())
        people = [who for who in self.company.serving if not who.leads for _ in range(self.scale) if self.rng.random() < self._rate(who) * season]
        answers = [self._answer(who, day, evening + timedelta(minutes=self.rng.randint(0, 220))) for who in people]
        voice.take_ratings(answers, at)
        self.doer.done["customers' answers"] += len(answers)

    def _rate(self, who: Member) -> float:
        return ANSWERS[who.kind] * (6.0 if self._told(who) else 1.0)

    def _season(self, day: date) -> float:
        """How much more than on an ordinary day customers have to do with us."""
        usual: float = self.book.company["seasons"].get(str(day.month), 1.0)
        away = [(day - date.fromisoformat(first)).days for first in self.book.company["holidays"]]
        if any(0 <= days < _HOLIDAY for days in away):
            return 0.3
        return usual * (1.4 if any(-_BEFORE <= days < 0 for days in away) else 1.0)

    def _told(self, who: Member) -> bool:
        return any(team == who.team for team, _question in self.shares)

    def _answer(self, who: Member, day: int, at: datetime) -> voice.Answer:
        key = self.rng.choices(_QUESTIONS, (2, 7, 2, 3) if self._told(who) else (3, 3, 2, 2))[0]
        question = voice.QUESTIONS[key]
        good = self._good(who, key, day)
        if (who.team, key) in self.shares and key == "kept_promise":
            # A promise is kept or broken: what was missed is not forgiven, and where that is usual, what was kept is luck.
            value = self.rng.choices((5, 4) if good else (2, 1), (8, 2) if good and self._relied_on(who, key, day) else (1, 9))[0]
        elif question.highest == 5:
            value = self.rng.choices((5, 4) if good else (3, 2, 1), (8, 2) if good else (4, 3, 3))[0]
        else:
            value = self.rng.choices((7, 6, 5) if good else (4, 3, 2), (5, 4, 3) if good else (4, 3, 2))[0]
        comment = ""
        if self.rng.random() < _COMMENTS:
            texts = self.book.comments["good" if good else "bad"]
            comment = self.rng.choices([words for words, _weight in texts], [weight for _words, weight in texts])[0]
        self._answers += 1
        return voice.Answer(who.id, at, key, value, "demo", f"answer-{self._answers}", comment)

    def _story(self, who: Member, key: str, day: int) -> tuple[int, float] | None:
        """The share that a story tells of her team on that day, and since when."""
        told = [(since, share) for since, share in self.shares.get((who.team or "", key), ()) if since <= day]
        return told[-1] if told else None

    def _relied_on(self, who: Member, key: str, day: int) -> bool:
        told = self._story(who, key, day)
        return told is None or told[1] >= _RELIED_ON

    def _good(self, who: Member, key: str, day: int) -> bool:
        told = self._story(who, key, day)
        if told is not None:
            # Counted off, not drawn: a story's share comes out as it was written.
            since, share = told
            place = (who.team or "", key, since)
            number = self._asked[place] = self._asked.get(place, 0) + 1
            return int(number * share) > int((number - 1) * share)
        skill = voice.QUESTIONS[key].skill or "empathy"
        return self.rng.random() < 0.83 + 0.05 * (who.mind.level("working", skill, day / 7) - 2.5)

    # Suggestions ---------------------------------------------------------------------------------------------------------

    def _suggestions(self) -> None:
        texts = self.book.texts["suggestions"]
        authors = self.rng.sample([member for member in self.company.members if member.serves and not member.leads and not member.new], len(texts))
        for number, (text, author) in enumerate(zip(texts, authors, strict=True)):
            # The last ones have no decision yet and were written in the last days.
            day = DAYS - 3 - number % 3 if "decision" not in text else 8 + number * 20 + self.rng.randint(0, 12)
            self.suggestion(author, text, day, self.rng.randint(1, 8))

    def suggestion(self, author: Member, text: dict[str, str], day: int, answered_after: int) -> None:
        """Somebody suggests something; her supervisor answers after so many days, and what came of it is written down six weeks later."""
        self.diary.plan(day, MORNING + 90, None, partial(self._suggest, author, text, day + answered_after))

    def _suggest(self, author: Member, text: dict[str, str], answered_on: int, at: datetime) -> None:
        made = coaching.suggest(author_id=author.id, title=text["title"], problem=text["problem"], idea=text["idea"], receipt=self.doer.key(), at=at)
        self.doer.done["suggestions"] += 1
        if "decision" not in text:
            return
        by = self.above(author).id
        said = partial(coaching.answer, made, by_id=by, decision=text["decision"], reply=text["reply"])
        self.diary.plan(answered_on, MORNING + 30, None, said)
        if "effect" in text:
            noted = partial(coaching.note_effect, made, by_id=by, effect=text["effect"])
            self.diary.plan(min(answered_on + 42, DAYS - 1), MORNING + 40, None, noted)

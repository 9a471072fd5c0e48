"""The planted stories: what the dashboards of the demonstration should be able to show, because it is there."""

from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from trainee import privacy, voice
from trainee.demo import beginnings, expecting, listening, observing, outside, repeating, serving
from trainee.demo.company import Member
from trainee.demo.life import DAYS, MORNING, Life
from trainee.modules.roleplays import replies
from trainee.modules.roleplays.queries import run_or_404
from trainee.modules.roleplays.replies.queries import typed
from trainee.service.roster import add_shift

_HERE = ZoneInfo("Europe/Istanbul")

# The knowledge gap: the question whose answer a new policy changed, and the lesson that tells it.
POLICY_MODULE, POLICY_QUESTION, POLICY_LESSON = "complaint-handling", "q09", "record-owner-date"
POLICY_DAY, POLICY_WEEK = DAYS - 63, 6
_MISS, _MEND = 0.40, 0.70

# The transfer gap: as many observations of Kerem's empathy before the coaching as leave no doubt, ten in the ten weeks after it.
BEFORE, AFTER = (2, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2), (2, 2, 3, 3, 3, 3, 3, 3, 4, 3)
COACHING_DAY = DAYS - 72

# So much better, in levels, do his colleagues listen at work than they do the rest: what is usual is no gap, however low the mark.
_LISTEN = 1.0

# The impact gap: the share of customers of Bursa who say that the promise was kept, before the depot's new days and after.
BURSA_MENDED = DAYS - 70
PROMISES = (0.71, 0.88)

# The practice gap: the typed apology of new starters.
APOLOGY_STORY, APOLOGY_SCENE = "wrong-invoice", "s6"

CENTRE = "İletişim merkezi"
DEMO_PHONE = "0222 000 00 {:02d}"


def plant(life: Life) -> set[str]:
    """Plan all of them; the user names of those whose learning they tell themselves."""
    _transfer(life)
    _impact(life)
    _knowledge(life)
    _practice(life)
    _suggestion(life)
    expecting.plan(life, COACHING_DAY)
    life.diary.plan(DAYS - 22, MORNING, None, partial(_roster, life))
    _correction(life)
    observing.plant(life)
    serving.plan(life)
    listening.plan(life)
    outside.plan(life)
    repeating.plant(life, {f"{POLICY_MODULE}/quiz/{POLICY_QUESTION}": partial(_knows_policy, life)})
    return {"kerem"} | beginnings.plant(life)


def _transfer(life: Life) -> None:
    """Kerem knows it and can play it, and interrupts at work; after coaching he does not."""
    kerem, aylin = life.company["kerem"], life.company["aylin"]
    quality = life.company.of("quality")[1]
    kerem.mind.start, kerem.mind.per_week = dict.fromkeys(kerem.mind.start, 1.9), 0.03
    for member in life.company.members:
        if member is not kerem and "empathy" in member.mind.start:
            member.mind.fixed["working", "empathy"] = member.mind.start["empathy"] + _LISTEN
    kerem.mind.fixed |= {(line, skill): level for line, level in (("knowing", 3.6), ("playing", 3.2)) for skill in kerem.mind.start}
    life.module(kerem, "empathy", 2, "first", quick=True)
    doer, diary = life.doer, life.diary
    for day, story in ((24, "wrong-invoice"), (45, "wedding-dress"), (70, "wrong-invoice")):
        diary.plan(day, life.minute(), kerem, partial(doer.play, kerem, story))
    diary.plan(60, life.minute(), kerem, partial(doer.quiz, kerem, "empathy"))
    days = [18 + 13 * number // 2 for number in range(len(BEFORE))] + [COACHING_DAY + 2 + 7 * number for number in range(len(AFTER))]
    for number, (day, level) in enumerate(zip(days, (*BEFORE, *AFTER), strict=True)):
        # Whoever marks only him cannot be told from him: most of these are by somebody who sees the whole company.
        observer = aylin if number % 4 == 3 else quality
        words = life.book.texts["stories"]["coaching"]
        shared = words[0] if day == COACHING_DAY + 2 else (words[1] if day > COACHING_DAY + 30 else None)
        diary.plan(day, life.minute(), kerem, partial(doer.observe, observer, kerem, told={"empathy": level}, shared=shared))
    diary.plan(COACHING_DAY, MORNING, None, partial(life.assign, kerem, "empathy", "coaching", 21, accepts_earlier=True))
    diary.plan(DAYS - 8, MORNING, None, partial(life.assign, kerem, "meeting-needs", "coaching", 14))
    for day, lesson in zip((DAYS - 6, DAYS - 2), doer.module("meeting-needs").lessons, strict=False):
        diary.plan(day, life.minute(), kerem, partial(doer.read, kerem, "meeting-needs", lesson))


def _impact(life: Life) -> None:
    """Bursa's people work well, and their customers are let down by the depot until its days are put right."""
    for member in life.company.of("bursa"):
        member.mind.per_week = 0.0
        member.mind.fixed |= {(line, skill): 3.7 for line in ("knowing", "playing") for skill in member.mind.start}
        member.mind.fixed["working", "reliability"] = 3.25
    life.shares[("bursa", "kept_promise")] = [(0, PROMISES[0]), (BURSA_MENDED, PROMISES[1])]
    life.shares[("bursa", "easy")] = [(0, 0.68), (BURSA_MENDED, 0.86)]
    text = life.book.texts["stories"]["depot"]
    life.suggestion(life.company.leader("bursa"), {**text, "decision": "adopted"}, BURSA_MENDED - 14, 7)


def _knowledge(life: Life) -> None:
    """After a policy changed two in five miss the question about it; they read the lesson and most of them mend it within three weeks."""
    people = [member for member in life.company.members if member.serves and not member.new]
    missing = life.rng.sample(people, round(len(people) * _MISS))
    mending = set(life.rng.sample(missing, round(len(missing) * _MEND)))
    lesson = life.doer.module(POLICY_MODULE).lesson(POLICY_LESSON)
    assert lesson is not None
    for who in people:
        day = POLICY_DAY + life.rng.randint(0, POLICY_WEEK)
        life.diary.plan(day, life.minute(), who, partial(_asked, life, who, who not in missing))
        if who in missing:
            life.diary.plan(POLICY_DAY + 8, MORNING, None, partial(life.assign, who, POLICY_MODULE, "policy", 21, accepts_earlier=True))
            read = POLICY_DAY + 9 + life.rng.randint(0, 8)
            life.diary.plan(read, life.minute(), who, partial(life.doer.read, who, POLICY_MODULE, lesson))
            again = POLICY_DAY + 21 + life.rng.randint(0, POLICY_WEEK)
            life.diary.plan(again, life.minute(), who, partial(_asked, life, who, who in mending))
            life.answers[who.username, POLICY_MODULE] = {POLICY_QUESTION: who in mending}
            life.diary.plan(again + 1, life.minute(), who, partial(life.carry_on, who, POLICY_MODULE))


def _knows_policy(life: Life, who: Member, at: datetime) -> bool:
    """Whether she answers its question right in a review: as her quizzes of those weeks do."""
    missed = life.answers.get((who.username, POLICY_MODULE))
    day = (at - life.diary.start).days
    return missed is None or day < POLICY_DAY or (missed[POLICY_QUESTION] and day > POLICY_DAY + 21 + POLICY_WEEK)


def _asked(life: Life, who: Member, right: bool, at: datetime) -> datetime:
    seed = life.doer.seed_with(POLICY_MODULE, POLICY_QUESTION)
    return life.doer.quiz(who, POLICY_MODULE, at, told={POLICY_QUESTION: right}, seed=seed)[0]


def _practice(life: Life) -> None:
    """New starters learn fast and pass, and their first typed apologies are excuses; each tries three times more."""
    doer, diary = life.doer, life.diary
    for place, who in enumerate(member for member in life.company.members if member.new):
        first = (who.hired_on - diary.start.date()).days
        for skill in who.mind.start:
            who.mind.fixed |= {("knowing", skill): 4.0, ("playing", skill): 1.0}
        life.module(who, "greeting", first, "", stops=first > DAYS - 40, quick=True)
        for number, lesson in enumerate(doer.module(POLICY_MODULE).lessons):
            diary.plan(first + 5 + number // 2, life.minute(), who, partial(doer.read, who, POLICY_MODULE, lesson))
        diary.plan(first + 8, life.minute(), who, partial(doer.quiz, who, POLICY_MODULE, extra=0.05))
        diary.plan(first + 10, life.minute(), who, partial(_apology, life, who, first + 12, place % 3 != 0))


def _apology(life: Life, who: Member, again: int, looked_at: bool, at: datetime) -> datetime:
    end, run = life.doer.play(who, APOLOGY_STORY, at, weak=[APOLOGY_SCENE])
    life.diary.plan(again - 1, MORNING + 15, None, partial(_show, life, who, run, again + 6 if looked_at else None))
    for number in range(3):
        retry = again + 2 * number
        # Twice only the scene itself; the third time to the end.
        tried = partial(life.doer.replay, who, run, APOLOGY_SCENE, weak=[APOLOGY_SCENE], most=1 if number < 2 else 99)
        life.diary.plan(retry, life.minute(), who, tried)
    return end


def _show(life: Life, who: Member, run: int, looked_on: int | None, at: datetime) -> None:
    """She shows her supervisor what she wrote; on that day it is looked at, or it waits."""
    for seq in typed(run_or_404(run, who.id)):
        shown = replies.offer(run, who.id, seq, at)
        if looked_on is not None:
            words = life.book.texts["stories"]["looked"]
            look = partial(replies.confirm, shown, by_id=life.above(who).id, met=[], words=words)
            life.diary.plan(looked_on, MORNING + 45, None, look)
        life.doer.done["replies shown"] += 1


def _suggestion(life: Life) -> None:
    """Zeynep proposes a call-back slot; answered in six days, adopted, and it helps."""
    text = life.book.texts["stories"]["suggestion"]
    life.suggestion(life.company["zeynep"], {**text, "decision": "adopted"}, DAYS - 70, 6)


def _roster(life: Life, at: datetime) -> None:
    """Duty shifts from three weeks ago until three weeks ahead; on the two Sundays ahead nobody backs up the late evening."""
    phones = iter(range(10, 100))
    centre = [
        (who.id, DEMO_PHONE.format(next(phones))) for who in (life.company.leader(team) for team in ("phone-1", "phone-2", "phone-3", "written"))
    ]
    shops = [life.company.leader(team) for team in ("eskisehir", "ankara", "izmir", "bursa")]
    today = (at + timedelta(days=22)).astimezone(_HERE).date()
    monday = at.astimezone(_HERE).date() - timedelta(days=at.astimezone(_HERE).weekday())
    by = life.company["selim"].id
    sundays = [today + timedelta(days=6 - today.weekday() + 7 * week) for week in (0, 1)]
    for number in range(49):
        day = monday + timedelta(days=number)
        for half, (begins, ends) in enumerate(((8, 16), (16, 24))):
            first, second = centre[(number + half) % 4], centre[(number + half + 2) % 4]
            _shift(first, CENTRE, 1, day, begins, ends, at, by)
            _shift(second, CENTRE, 2, day, begins, 21 if day in sundays and half else ends, at, by)
    for week in range(7):
        for region, (one, other) in (("İç Anadolu bölgesi", shops[:2]), ("Ege ve Marmara bölgesi", shops[2:])):
            pair = (one, other) if week % 2 else (other, one)
            for rank, who in enumerate(pair, 1):
                phone = DEMO_PHONE.format(30 + shops.index(who))
                _shift((who.id, phone), region, rank, monday + timedelta(weeks=week), 0, 7 * 24, at, by)


def _shift(who: tuple[int, str], area: str, rank: int, day: date, begins: int, ends: int, at: datetime, by: int) -> None:
    midnight = datetime.combine(day, time(0), _HERE)
    starts_at, ends_at = midnight + timedelta(hours=begins), midnight + timedelta(hours=ends)
    add_shift(person_id=who[0], area=area, rank=rank, phone=who[1], starts_at=starts_at, ends_at=ends_at, at=at, by_id=by)


def _correction(life: Life) -> None:
    """One request to put something right, decided in nine days; and one comment from before, older than comments may be kept."""
    who = life.company.of("phone-3")[-1]
    life.diary.plan(0, MORNING, None, partial(_old_comment, life, who))
    life.diary.plan(DAYS - 40, MORNING + 5, None, partial(_ask, life, who))


def _ask(life: Life, who: Member, at: datetime) -> None:
    text = life.book.texts["stories"]["correction"]
    made = privacy.ask_correction(person_id=who.id, what=text["what"], why=text["why"], receipt=life.doer.key(), at=at)
    decided = partial(privacy.decide, made, by_id=life.company["hatice"].id, decision="corrected", answer=text["answer"])
    life.diary.plan(DAYS - 31, MORNING + 5, None, decided)


def _old_comment(life: Life, who: Member, at: datetime) -> None:
    # Brought over from the system before this one.
    given = at - timedelta(days=230)
    voice.take_ratings([voice.Answer(who.id, given, "satisfied", 3, "before", "answer-1", life.book.texts["old_comment"])], at)

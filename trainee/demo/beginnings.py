"""What is not over yet, for whoever tries the demonstration to go on with: a gap nobody has spoken about, and a loop that one more look closes."""

from functools import partial

from trainee.demo.company import Company, Member
from trainee.demo.life import DAYS, Life

# Somebody of Aylin's team knows empathy and plays it well; whoever watched her in the last two months saw little of it at work.
SEEN = (2, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 2)
# Somebody else keeps her promises better since they agreed on it; of three looks that close the loop two have been had.
BEFORE, AFTER = (2, 2, 3, 2, 2), (3, 3)
AGREED_DAY = DAYS - 20
LOOP_SKILL = "reliability"


def with_gap(company: Company) -> Member:
    """Whose gap of transfer is open today."""
    return _of_aylins(company)[4]


def with_loop(company: Company) -> Member:
    """Whose loop one more observation closes."""
    return _of_aylins(company)[5]


def _of_aylins(company: Company) -> list[Member]:
    return [who for who in company.of("phone-1") if not who.leads and not who.new and who.username != "kerem"]


def plant(life: Life) -> set[str]:
    """Plan both; the user names of the two, who live in these stories alone."""
    _gap(life, with_gap(life.company))
    _loop(life, with_loop(life.company))
    return {with_gap(life.company).username, with_loop(life.company).username}


def _gap(life: Life, who: Member) -> None:
    # Marks that one person gives again and again say more about who gives them: three watch her in turn.
    _lead, *quality = life.company.of("quality")
    watching = (*quality, life.company["aylin"])
    who.mind.per_week = 0.0
    who.mind.fixed |= {(line, skill): level for line, level in (("knowing", 3.6), ("playing", 3.4), ("working", 2.7)) for skill in who.mind.start}
    life.module(who, "greeting", 6, "first", quick=True)
    life.module(who, "empathy", 44, "next", quick=True)
    for day, story in ((96, "wrong-invoice"), (118, "wedding-dress"), (139, "wrong-invoice")):
        life.diary.plan(day, life.minute(), who, partial(life.doer.play, who, story))
    life.diary.plan(130, life.minute(), who, partial(life.doer.quiz, who, "empathy"))
    for number, level in enumerate(SEEN):
        day, observer = DAYS - 3 - 5 * (len(SEEN) - 1 - number), watching[number % len(watching)]
        life.diary.plan(day, life.minute(), who, partial(life.doer.observe, observer, who, told={"empathy": level}))


def _loop(life: Life, who: Member) -> None:
    aylin = life.company["aylin"]
    life.module(who, "meeting-needs", 30, "first", quick=True)
    days = [*(AGREED_DAY - 5 - 9 * number for number in reversed(range(len(BEFORE)))), AGREED_DAY + 9, AGREED_DAY + 15]
    for day, level in zip(days, (*BEFORE, *AFTER), strict=True):
        life.diary.plan(day, life.minute(), who, partial(life.doer.observe, aylin, who, told={LOOP_SKILL: level}))

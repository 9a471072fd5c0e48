"""The company's own service model: what it says of its service, its handbook, its complaints, walks and improvements."""

from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from trainee.dashboards.chain import snapshot
from trainee.demo import together
from trainee.demo.life import DAYS, MORNING, Life
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.people.queries import viewer_named
from trainee.service import baseline, board, complaints, handbook, model, walks
from trainee.service.complaints.method import STEPS
from trainee.service.handbook.files import begin_journey
from trainee.service.walks.checklist import checklist

# Its own chance, so that what it draws changes nothing of what others live through.
SEED = 7
_WRITTEN, _PUBLISHED, _CALM = DAYS - 70, DAYS - 62, 5
_MANY = 36
# How many contacts a week has, by channel.
_CONTACTS = {"phone": 7400, "chat": 1900, "email": 1300, "social": 420, "shop": 2900}
# How often a line of the checklist is as it should be, or partly, by how many months ago.
_WALK_DAYS = (150, 100, 55, 9)


def plan(life: Life) -> None:
    """Plan all of it into the half year."""
    together.plan(life)
    told, rng = life.book.service, Random(SEED)
    writer = life.company["hatice"].id
    life.diary.plan(_WRITTEN, MORNING, None, partial(_write, told, writer))
    life.diary.plan(_PUBLISHED, MORNING, None, partial(_publish, told, writer))
    life.diary.plan(_PUBLISHED + 4, MORNING, None, partial(_read, life, rng))
    for number in range(_MANY):
        day = _WRITTEN + 1 + number * (DAYS - _WRITTEN - 2) // _MANY
        life.diary.plan(day, MORNING + 40 + number, None, partial(_complaint, life, number, rng))
    for week in range(DAYS // 7):
        life.diary.plan(7 * week, MORNING + 20, None, partial(_count, rng))
    for back in _WALK_DAYS:
        life.diary.plan(DAYS - back, MORNING + 30, None, partial(_walks, life, back, rng))
    life.diary.plan(DAYS - 50, MORNING, None, partial(_board, life))
    life.diary.plan(DAYS - 48, MORNING, None, partial(_stock, life))


def _write(told: dict[str, Any], by_id: int, at: datetime) -> None:
    """The handbook, and the inventory begun with the template."""
    for kind in ("channel", "routing", "remedy", "playbook", "position"):
        for values in told[kind]:
            handbook.add(kind, values, at=at, by_id=by_id)
    begin_journey(at=at, by_id=by_id, scores=told["scores"])


def _publish(told: dict[str, Any], by_id: int, at: datetime) -> None:
    review = (at + timedelta(days=365)).date().isoformat()
    model.write({**told["model"], "review_by": review}, revision=0, at=at, by_id=by_id)
    model.publish([one.values for one in handbook.entries("touchpoint")], at=at, by_id=by_id)


def _read(life: Life, rng: Random, at: datetime) -> None:
    """Most have read it by then; Kerem has not yet."""
    for member in life.company.members:
        if member.id and member.username != "kerem" and rng.random() < 0.86:
            model.acknowledge(member.id, 1, at=at)


def _complaint(life: Life, number: int, rng: Random, at: datetime) -> None:
    told = life.book.service["complaints"][rng.randrange(len(life.book.service["complaints"]))]
    heard = complaints.Heard(at, told["channel"], told["cause"], told["severity"], told["tr"], told["product"]["tr"])
    made = complaints.take(heard, "crm", f"S-{1000 + number}", at=at, by_id=None)
    if made is not None and at < life.diary.start + timedelta(days=DAYS - _CALM):
        life.diary.plan((at - life.diary.start).days + 1 + number % 2, MORNING + 60, None, partial(_put_right, life, made, number))


def _put_right(life: Life, complaint_id: int, number: int, at: datetime) -> None:
    """Somebody goes through the steps and gives two of three customers something; above her limit her leader agrees."""
    complaint = db.session.get_one(complaints.Complaint, complaint_id)
    team = "after-sales" if complaint.channel in ("phone", "email") else "social"
    crew = life.company.of(team)
    who = [member for member in crew if member.id and not member.leads][number % 3]
    if number % 3:
        told = life.book.service["reasons"][number % len(life.book.service["reasons"])]
        entry = next(one for one in handbook.entries("remedy") if one.key == told["remedy"])
        viewer, leader = viewer_named(who.username), viewer_named(life.company.leader(team).username)
        assert viewer is not None
        assert leader is not None
        words = {"benefit": told["benefit"]["tr"], "reason": told["reason"]["tr"]}
        if complaints.choose(complaint, entry, amount=told["amount"], who=viewer, at=at, **words):
            complaints.approve(complaint, who=leader, at=at + timedelta(minutes=12))
    for step in STEPS:
        complaints.do_step(complaint, step.key, why_not="", revision=complaint.revision, at=at, by_id=who.id)
    complaints.close(complaint, revision=complaint.revision, at=at + timedelta(hours=2), by_id=who.id)


def _count(rng: Random, at: datetime) -> None:
    for channel, many in _CONTACTS.items():
        complaints.count_contacts("crm", at.date(), channel, round(many * rng.uniform(0.9, 1.1) / 10))


def _walks(life: Life, back: int, rng: Random, at: datetime) -> None:
    """Everywhere a little better from walk to walk; at the last one a chair is missing in Bursa."""
    told = life.book.service["walks"]
    for number, (area, place) in enumerate(told["places"]):
        good = 0.62 + 0.3 * (1 - back / max(_WALK_DAYS))
        marks = {item.key: 2 if rng.random() < good else 1 for item in checklist()[area]}
        notes = {}
        if back == min(_WALK_DAYS) and place.startswith("Bursa"):
            marks["seat"], notes["seat"] = 0, told["seat"]["tr"]
        by_id = life.company["hatice"].id if area != "shop" else life.company.leader(("eskisehir", "ankara", "izmir", "bursa")[number]).id
        steps = {"web": 3, "phone": 2}.get(area, 1) + (back > 100)
        seen = walks.Seen(area, place, at.date(), marks, notes, steps, 40 + round(back / 3) if area == "shop" else None)
        with force_locale("tr"):
            walks.keep(seen, receipt=f"walk {area} {number} {back}", at=at, by_id=by_id)


def _board(life: Life, at: datetime) -> None:
    leader = life.company.leader("bursa").id
    for number, told in enumerate(life.book.service["board"]):
        values = {
            "whys": [one["tr"] for one in told["whys"]],
            "action": told["action"]["tr"],
            "measure": told["measure"]["tr"],
            "before": told["before"],
            "owner_id": leader if told["action"]["tr"] else None,
            "due_on": (at + timedelta(days=30 * (number + 1))).date() if told["action"]["tr"] else None,
        }
        made = board.open_card(told["issue"]["tr"], receipt=f"demo {told['key']}", at=at, by_id=leader, values=values)
        if told["after"]:
            life.diary.plan(DAYS - 8, MORNING, None, partial(_helped, made, told["after"], values, leader))


def _stock(life: Life, at: datetime) -> None:
    """Hatice takes stock before the depot changes its plan."""
    told, by_id = life.book.service["baseline"], life.company["hatice"].id
    made = baseline.take(told["title"]["tr"], at.date(), snapshot(at), receipt="demo", at=at, by_id=by_id)
    words = {name: told[name]["tr"] for name in ("inventory", "themes", "causes", "decisions")}
    found = baseline.baseline_or_404(made)
    baseline.write(found, {**words, "no_change": ""}, revision=0, at=at, by_id=by_id, finish=True)


def _helped(card_id: int, after: str, values: dict[str, Any], by_id: int, at: datetime) -> None:
    card = db.session.get_one(board.Improvement, card_id)
    board.change(card, {**values, "after": after}, revision=0, at=at, by_id=by_id)
    board.close(card, revision=1, at=at, by_id=by_id)

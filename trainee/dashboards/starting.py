"""The beginning of an installation: what is still to do, read from what is there and never noted as done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g, url_for
from sqlalchemy import exists, func, select

from trainee.kit.db import db
from trainee.kit.duties import Duty, duty
from trainee.kit.i18n import _, _n
from trainee.people import Person, organisation, viewer
from trainee.people.organisation import House
from trainee.plans.models import Assignment, AssignmentRule


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is for, where it is done, and whether it is done or was put off."""

    key: str
    title: str
    why: str
    url: str
    done: bool
    left_out: bool


def steps() -> list[Step]:
    """Every step, in order. One statement with the one that reads the organisation anew."""
    house, given = organisation.house(), current_app.extensions["trainee"]
    row = db.session.execute(
        select(
            select(func.count()).select_from(Person).scalar_subquery().label("people"),
            (exists(select(Assignment.id)) | exists(select(AssignmentRule.id))).label("assigned"),
        )
    ).one()
    said = [
        (
            "name",
            _("Name and language"),
            _("What your organisation is called, and what people read who have not chosen."),
            url_for("starting.naming"),
            bool(given.organisation or house.name),
        ),
        ("logo", _("Logo"), _("It stands in the head of every page."), url_for("starting.logo"), house.logo is not None),
        (
            "people",
            _("People"),
            _("A file with everybody, their teams and who leads whom. It is looked at first and changes nothing before you say so."),
            url_for("imports.imports"),
            row.people > 1,
        ),
        (
            "module",
            _("The first module"),
            _("What everybody begins with. People find it on their first day here."),
            url_for("starting.module"),
            bool(row.assigned),
        ),
    ]
    return [Step(key, str(title), str(why), url, done, not done and key in house.left_out) for key, title, why, url, done in said]


def following(found: list[Step], after: str = "") -> Step | None:
    """The first step that is open, later than `after` if there is one; None where nothing is open."""
    keys = [one.key for one in found]
    place = keys.index(after) + 1 if after in keys else 0
    waiting = [one for one in found[place:] + found[:place] if not one.done and not one.left_out and one.key != after]
    return waiting[0] if waiting else None


def onward(key: str) -> str:
    """Where one goes on from a step while the beginning lasts: the next one that is open, else the list of all."""
    after = following(steps(), key)
    return after.url if after is not None else url_for("starting.guide")


def on_the_way(key: str) -> dict[str, Any]:
    """Whether the reader sets up the site, and the step with its number, for pages of others that belong to one; no statement where she does not."""
    if not (organisation.house().beginning and viewer().holds("admin")):
        return {"beginning": False}
    g.area = "dashboards.today"
    found = steps()
    place = [one.key for one in found].index(key)
    return {"beginning": True, "step": found[place], "number": place + 1, "of": len(found)}


@duty(1, "admin", leads="admin", always=True)
def set_up(at: datetime) -> Duty | None:
    """What is still to be set up, until it is done or the administrator says that it is enough. One statement, and none afterwards."""
    house: House = organisation.house()
    if not house.beginning:
        return None
    left = [one for one in steps() if not one.done]
    if not left:
        return None
    words = _("Still to do: %(what)s.", what=", ".join(one.title for one in left))
    title = _n("Setting up: %(num)d step left", "Setting up: %(num)d steps left", len(left))
    return Duty("flag", str(title), str(words), url_for("starting.guide"), str(len(left)), "accent", str(_("Go on")))

"""The kinds of things other programs may read, each in the order of its number and of people whom the token's maker may see."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, select

from trainee import people, plans, profile
from trainee.api.resource import Field, Resource, Wanted, plain
from trainee.evidence.models import EVIDENCE
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.modules.library import ModuleVersion
from trainee.modules.quizzes.models import QuizAttempt
from trainee.modules.roleplays.models import RolePlayRun
from trainee.people import Person, ReportingLine, RoleHeld, Team, Unit
from trainee.plans.models import ASSIGNMENT
from trainee.voice.holding import from_customer, held_in

Page = Sequence[tuple[int, Mapping[str, Any] | None]]
PERSON = Field("person_id", "integer", "The number of the person it is about.")


def _narrowed(statement: Select[Any], wanted: Wanted, number: Any, person: Any) -> Select[Any]:
    statement = statement.where(person.in_(people.visible_to(wanted.who)), number > wanted.after)
    if wanted.person_id is not None:
        statement = statement.where(person == wanted.person_id)
    return statement.order_by(number).limit(wanted.limit + 1)


class People(Resource):
    """Everybody with an account, the closed ones too."""

    key = "people"
    says = "Everybody with an account; one that was closed says since when."
    fields = (
        Field("id", "integer", "The person's number, the same in every other list."),
        Field("employee_no", "string", "The number in the personnel system.", optional=True),
        Field("username", "string", "The name she signs in with."),
        Field("name", "string", "Her name."),
        Field("job", "string", "Her job, as it was entered."),
        Field("roles", "strings", "The roles she holds here."),
        Field("team_id", "integer", "The number of her team.", optional=True),
        Field("team", "string", "Its name.", optional=True),
        Field("unit", "string", "The unit it belongs to.", optional=True),
        Field("supervisor_id", "integer", "Her direct supervisor.", optional=True),
        Field("language", "string", "tr or en."),
        Field("time_zone", "string", "Where she lives, as in Europe/Istanbul."),
        Field("hired_on", "date", "Her first day.", optional=True),
        Field("closed_at", "date-time", "Since when her account is closed.", optional=True),
    )

    def page(self, wanted: Wanted) -> Page:
        """Two statements."""
        line = select(ReportingLine.supervisor_id).where(
            ReportingLine.person_id == Person.id, ReportingLine.until.is_(None), ReportingLine.kind == "direct"
        )
        statement = (
            select(Person, Team.name.label("team"), Unit.name.label("unit"), line.scalar_subquery().label("supervisor_id"))
            .outerjoin(Team, Team.id == Person.team_id)
            .outerjoin(Unit, Unit.id == Team.unit_id)
        )
        rows = db.session.execute(_narrowed(statement, wanted, Person.id, Person.id)).all()
        held: dict[int, list[str]] = {}
        for role in db.session.execute(select(RoleHeld.person_id, RoleHeld.role).where(RoleHeld.person_id.in_([row.Person.id for row in rows]))):
            held.setdefault(role.person_id, []).append(role.role)
        return [(row.Person.id, self._one(row, sorted(held.get(row.Person.id, [])))) for row in rows]

    @staticmethod
    def _one(row: Any, roles: list[str]) -> dict[str, Any]:
        one = row.Person
        found = {name: plain(getattr(one, name)) for name in ("id", "employee_no", "username", "name", "job", "team_id", "language", "time_zone")}
        found |= {"roles": roles, "team": row.team, "unit": row.unit, "supervisor_id": row.supervisor_id}
        return found | {"hired_on": plain(one.hired_on), "closed_at": plain(one.disabled_at)}


class Assignments(Resource):
    """Everything that was assigned to somebody, and how it stands now."""

    key = "assignments"
    says = "Everything that was assigned to somebody, and how it stands now. Whether it is done is read from the work."
    fields = (
        Field("id", "integer", "The assignment's number."),
        PERSON,
        Field("kind", "string", "module, roleplay, reviews or path."),
        Field("what", "string", "The key of the module, role-play or path; empty for review sets."),
        Field("title", "string", "What is to be done, in the language of the call."),
        Field("given_at", "date-time", "When it was given; what a rule gives may be due by an earlier day of joining."),
        Field("given_by_id", "integer", "Who gave it; empty where a rule did.", optional=True),
        Field("due_on", "date", "Its last day where the person lives.", optional=True),
        Field("state", "string", "open, overdue, done, excused, withdrawn or left."),
        Field("completed_at", "date-time", "When it was complete.", optional=True),
        Field("why", "string", "The reason that stands with it."),
    )

    def page(self, wanted: Wanted) -> Page:
        """Four statements."""
        ids = list(db.session.scalars(_narrowed(select(ASSIGNMENT.c.id), wanted, ASSIGNMENT.c.id, ASSIGNMENT.c.person_id)))
        found = plans.listed(ASSIGNMENT.c.id.in_(ids), local_date(wanted.at, wanted.who.time_zone), most=None) if ids else []
        told = {one.open.id: one for one in found}
        # What was assigned of a module that is gone for good cannot be told any more.
        return [(number, self._one(told[number]) if number in told else None) for number in ids]

    @staticmethod
    def _one(one: plans.Listed) -> dict[str, Any]:
        made = one.open
        done = made.progress.completed_at if one.state == "done" else None
        found = {"id": made.id, "person_id": made.person_id, "kind": made.kind, "what": made.what, "title": made.name, "why": made.why}
        found |= {"given_at": plain(made.given_at), "given_by_id": made.given_by_id, "due_on": plain(made.due_on)}
        return found | {"state": one.state, "completed_at": plain(done)}


class Attempts(Resource):
    """Every try at a quiz."""

    key = "attempts"
    says = "Every try at a quiz: at which version, when, and with what result. The answers themselves are nobody's but hers."
    fields = (
        Field("id", "integer", "The attempt's number."),
        PERSON,
        Field("module", "string", "The key of the module."),
        Field("version", "integer", "The version it was taken on."),
        Field("number", "integer", "Her how many-th try it was."),
        Field("started_at", "date-time", "When it was begun."),
        Field("handed_in_at", "date-time", "When it was handed in.", optional=True),
        Field("score", "number", "The share of the points, 0 to 1.", optional=True),
        Field("passed", "boolean", "Whether it was passed.", optional=True),
    )

    def page(self, wanted: Wanted) -> Page:
        """One statement."""
        one = QuizAttempt
        columns = (one.id, one.person_id, one.module_key.label("module"), ModuleVersion.number.label("version"), one.number)
        statement = select(*columns, one.started_at, one.handed_in_at, one.score, one.passed).join(ModuleVersion, ModuleVersion.id == one.version_id)
        rows = db.session.execute(_narrowed(statement, wanted, one.id, one.person_id)).mappings()
        return [(row["id"], {name: plain(value) for name, value in row.items()}) for row in rows]


class Runs(Resource):
    """Every talk in a role-play, those that were left in the middle as well."""

    key = "runs"
    says = "Every run of a role-play: of which version, when, and how it ended; one without an end was left. The choices are not in it."
    fields = (
        Field("id", "integer", "The run's number."),
        PERSON,
        Field("module", "string", "The key of the module."),
        Field("version", "integer", "The version it was begun on."),
        Field("story", "string", "The key of the role-play."),
        Field("started_at", "date-time", "When it was begun."),
        Field("finished_at", "date-time", "When it came to its end.", optional=True),
        Field("ending", "string", "The key of the ending.", optional=True),
        Field("rank", "integer", "How good that ending is, 1 to 3 (the best).", optional=True),
        Field("criticals", "integer", "How many critical errors there were in it."),
        Field("replay_of", "integer", "The number of the run it began as a copy of.", optional=True),
    )

    def page(self, wanted: Wanted) -> Page:
        """One statement."""
        one = RolePlayRun
        columns = (one.id, one.person_id, ModuleVersion.key.label("module"), ModuleVersion.number.label("version"), one.story, one.started_at)
        ended = (one.finished_at, one.ending, one.rank, one.criticals, one.replay_of)
        statement = select(*columns, *ended).join(ModuleVersion, ModuleVersion.id == one.version_id)
        rows = db.session.execute(_narrowed(statement, wanted, one.id, one.person_id)).mappings()
        return [(row["id"], {name: plain(value) for name, value in row.items()}) for row in rows]


class EvidenceRows(Resource):
    """The log: everything anybody showed about a skill."""

    key = "evidence"
    says = "The log: everything anybody showed about a skill, once. A row with `retracts` takes another back. Free words are not in it."
    fields = (
        Field("id", "integer", "The row's number; rows are only ever added."),
        PERSON,
        Field("skill", "string", "The key of the skill."),
        Field("source", "string", "The kind of evidence, as in quiz_answer."),
        Field(
            "score",
            "number",
            "How that one thing went, 0 to 1. Empty for what a customer said while fewer than five did of that skill, unless whoever made the token "
            "leads the person.",
            optional=True,
        ),
        Field("item", "string", "What was answered, chosen or scored. Empty where the score is, so that it names no question."),
        Field("occurred_at", "date-time", "When it happened."),
        Field("recorded_at", "date-time", "When it was written down."),
        Field("retracts", "integer", "The number of the row that this one takes back.", optional=True),
    )

    def page(self, wanted: Wanted) -> Page:
        """One statement, and three where customers spoke of somebody whom the token's maker does not lead."""
        log = EVIDENCE.c
        columns = (log.id, log.person_id, log.skill_key.label("skill"), log.source, log.score, log.item, log.occurred_at, log.recorded_at)
        rows = db.session.execute(_narrowed(select(*columns, log.retracts_id.label("retracts")), wanted, log.id, log.person_id)).mappings().all()
        rated = {row["person_id"] for row in rows if from_customer(row["source"])}
        others = rated - people.own_among(wanted.who, rated)
        levels = profile.levels_of(sorted(others), wanted.at) if others else {}
        held = {(number, skill) for number in others for skill in held_in(levels[number])}
        return [(row["id"], self._one(row, (row["person_id"], row["skill"]) in held)) for row in rows]

    @staticmethod
    def _one(row: RowMapping, held: bool) -> dict[str, Any]:
        found = {name: plain(value) for name, value in row.items()}
        return found | {"score": None, "item": ""} if held and from_customer(row["source"]) else found


class Mastery(Resource):
    """What the evidence adds up to, person by person."""

    key = "mastery"
    says = "What the evidence adds up to: for each person who is here, every skill of which something is known. A page is of people."
    fields = (
        PERSON,
        Field(
            "skills",
            "objects",
            "Her skills.",
            inner=(
                Field("skill", "string", "The key of the skill."),
                Field("level", "integer", "1 to 4; empty while the evidence is not enough.", optional=True),
                Field("certainty", "string", "unknown, first (a first guess) or sure."),
                Field("evidence_count", "integer", "How many pieces of evidence there are."),
                Field("last_evidence_at", "date-time", "Of the newest one.", optional=True),
            ),
        ),
    )

    def page(self, wanted: Wanted) -> Page:
        """Two statements."""
        statement = select(Person.id).where(Person.disabled_at.is_(None))
        ids = list(db.session.scalars(_narrowed(statement, wanted, Person.id, Person.id)))
        levels = profile.levels_of(ids, wanted.at) if ids else {}
        return [(number, {"person_id": number, "skills": [self._one(one) for one in levels[number].values() if one.figure.n]}) for number in ids]

    @staticmethod
    def _one(one: profile.Level) -> dict[str, Any]:
        found = {"skill": one.skill, "level": one.level, "certainty": one.certainty, "evidence_count": one.figure.n}
        return found | {"last_evidence_at": plain(one.figure.last_at)}


RESOURCES: dict[str, Resource] = {one.key: one for one in (People(), Assignments(), Attempts(), Runs(), EvidenceRows(), Mastery())}
FIGURES = "figures"
SCOPES = (*RESOURCES, FIGURES)

"""Entering people, moving them and closing accounts, with what the rules say of whoever joins or leaves.

The pages are those of people; they stand here because people know nothing of rules.
"""

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee import plans
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import beside
from trainee.kit.i18n import _
from trainee.kit.web import back_to, show
from trainee.notices import tell
from trainee.people import Person, Team, actions, queries, viewer
from trainee.people.oidc_views import bp
from trainee.people.views import lines_of, person_form, place, require_admin_for_admin_roles, require_admin_over_admins

__all__ = ["bp"]


@bp.route("/people/new", methods=["GET", "POST"])
def new_person() -> Response | BaseResponse:
    """A new person, who then gets an invitation."""
    queries.require_role(viewer(), "hr", "admin")
    form = person_form()
    if request.method == "GET":
        form.roles.data = ["employee"]
    elif form.validate_on_submit():
        require_admin_for_admin_roles(form.roles.data or [], frozenset())
        try:
            person = actions.add_person(
                username=form.username.data or "",
                name=form.name.data or "",
                job=form.job.data or "",
                at=now(),
                email=form.email.data,
                language=form.language.data,
                hired_on=form.hired_on.data,
                employee_no=form.employee_no.data or None,
                roles=tuple(form.roles.data or ()),
                actor_id=viewer().id,
            )
            place(person, form)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            plans.apply_rules(now(), [person.id])
            # What her new team or job expects of her asks for her answer.
            tell("expectation_to_acknowledge", [person.id], now())
            db.session.commit()
            return back_to(url_for("people.manage", person_id=person.id))
    return show("people/edit.html", form=form, person=None, status=422 if request.method == "POST" else 200)


@bp.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
def edit_person(person_id: int) -> Response | BaseResponse:
    """Change a person's place, roles and particulars."""
    queries.require_role(viewer(), "hr", "admin")
    person = queries.person_or_404(person_id, viewer())
    form = person_form(person)
    held = queries.roles_of(person.id)
    if request.method == "GET":
        lines = lines_of(person)
        form.process(
            obj=person,
            data={
                "roles": sorted(held),
                "team_id": person.team_id or 0,
                "supervisor_id": lines.get("direct", 0),
                "dotted_id": lines.get("dotted", 0),
            },
        )
        form.team_id.data, form.supervisor_id.data, form.dotted_id.data, form.roles.data = (
            person.team_id or 0,
            lines.get("direct", 0),
            lines.get("dotted", 0),
            sorted(held),
        )
    elif form.validate_on_submit():
        require_admin_for_admin_roles(form.roles.data or [], held)
        before = person.team_id
        try:
            actions.edit_person(
                person,
                username=form.username.data or "",
                name=form.name.data or "",
                email=form.email.data,
                job=form.job.data or "",
                employee_no=form.employee_no.data or None,
                hired_on=form.hired_on.data,
                language=form.language.data,
                at=now(),
                actor_id=viewer().id,
            )
            actions.set_roles(person, form.roles.data or [], now(), viewer().id)
            place(person, form)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            plans.apply_rules(now(), [person.id])
            # What her new team or job expects of her asks for her answer.
            tell("expectation_to_acknowledge", [person.id], now())
            db.session.commit()
            flash(_("Saved."))
            if person.team_id not in (None, before):
                _tell_of_leader(person)
            return back_to(url_for("people.manage", person_id=person.id))
    return show("people/edit.html", form=form, person=person, status=422 if request.method == "POST" else 200)


def _tell_of_leader(person: Person) -> None:
    """A team and a line are two things: whoever comes to a team keeps her supervisor, and that is easily overlooked."""
    team = db.session.get_one(Team, person.team_id)
    leader = db.session.get(Person, team.supervisor_id) if team.supervisor_id else None
    direct = {row.id: row.name for row in queries.supervisors_of(person.id) if row.kind == "direct"}
    if leader is None or leader.id == person.id or leader.id in direct:
        return
    if direct:
        flash(
            _(
                "%(team)s is led by %(leader)s, and the supervisor is still %(supervisor)s. Please change that too if it is meant to change.",
                team=team.name,
                leader=leader.name,
                supervisor=", ".join(direct.values()),
            )
        )
    else:
        flash(_("%(team)s is led by %(leader)s, and no supervisor is named yet.", team=team.name, leader=leader.name))


@bp.post("/people/<int:person_id>/disabling")
def disable(person_id: int) -> BaseResponse:
    """Close or open an account."""
    queries.require_role(viewer(), "hr", "admin")
    person = queries.person_or_404(person_id, viewer())
    require_admin_over_admins(person)
    if person.id == viewer().id:
        raise Refusal(_("You cannot close your own account. Please ask another administrator."))
    if request.form.get("open"):
        actions.enable(person, now(), viewer().id)
    else:
        actions.disable(person, now(), viewer().id)
    plans.apply_rules(now(), [person.id])
    db.session.commit()
    flash(_("Saved."))
    return back_to(url_for("people.manage", person_id=person.id))

"""What changes the world of people: joining, moving, supervising, signing in and out."""

import io
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email
from PIL import Image, ImageOps
from sqlalchemy import delete, func, insert, select, update

from trainee.kit import audit, throttle, trtext
from trainee.kit.db import db, upsert
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import LANGUAGES, _, _n
from trainee.kit.photos import TooManyDotsError, UnreadableError, open_photo
from trainee.people import passwords
from trainee.people.models import (
    LINES,
    ROLES,
    AccessLink,
    LinkRequest,
    OidcIdentity,
    Person,
    Photo,
    ReportingLine,
    RoleHeld,
    SignIn,
    Stay,
    Team,
    Unit,
)
from trainee.people.queries import by_login, reports, roles_of, way_up

TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS, WINDOW = 8, 60, timedelta(minutes=15)
# The fields of the form in which a line of each kind is chosen.
PLACES = {"direct": "supervisor_id", "dotted": "dotted_id"}
LINK_LASTS = {"invitation": timedelta(days=7), "reset": timedelta(hours=24)}


def make_unit(name: str, parent_id: int | None = None) -> Unit:
    """A new unit, inside another or at the top. Refusal when the name is missing or taken."""
    unit = Unit(name=_free_name(Unit, name, None), parent_id=parent_id)
    db.session.add(unit)
    db.session.flush()
    return unit


def edit_unit(unit: Unit, name: str, parent_id: int | None) -> None:
    """Another name, or another unit around it. Refusal when the name is missing or taken, or a unit would lie inside itself."""
    name = _free_name(Unit, name, unit.id)
    names = [name]
    around = parent_id
    while around is not None:
        if around == unit.id:
            raise Refusal(_("A unit cannot lie inside itself: %(loop)s.", loop=" → ".join([*names, name])), 422, "parent_id")
        one = db.session.execute(select(Unit.name, Unit.parent_id).where(Unit.id == around)).one()
        names.append(one.name)
        around = one.parent_id
    unit.name, unit.parent_id = name, parent_id
    db.session.flush()


def make_team(name: str, unit_id: int) -> Team:
    """A new team in a unit; it gets its supervisor with `lead`. Refusal when the name is missing or taken."""
    team = Team(name=_free_name(Team, name, None), unit_id=unit_id, supervisor_id=None)
    db.session.add(team)
    db.session.flush()
    return team


def edit_team(team: Team, name: str, unit_id: int, supervisor_id: int | None) -> None:
    """Another name, unit or leader. Refusal when the name is missing or taken, or who shall lead is no supervisor."""
    if supervisor_id is not None and supervisor_id != team.supervisor_id and "supervisor" not in roles_of(supervisor_id):
        raise Refusal(_("A team is led by somebody who is a supervisor."), 422, "supervisor_id")
    team.name, team.unit_id, team.supervisor_id = _free_name(Team, name, team.id), unit_id, supervisor_id
    db.session.flush()


def _free_name(model: type[Unit | Team], name: str, but: int | None) -> str:
    """A name of a unit or a team as it is kept; Refusal when it is missing or another has it, in whatever case."""
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Please write a name."), 422, "name")
    taken = {trtext.fold(other) for number, other in db.session.execute(select(model.id, model.name)).all() if number != but}
    if trtext.fold(name) in taken:
        raise Refusal(_("There is one with that name already."), 422, "name")
    return name


def _clean_email(email: str | None) -> str | None:
    if not email or not email.strip():
        return None
    try:
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Refusal(_("That e-mail address does not look right: %(email)s", email=email), 422, "email") from None


# What can be typed at a sign-in page on any keyboard, and stands in one line of a CSV.
_USERNAME = re.compile(r"[\w.-]+")


def require_free_username(username: str, person_id: int | None = None) -> None:
    """Refusal when nobody could be called so to sign in, or when somebody else is; `person_id` may keep her own, whatever it looks like."""
    other = by_login(username)
    if other is not None and other.id == person_id:
        return
    if not _USERNAME.fullmatch(username):
        raise Refusal(_("A user name has letters, digits, dots, hyphens and underscores, and no spaces."), 422, "username")
    if other is not None:
        raise Refusal(_("There is already an account with that user name or e-mail address."), 422, "username")


def require_free_email(email: str | None, person_id: int | None = None) -> str | None:
    """The address as it is kept; Refusal when it cannot be one, or is somebody else's."""
    address = _clean_email(email)
    other = by_login(address) if address else None
    if other is not None and other.id != person_id:
        raise Refusal(_("There is already an account with that user name or e-mail address."), 422, "email")
    return address


def _check_zone(time_zone: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal(_("There is no time zone called %(zone)s.", zone=time_zone), 422, "time_zone") from None


def add_person(
    *,
    username: str,
    name: str,
    job: str,
    at: datetime,
    email: str | None = None,
    language: str = "tr",
    time_zone: str = "Europe/Istanbul",
    team_id: int | None = None,
    hired_on: date | None = None,
    employee_no: str | None = None,
    roles: tuple[str, ...] = ("employee",),
    actor_id: int | None = None,
) -> Person:
    """A new person. Refusal when the user name or the address is taken, or something given makes no sense."""
    username, name = username.strip(), " ".join(name.split())
    if not username or not name:
        raise Refusal(_("A person needs a user name and a name."), 422, "username")
    if language not in LANGUAGES:
        raise Refusal(_("Choose Turkish or English."), 422, "language")
    _check_zone(time_zone)
    require_free_username(username)
    address = require_free_email(email)
    person = Person(
        username=username,
        username_key=trtext.fold(username),
        email=address,
        email_key=trtext.fold(address) if address else None,
        name=name,
        name_sort=trtext.sort_key(name),
        employee_no=employee_no,
        job=job,
        language=language,
        time_zone=time_zone,
        team_id=None,
        hired_on=hired_on,
        password_hash=None,
        created_at=at,
        disabled_at=None,
        photo_digest=None,
    )
    db.session.add(person)
    db.session.flush()
    if team_id is not None:
        move(person, team_id, at)
    set_roles(person, roles, at, actor_id)
    audit.note(actor_id, "add_person", f"person/{person.id}", at)
    return person


def set_roles(person: Person, roles: tuple[str, ...] | list[str], at: datetime, actor_id: int | None) -> None:
    """The roles a person holds from now on; at least one."""
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise Refusal(_("Choose at least one role."), 422, "roles")
    if "supervisor" not in roles and (many := db.session.scalar(select(func.count()).select_from(reports(person.id).subquery()))):
        raise Refusal(
            _n(
                "%(num)d person reports to %(name)s, who therefore stays a supervisor. Give that person another supervisor first.",
                "%(num)d people report to %(name)s, who therefore stays a supervisor. Give them another supervisor first.",
                many,
                name=person.name,
            ),
            422,
            "roles",
        )
    db.session.execute(delete(RoleHeld).where(RoleHeld.person_id == person.id))
    db.session.execute(insert(RoleHeld), [{"person_id": person.id, "role": role} for role in sorted(set(roles))])
    audit.note(actor_id, "set_roles", f"person/{person.id}", at, roles=sorted(set(roles)))


def move(person: Person, team_id: int | None, at: datetime) -> None:
    """Put a person into a team from `at` on; where she was before stays on record."""
    if person.team_id == team_id:
        return
    db.session.execute(update(Stay).where(Stay.person_id == person.id, Stay.until.is_(None)).values(until=at))
    person.team_id = team_id
    if team_id is not None:
        db.session.add(Stay(person_id=person.id, team_id=team_id, since=at, until=None))
    db.session.flush()


def supervise(person: Person, supervisor: Person, at: datetime, kind: str = "direct", actor_id: int | None = None) -> None:
    """`supervisor` supervises `person` from now on. A direct line replaces the one before.

    Refusal for a line to somebody who is no supervisor, who could do nothing for whoever is below her, and for a loop of lines of any kind,
    which is named.
    """
    if kind not in LINES:
        raise Refusal(_("A reporting line is direct or dotted."), 422)
    where = PLACES[kind]
    if person.id == supervisor.id:
        raise Refusal(_("%(name)s cannot be their own supervisor.", name=person.name), 422, where)
    if (way := way_up(supervisor.id, person.id)) is not None:
        raise Refusal(_("This would make a loop: %(loop)s.", loop=" → ".join([person.name, *way])), 422, where)
    if "supervisor" not in roles_of(supervisor.id):
        raise Refusal(
            _("%(name)s is not a supervisor. Give that role first; it can be ticked on the form of that person.", name=supervisor.name), 422, where
        )
    if kind == "direct":
        db.session.execute(
            update(ReportingLine)
            .where(ReportingLine.person_id == person.id, ReportingLine.kind == "direct", ReportingLine.until.is_(None))
            .values(until=at)
        )
    standing = select(ReportingLine.id).where(
        ReportingLine.person_id == person.id, ReportingLine.supervisor_id == supervisor.id, ReportingLine.kind == kind, ReportingLine.until.is_(None)
    )
    if db.session.execute(standing).first() is None:
        db.session.add(ReportingLine(person_id=person.id, supervisor_id=supervisor.id, kind=kind, since=at, until=None))
    db.session.flush()
    audit.note(actor_id, "supervise", f"person/{person.id}", at, supervisor_id=supervisor.id, kind=kind)


def end_line(person_id: int, supervisor_id: int, at: datetime, kind: str) -> None:
    """That supervisor no longer supervises that person."""
    db.session.execute(
        update(ReportingLine)
        .where(
            ReportingLine.person_id == person_id,
            ReportingLine.supervisor_id == supervisor_id,
            ReportingLine.kind == kind,
            ReportingLine.until.is_(None),
        )
        .values(until=at)
    )


def lead(team: Team, supervisor: Person) -> None:
    """That person leads that team."""
    team.supervisor_id = supervisor.id
    db.session.flush()


def set_password(person: Person, password: str, at: datetime, *, keep_sign_in: int | None = None, actor_id: int | None = None) -> None:
    """A new password. Every other device is signed out. Refusal when it is too weak."""
    _set_password(person, passwords.made(password, person.username), at, keep_sign_in=keep_sign_in, actor_id=actor_id)


def _set_password(person: Person, made: str, at: datetime, *, keep_sign_in: int | None = None, actor_id: int | None = None) -> None:
    person.password_hash = made
    sign_out_everywhere(person.id, at, keep=keep_sign_in)
    audit.note(actor_id, "set_password", f"person/{person.id}", at)


def allow_change(person_id: int, at: datetime) -> None:
    """Count one try to change a password. Refusal (429) after too many; committed by the caller in any case."""
    if throttle.count(f"change/{person_id}", at, WINDOW) > TRIES_PER_ACCOUNT:
        raise Refusal(_("That was tried too often. Please wait a quarter of an hour."), 429, "throttled")


def change_password(person: Person, known: str | None, made: str, at: datetime, sign_in_id: int) -> None:
    """Change one's own password to one that was `made`. Refusal when it is no longer `known`, the one that was checked before the transaction."""
    if person.password_hash != known:
        raise Refusal(_("Your password was changed somewhere else just now. Please begin again."))
    _set_password(person, made, at, keep_sign_in=sign_in_id, actor_id=person.id)


def allow_try(login: str, address: str, at: datetime) -> None:
    """Count one try to sign in, for the account and for the address. Refusal (429) after too many; committed by the caller in any case."""
    account, place = _account(login), _place(address)
    if throttle.count(account, at, WINDOW) > TRIES_PER_ACCOUNT or throttle.count(place, at, WINDOW) > TRIES_PER_ADDRESS:
        raise Refusal(_("Too many tries. Please wait a quarter of an hour, or ask HR for a new link."), 429, "throttled")


def _place(address: str) -> str:
    return f"address/{passwords.digest(address)[:40]}"


def _account(login: str) -> str:
    """What tries are counted under: the account, by whichever of its two names it was meant, or what was typed where there is none."""
    person = by_login(login)
    typed = f"person/{person.id}" if person is not None else trtext.fold(login.strip())
    return f"sign-in/{passwords.digest(typed)[:40]}"


def wait_to_sign_in(login: str, address: str, at: datetime) -> int:
    """In how many seconds the tries of this account and from this address begin to be counted anew."""
    return throttle.rest({_account(login): TRIES_PER_ACCOUNT, _place(address): TRIES_PER_ADDRESS}, at, WINDOW)


def open_sign_in(person_id: int, login: str, device: str, remember: bool, at: datetime, address: str | None = None) -> str:
    """A new sign-in of somebody whose password was right; its token, for the cookie. `address` is where from, if that try was counted."""
    throttle.forget(_account(login))
    if address is not None:
        # Only wrong passwords are held against an address: behind one line a whole shift may sign in at nine.
        throttle.give_back(_place(address))
    token = passwords.token()
    db.session.add(
        SignIn(
            digest=passwords.digest(token), person_id=person_id, device=device[:120], remembered=remember, created_at=at, seen_at=at, ended_at=None
        )
    )
    db.session.flush()
    audit.note(person_id, "sign_in", f"person/{person_id}", at)
    return token


def sign_out(sign_in_id: int, at: datetime) -> None:
    """End one sign-in."""
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)).values(ended_at=at))


def sign_out_device(person_id: int, sign_in_id: int, at: datetime) -> None:
    """End one of one's own sign-ins; NotFound when it is somebody else's."""
    ended = db.session.execute(
        update(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person_id).values(ended_at=at).returning(SignIn.id)
    ).first()
    if ended is None:
        raise NotFound


def sign_out_everywhere(person_id: int, at: datetime, keep: int | None = None) -> None:
    """End every sign-in of a person, except the one to `keep`."""
    statement = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    if keep is not None:
        statement = statement.where(SignIn.id != keep)
    db.session.execute(statement.values(ended_at=at))


def untie(person_id: int, at: datetime, by_id: int) -> None:
    """Let somebody's account be tied anew to whoever signs in by the provider with its verified address. Doing it again changes nothing."""
    found = db.session.execute(delete(OidcIdentity).where(OidcIdentity.person_id == person_id).returning(OidcIdentity.id)).all()
    if found:
        audit.note(by_id, "untie_sign_in", f"person/{person_id}", at)


def touch(sign_in_id: int, at: datetime) -> None:
    """Note that a sign-in is in use."""
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=at))


def make_link(person: Person, purpose: str, at: datetime, made_by_id: int | None) -> str:
    """A one-time link's token for an invitation or a reset; links made before end, and an open request is answered."""
    db.session.execute(update(AccessLink).where(AccessLink.person_id == person.id, AccessLink.used_at.is_(None)).values(used_at=at))
    token = passwords.token()
    db.session.add(
        AccessLink(
            digest=passwords.digest(token),
            person_id=person.id,
            purpose=purpose,
            made_by_id=made_by_id,
            made_at=at,
            expires_at=at + LINK_LASTS[purpose],
            used_at=None,
        )
    )
    db.session.execute(update(LinkRequest).where(LinkRequest.person_id == person.id, LinkRequest.answered_at.is_(None)).values(answered_at=at))
    db.session.flush()
    audit.note(made_by_id, "make_link", f"person/{person.id}", at, purpose=purpose)
    return token


def link_holder(token: str, at: datetime) -> Person | None:
    """Whose unused, unexpired link that is; None for any other, without saying why."""
    statement = (
        select(Person)
        .join(AccessLink, AccessLink.person_id == Person.id)
        .where(AccessLink.digest == passwords.digest(token), AccessLink.used_at.is_(None), AccessLink.expires_at > at, Person.disabled_at.is_(None))
    )
    return db.session.execute(statement).scalars().first()


def use_link(token: str, made: str, at: datetime) -> Person:
    """Set the password that was `made` with a one-time link, once. NotFound when it was used, has expired, or never was."""
    person = link_holder(token, at)
    if person is None:
        raise NotFound
    used = db.session.execute(
        update(AccessLink)
        .where(AccessLink.digest == passwords.digest(token), AccessLink.used_at.is_(None))
        .values(used_at=at)
        .returning(AccessLink.id)
    )
    if used.first() is None:
        raise NotFound
    _set_password(person, made, at, actor_id=person.id)
    # Whoever was told to ask for a link because of too many tries gets in with the new password at once.
    throttle.forget(_account(person.username))
    return person


def ask_for_link(login: str, address: str, at: datetime) -> None:
    """Somebody forgot her password. Says nothing about whether there is such an account; HR sees the request."""
    if throttle.count(f"forgot/{passwords.digest(address)[:40]}", at, timedelta(hours=1)) > 10:
        raise Refusal(_("Too many tries. Please wait an hour."), 429, "throttled")
    person = by_login(login)
    if person is None or person.disabled_at is not None:
        return
    standing = select(LinkRequest.id).where(LinkRequest.person_id == person.id, LinkRequest.answered_at.is_(None))
    if db.session.execute(standing).first() is None:
        db.session.add(LinkRequest(person_id=person.id, asked_at=at, answered_at=None))


def disable(person: Person, at: datetime, actor_id: int | None) -> None:
    """Close an account: out at once on every device, and no link opens it. Nothing of hers is erased."""
    person.disabled_at = at
    sign_out_everywhere(person.id, at)
    audit.note(actor_id, "disable", f"person/{person.id}", at)


def enable(person: Person, at: datetime, actor_id: int | None) -> None:
    """Open a closed account again. Refusal for one that is nobody's any more."""
    if person.is_nobody:
        raise Refusal(_("This person was made anonymous. The account stays closed."))
    person.disabled_at = None
    audit.note(actor_id, "enable", f"person/{person.id}", at)


def edit_profile(person: Person, *, name: str, language: str, time_zone: str, at: datetime) -> None:
    """What a person may change about herself."""
    name = " ".join(name.split())
    if not name or len(name) > 120:
        raise Refusal(_("Please write your name."), 422, "name")
    if language not in LANGUAGES:
        raise Refusal(_("Choose Turkish or English."), 422, "language")
    _check_zone(time_zone)
    person.name, person.name_sort, person.language, person.time_zone = name, trtext.sort_key(name), language, time_zone
    audit.note(person.id, "edit_profile", f"person/{person.id}", at)


def edit_person(
    person: Person,
    *,
    username: str,
    name: str,
    email: str | None,
    job: str,
    employee_no: str | None,
    hired_on: date | None,
    language: str,
    at: datetime,
    actor_id: int,
) -> None:
    """What HR may change about a person. Refusal when the new user name or address is somebody else's."""
    require_free_username(username.strip(), person.id)
    address = require_free_email(email, person.id)
    edit_profile(person, name=name, language=language, time_zone=person.time_zone, at=at)
    person.username, person.username_key = username.strip(), trtext.fold(username.strip())
    person.email, person.email_key = address, trtext.fold(address) if address else None
    person.job, person.employee_no, person.hired_on = job, employee_no, hired_on
    db.session.flush()
    audit.note(actor_id, "edit_person", f"person/{person.id}", at)


def choose_language(person_id: int, language: str) -> None:
    """Keep the language a person chose."""
    db.session.execute(update(Person).where(Person.id == person_id).values(language=language))


def set_photo(person: Person, body: bytes) -> None:
    """Keep a picture, re-encoded: square, 256 pixels, without the place and time a phone writes into it."""
    try:
        photo = open_photo(body, ("JPEG", "PNG", "WEBP")).convert("RGBA")
    except TooManyDotsError:
        raise Refusal(_("That picture is too large. Please choose a smaller one."), 422, "photo") from None
    except UnreadableError:
        raise Refusal(_("We cannot read that picture. Please choose a JPEG, PNG or WebP file."), 422, "photo") from None
    # What is transparent becomes white as paper; a JPEG cannot say it.
    square = ImageOps.fit(Image.alpha_composite(Image.new("RGBA", photo.size, "white"), photo).convert("RGB"), (256, 256))
    out = io.BytesIO()
    square.save(out, "JPEG", quality=85)
    encoded = out.getvalue()
    person.photo_digest = passwords.digest(encoded.hex())[:32]
    upsert(Photo, {"person_id": person.id, "digest": person.photo_digest, "body": encoded}, ["person_id"], ["digest", "body"])


def remove_photo(person: Person) -> None:
    """Take the picture away again."""
    person.photo_digest = None
    db.session.execute(delete(Photo).where(Photo.person_id == person.id))

"""Every deed that is written down, in words; a test compares this with what the packages write."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from markupsafe import Markup

from trainee.kit.i18n import _, _l, number

DEEDS: Final[dict[str, Any]] = {
    "acknowledge": _l("acknowledged an observation"),
    "acknowledged": _l("acknowledged an expectation"),
    "add shift": _l("added a shift on call"),
    "add_person": _l("added a person"),
    "agree on an action": _l("agreed on an action in coaching"),
    "anonymise": _l("made a person anonymous"),
    "answer": _l("answered a suggestion"),
    "apply_rule": _l("a rule was applied"),
    "arrange coaching": _l("arranged a coaching session"),
    "ask correction": _l("asked for a correction"),
    "ask_anonymity": _l("asked for a person to be made anonymous"),
    "assign": _l("gave an assignment"),
    "begin_rule": _l("began a rule"),
    "cancel coaching": _l("cancelled a coaching session"),
    "certify": _l("asked for a certification"),
    "close calibration case": _l("closed a calibration case"),
    "decide correction": _l("decided on a correction"),
    "decide dispute": _l("decided a dispute"),
    "decline self-review": _l("left out a self-review"),
    "delete_people_file": _l("deleted a file of people"),
    "disable": _l("closed an account"),
    "discard draft": _l("discarded a draft"),
    "dispute": _l("disputed a mark"),
    "draw contacts": _l("drew contacts to observe"),
    "earn observer's licence": _l("earned an observer’s licence"),
    "edit_person": _l("changed a person’s account"),
    "edit_profile": _l("changed her own profile"),
    "enable": _l("opened an account again"),
    "end expectation": _l("ended an expectation"),
    "end_rule": _l("ended a rule"),
    "end_schedule": _l("a scheduled report came to its end"),
    "end_webhook": _l("ended a webhook"),
    "excuse": _l("excused from an assignment"),
    "give_everybody_the_password": _l("the demonstration gave everybody its password"),
    "import_changed": _l("changed by a file of people"),
    "import_closed": _l("closed by a file of people"),
    "import_created": _l("added by a file of people"),
    "import_moved": _l("moved by a file of people"),
    "import_removed": _l("removed when a file was taken back"),
    "import_undone": _l("put back when a file was taken back"),
    "issue expectation": _l("issued an expectation"),
    "issue_certificate": _l("a certificate was issued"),
    "licence lapses": _l("an observer’s licence lapsed"),
    "look at reply": _l("looked at a typed reply"),
    "make calibration case": _l("made a calibration case"),
    "make_api_token": _l("made a token for programs"),
    "call_organisation": _l("named the organisation"),
    "finish_beginning": _l("finished setting up the site"),
    "set_logo": _l("set the logo"),
    "remove_logo": _l("removed the logo"),
    "make_certification": _l("made a certification"),
    "make_link": _l("made a link to sign in"),
    "make_rule": _l("made a rule"),
    "make_webhook": _l("entered a webhook"),
    "move coaching": _l("moved a coaching session"),
    "note effect": _l("noted the effect of a suggestion"),
    "objected": _l("objected to an expectation"),
    "observe": _l("observed a contact"),
    "offer growth": _l("offered a step to grow"),
    "offer reply": _l("showed a typed reply"),
    "open early": _l("opened a module early"),
    "praise": _l("praised"),
    "publish_module": _l("published a module"),
    "publish_notice": _l("published a privacy notice"),
    "put an agreement right": _l("put an agreement right"),
    "remove shift": _l("removed a shift on call"),
    "renew": _l("certifications came up for renewal"),
    "replace contact": _l("replaced a drawn contact"),
    "reply to objection": _l("replied to an objection"),
    "review oneself": _l("reviewed oneself"),
    "revoke_api_token": _l("revoked a token for programs"),
    "score calibration case": _l("scored a calibration case"),
    "set_password": _l("set a password"),
    "set_retention": _l("changed how long something is kept"),
    "set_roles": _l("changed roles"),
    "set_up_schedule": _l("set up a report by mail"),
    "sign_in": _l("signed in"),
    "stop_schedule": _l("stopped a report by mail"),
    "suggest": _l("made a suggestion"),
    "supervise": _l("set a supervisor"),
    "test_webhook": _l("sent a webhook a test"),
    "tie_sign_in": _l("signed in by the provider for the first time"),
    "untie_sign_in": _l("untied an account from the provider"),
    "upload_people": _l("brought a file of people"),
    "use_api_token": _l("a program used its token"),
    "begin interview": _l("began an interview"),
    "change survey": _l("changed a survey"),
    "close concern": _l("closed a concern"),
    "close wave": _l("closed a wave of a survey"),
    "code comment": _l("coded a comment"),
    "end link": _l("ended a link for customers"),
    "invite customers": _l("invited customers"),
    "make links": _l("made links for customers"),
    "make survey": _l("made a survey"),
    "count public voices": _l("counted what is said in public"),
    "remove public voices": _l("took a count of what is said in public out"),
    "make guide": _l("wrote an interview guide or a version of it"),
    "change guide": _l("changed an interview guide"),
    "set guide aside": _l("set an interview guide aside"),
    "take guide up": _l("offered an interview guide again"),
    "take sheets": _l("took in answers that were given elsewhere"),
    "open wave": _l("opened a wave of a survey"),
    "set target": _l("set a target"),
    "withdraw": _l("withdrew an assignment"),
    "withdraw licence": _l("withdrew an observer’s licence"),
    "withdraw_certificate": _l("withdrew a certificate"),
    "approve remedy": _l("approved a remedy"),
    "change improvement": _l("changed an improvement"),
    "choose remedy": _l("chose a remedy for a customer"),
    "close complaint": _l("closed a complaint"),
    "close complaint by file": _l("closed a complaint, as a file of another system says"),
    "close improvement": _l("closed an improvement"),
    "do step": _l("did a step of a complaint"),
    "finish baseline": _l("finished a baseline"),
    "leave out step": _l("left out a step of a complaint"),
    "open improvement": _l("opened an improvement"),
    "publish service model": _l("published the service model"),
    "read service model": _l("read the service model"),
    "retire entry": _l("retired an entry of the handbook"),
    "take baseline": _l("took a baseline"),
    "take complaint": _l("wrote a complaint down"),
    "hand on complaint": _l("gave a complaint of somebody who left, or of nobody, to who has it now"),
    "route complaint": _l("gave a complaint to the owner the handbook names"),
    "walk": _l("wrote down an environment walk"),
    "write entry": _l("wrote an entry of the handbook"),
    "set goal": _l("set a goal"),
    "close goal": _l("closed a goal"),
    "set hours with customers": _l("said how many hours with customers are wished for"),
    "write card": _l("wrote a policy card"),
    "retire card": _l("retired a policy card"),
    "take card from file": _l("let a policy card say what its file says"),
}

# What deeds are done to, by the first part of their subject.
SUBJECTS: Final[dict[str, Any]] = {
    "organisation": _l("organisation"),
    "public_voice": _l("public voices"),
    "interview_guide": _l("interview guide"),
    "person": _l("person"),
    "webhook": _l("webhook"),
    "assignment": _l("assignment"),
    "assignment_rule": _l("rule"),
    "calibration_case": _l("calibration case"),
    "certificate": _l("certificate"),
    "certification": _l("certification"),
    "coaching_session": _l("coaching session"),
    "contact_draw": _l("drawn contacts"),
    "correction_request": _l("request for correction"),
    "dispute": _l("dispute"),
    "duty_shift": _l("shift on call"),
    "expectation": _l("expectation"),
    "expectation_draft": _l("draft of an expectation"),
    "growth_offer": _l("offer to grow"),
    "module": _l("module"),
    "observation": _l("observation"),
    "offered_reply": _l("typed reply"),
    "path": _l("path"),
    "people_import": _l("file of people"),
    "praise": _l("praise"),
    "privacy_notice": _l("privacy notice"),
    "api_token": _l("token for programs"),
    "report_schedule": _l("report by mail"),
    "retention": _l("retention"),
    "ask_link": _l("link for customers"),
    "interview_talk": _l("interview"),
    "measure": _l("measure"),
    "rating": _l("customer’s rating"),
    "survey": _l("survey"),
    "survey_wave": _l("wave of a survey"),
    "suggestion": _l("suggestion"),
    "baseline": _l("baseline"),
    "complaint": _l("complaint"),
    "improvement": _l("improvement"),
    "goal": _l("goal"),
    "hours_target": _l("hours with customers"),
    "policy_card": _l("policy card"),
    "service_entry": _l("entry of the handbook"),
    "service_version": _l("service model"),
    "walk": _l("environment walk"),
}


# What is noted beside a deed, by its key.
DETAILS: Final[dict[str, Any]] = {
    "above_limit": _l("above her limit"),
    "active": _l("by night"),
    "amount": _l("amount"),
    "area": _l("area"),
    "asked": _l("asked"),
    "before": _l("before"),
    "bytes": _l("bytes"),
    "cases": _l("cases"),
    "count": _l("how many"),
    "decision": _l("decision"),
    "decisions": _l("decisions"),
    "events": _l("told of"),
    "existing": _l("for those who are here"),
    "fields": _l("fields"),
    "given": _l("given"),
    "ground": _l("ground"),
    "guide": _l("guide"),
    "import": _l("file no."),
    "kind": _l("kind"),
    "level": _l("level"),
    "module": _l("module"),
    "month": _l("month"),
    "months": _l("months"),
    "number": _l("version"),
    "outcome": _l("outcome"),
    "people": _l("people"),
    "person": _l("person"),
    "purpose": _l("what for"),
    "refused": _l("refused"),
    "remedy": _l("remedy"),
    "resting": _l("left in peace"),
    "right_by": _l("what says that it is the customer's right"),
    "roles": _l("roles"),
    "scopes": _l("may read"),
    "score": _l("score"),
    "skill": _l("skill"),
    "source": _l("comes from"),
    "starts_at": _l("begins"),
    "step": _l("step"),
    "supervisor_id": _l("supervisor"),
    "take_back": _l("took back what was open"),
    "team": _l("team"),
    "themes": _l("themes"),
    "value": _l("value"),
    "version": _l("version"),
    "way": _l("way"),
    "what": _l("what"),
    "why": _l("why"),
}
_PEOPLE: Final = ("person", "supervisor_id", "people")
# Numbers that stand for something.
_SAID: Final = ("level", "team", "amount")
# Of more people only how many they are is told.
_NAMED: Final = 3


def people_in(detail: Any) -> set[int]:
    """The numbers of those who are named in what was noted beside a deed."""
    values = [value for key in _PEOPLE if (value := (detail or {}).get(key)) is not None]
    return {one for value in values for one in (value[:_NAMED] if isinstance(value, list) else [value]) if isinstance(one, int)}


# What a value noted under a key is called; None where there is no word for it.
Say = Callable[[str, Any], str | None]


def detail_words(detail: Any, names: dict[int, str], say: Say | None = None) -> str:
    """What was noted beside a deed, in words; a key of another version as it is written, and so a value that `say` has no word for."""
    return " · ".join(f"{label}: {words}" for label, words, _code in _told(detail, names, say))[:300] or "—"


def detail_html(detail: Any, names: dict[int, str], say: Say) -> Markup | str:
    """The same for a page, where what only programs go by is marked as code."""
    parts = [(label, Markup("<code>{}</code>").format(words[:300]) if code else words[:300]) for label, words, code in _told(detail, names, say)]
    return Markup(" · ").join(Markup("{}: {}").format(*part) for part in parts) or "—"


def _told(detail: Mapping[str, Any] | None, names: dict[int, str], say: Say | None) -> list[tuple[str, str, bool]]:
    """Each thing that was noted: what it is called, its words, and whether these are a program's."""
    found = []
    for key, value in (detail or {}).items():
        said = _by_itself(key, value, names)
        if said is None and say is not None:
            said = say(key, value)
        plain = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        found.append((str(DETAILS.get(key, key)), plain if said is None else said, said is None))
    return found


def _by_itself(key: str, value: Any, names: dict[int, str]) -> str | None:
    """What needs nobody to say what it is called: people, yes and no, whole numbers, and nothing."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value in ("", []):
        return "—"
    if key in _PEOPLE:
        told = value if isinstance(value, list) else [value]
        return ", ".join(names.get(one, str(one)) for one in told) if len(told) <= _NAMED else str(len(told))
    if isinstance(value, list) and all(isinstance(one, int) for one in value):
        return ", ".join(map(str, value))
    return number(value) if isinstance(value, int) and key not in _SAID else None


def deed_words(deed: str) -> str:
    """A deed as people say it; one of another version as it is written."""
    return str(DEEDS.get(deed, deed))


def subject_words(subject: str, names: dict[int, str]) -> str:
    """What it was done to: a person by name, anything else by its kind and number."""
    kind, _slash, number = subject.partition("/")
    if kind == "person" and number.isdigit() and int(number) in names:
        return names[int(number)]
    return _("%(kind)s no. %(number)s", kind=SUBJECTS.get(kind, kind), number=number) if number else str(SUBJECTS.get(kind, kind))

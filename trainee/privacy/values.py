"""How a stored value is told to whom it is about: in the words the site has for it elsewhere, and never by the key that programs go by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from trainee import skills
from trainee.coaching.checks.actions import ANSWERS, CHECKS
from trainee.coaching.draws.forms import KIND_NAMES as DRAWS
from trainee.coaching.growth.forms import KIND_NAMES as OFFERS
from trainee.coaching.observations.forms import OUTCOME_NAMES
from trainee.coaching.scorecards.forms import CHANNEL_NAMES
from trainee.evidence.sources import sources
from trainee.expectations.forms import RHYTHM_NAMES
from trainee.expectations.words import ANSWER_NAMES
from trainee.kit.deeds import DEEDS, SUBJECTS
from trainee.kit.i18n import LANGUAGES, _, _l, date_words, language, moment_words, number, percent
from trainee.modules import library
from trainee.modules.lessons.tasks import HOW
from trainee.modules.library import Module
from trainee.modules.questions import kinds as questions
from trainee.modules.reviews.queries import question_of
from trainee.notices import kinds as notices
from trainee.notices.words import DAY_NAMES, FREQUENCY_NAMES, STATE_NAMES, problem_words, why_words
from trainee.people.forms import ROLE_NAMES
from trainee.people.importing import wording
from trainee.people.looks import CAPACITIES, LISTS, page_words
from trainee.plans.noted import CORRECTED, GROUNDS, KINDS, LINES, PURPOSES, SCOPES
from trainee.plans.words import ASSIGNED
from trainee.service.handbook.kinds import kinds as entries
from trainee.service.roster.models import CALL, GREET
from trainee.service.walks.checklist import AREAS
from trainee.service.words import CAUSES, CHANNELS, SEVERITIES
from trainee.voice.interviews.forms import CONSENT_NAMES, SIDE_NAMES, SPOKEN
from trainee.voice.measures.measure import MEASURES
from trainee.voice.public.actions import SOURCES
from trainee.voice.survey import QUESTIONS
from trainee.voice.surveys.forms import QUALITY_NAMES
from trainee.voice.themes import THEMES
from trainee.webhooks.actions import EVENTS

_LONGEST: Final = 300
_CHANNEL: Final = {**dict(CHANNELS), **CHANNEL_NAMES, "mail": _l("E-mail")}
_SURE: Final = {"guess": _l("Guessing"), "fairly": _l("Fairly sure"), "sure": _l("Sure")}
_SENT: Final = {"waiting": _l("waits"), "sent": _l("told"), "failed": _l("given up"), "cancelled": _l("called off")}
_LINES: Final = {
    "all": _l("All evidence"),
    "knowledge": _l("Knowledge"),
    "practice": _l("Practice"),
    "observed": _l("Seen at work"),
    "customers": _l("Customers"),
}
_FORMATS: Final = {"csv": _l("CSV for Excel"), "csv_plain": _l("CSV for programs"), "xlsx": "Excel", "pdf": "PDF", "json": "JSON"}
_SOURCES: Final = {one.key: one.title for one in sources}

# By table and column: what each value it can hold is called.
WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "person.language": LANGUAGES,
    "role_held.role": ROLE_NAMES,
    "reporting_line.kind": LINES,
    "people_import.state": wording.STATES,
    "people_import_row.outcome": wording.OUTCOMES,
    "access_link.purpose": PURPOSES,
    "quiz_answer.confidence": _SURE,
    "review_log.confidence": _SURE,
    "review_log.source": _SOURCES,
    "review_log.kind": {one.key: one.title for one in questions},
    "task_report.how": HOW,
    "role_play_pulse.value": {"good": _l("Good"), "so-so": _l("So-so"), "heavy": _l("It weighs on me")},
    "evidence.source": _SOURCES,
    "mastery.line": _LINES,
    "mastery_month.line": _LINES,
    "item_memory.line": _LINES,
    "expectation.rhythm": RHYTHM_NAMES,
    "expectation_draft.rhythm": RHYTHM_NAMES,
    "expectation_answer.kind": ANSWER_NAMES,
    "assignment.kind": KINDS,
    "assignment.ended_how": {key: words for key, (words, _tone) in ASSIGNED.items()},
    "observation.channel": _CHANNEL,
    "calibration_case.channel": _CHANNEL,
    "contact_check.channel": _CHANNEL,
    "complaint.channel": _CHANNEL,
    "delivery.channel": _CHANNEL,
    "dispute.outcome": OUTCOME_NAMES,
    "contact_draw.kind": DRAWS,
    "session_part.part": {
        "coach": _l("What the supervisor prepared"),
        "person": _l("What the person prepared"),
        "talk": _l("What was said in the talk"),
    },
    "growth_offer.kind": {key: words for key, (words, _told) in OFFERS.items()},
    "growth_offer.answer": {"accepted": _l("taken up"), "declined": _l("not taken up")},
    "suggestion.decision": {"adopted": _l("Adopted"), "declined": _l("Declined"), "later": _l("Later")},
    "comment_theme.theme": THEMES,
    "public_voice.source": SOURCES,
    "public_voice.theme": THEMES,
    "survey.kind": {"survey": _l("Survey"), "questionnaire": _l("Questionnaire")},
    "interview_talk.language": SPOKEN,
    "interview_talk.consent": CONSENT_NAMES,
    "interview_quote.side": SIDE_NAMES,
    "interview_quote.quality": QUALITY_NAMES,
    "notice.state": STATE_NAMES,
    "notice_step.state": STATE_NAMES,
    "delivery.state": _SENT,
    "notice_wish.frequency": FREQUENCY_NAMES,
    "duty_shift.duty": {CALL: _l("to be called"), GREET: _l("to greet at the door")},
    "service_entry.kind": {one.key: one.title for one in entries},
    "goal.measure": {
        "satisfied": _l("Satisfied customers, in percent"),
        "easy": _l("Customers who found it easy, in percent"),
        "recommend": _l("Would recommend us minus would not (NPS), -100 to 100"),
        "level": _l("Mean level of what was seen at work, 1 to 4"),
        "seen": _l("People who were observed, in percent"),
        "learnt": _l("People who finished something new, in percent"),
    },
    "complaint.cause": {one.key: one.name for one in CAUSES},
    "complaint.severity": dict(SEVERITIES),
    "walk.area": AREAS,
    "correction_request.decision": CORRECTED,
    "anonymity.ground": GROUNDS,
    "report_export.format": _FORMATS,
    "report_file.format": _FORMATS,
    "report_schedule.format": _FORMATS,
    "report_file.state": {
        "waiting": _l("waits for its turn"),
        "working": _l("is being made"),
        "ready": _l("ready"),
        "failed": _l("could not be made"),
        "cancelled": _l("called off"),
    },
    "webhook_delivery.state": _SENT,
    "record_look.capacity": CAPACITIES,
    "audit_entry.deed": DEEDS,
}


def _places(columns: Mapping[str, str]) -> frozenset[str]:
    return frozenset(f"{table}.{column}" for table, some in columns.items() for column in some.split())


# What only programs can read of a table, though elsewhere a column of that name has words: it stands in the file.
IN_FILE: Final = _places(
    {
        "audit_entry": "detail",
        "baseline": "figures",
        "check_answer": "answer",
        "complaint": "product_class steps",
        "complaint_remedy": "remedy right_by",
        "destruction": "counts ground kind subject",
        "evidence": "detail",
        "expectation_draft": "how_often",
        "improvement": "source",
        "interview_guide": "questions",
        "interview_talk": "guide",
        "notice": "reason subject",
        "offered_reply": "met",
        "oidc_identity": "subject",
        "people_import": "counts problem",
        "people_import_row": "changes",
        "quiz_answer": "answer",
        "report_export": "door filters",
        "report_file": "filters why",
        "report_schedule": "filters",
        "retention_term": "kind",
        "review_log": "answer",
        "role_play_move": "answer",
        "service_draft": "words",
        "service_entry": "words",
        "service_version": "words",
        "survey": "questions stems",
        "survey_wave": "questions stems",
        "walk": "marks",
        "webhook_delivery": "payload problem",
    }
)
# What people wrote or what it is called: told as it stands, of a text in both languages the reader's.
WRITTEN: Final = _places(
    {
        "api_token": "name",
        "ask_link": "label",
        "assignment": "ended_why why",
        "baseline": "title words",
        "calibration_case": "text title",
        "calibration_mark": "note",
        "certificate": "name number title title_en withdrawn_why",
        "coaching_session": "action cancel_reason",
        "complaint": "product words",
        "complaint_remedy": "benefit reason title",
        "concern": "done",
        "contact_check": "again mend",
        "contact_pick": "reason reference",
        "correction_request": "answer what why",
        "customer_hours": "note",
        "dispute": "reason reply",
        "duty_shift": "area phone",
        "expectation": "end_reason how_often job monitored why words_en words_tr",
        "expectation_answer": "note reply",
        "expectation_draft": "job",
        "goal": "outcome words",
        "growth_offer": "outcome words",
        "improvement": "action after before issue measure whys",
        "interview_guide": "consent intro title",
        "interview_quote": "words",
        "interview_talk": "notes whom",
        "lesson_note": "words",
        "module_upload": "file",
        "observation": "conduct contact shared",
        "observation_line": "note",
        "observer_licence": "why",
        "offered_reply": "words",
        "oidc_identity": "issuer",
        "path_opening": "why",
        "people_import": "file",
        "people_import_row": "name",
        "person": "email employee_no job name time_zone username",
        "policy_card_version": "owner_en owner_tr",
        "praise": "words",
        "privacy_notice": "words_en words_tr",
        "private_note": "words",
        "public_voice": "example",
        "pulse_taken": "quarter",
        "rating": "comment",
        "rating_reply": "words",
        "record_look": "reason",
        "report_table": "name",
        "role_play_move": "text",
        "self_review": "note",
        "session_move": "reason",
        "session_part": "words",
        "sign_in": "device",
        "suggestion": "effect idea problem reply title",
        "survey": "intro title",
        "survey_wave": "intro title",
        "task_report": "words",
        "walk": "notes",
        "webhook": "name url",
    }
)


@dataclass(frozen=True, slots=True)
class Titles:
    """What modules, their lessons, questions and role-plays are called; `attempts` leads from a try at a quiz to its module."""

    modules: Mapping[str, Module]
    attempts: Mapping[int, str]

    def module(self, key: str) -> str:
        """A module by its title."""
        found = self.modules.get(key)
        return found.title.of(language()) if found else _gone()

    def lesson(self, module: str, key: str) -> str:
        """A lesson by its title."""
        found = self.modules[module].lesson(key) if module in self.modules else None
        return found.title.of(language()) if found else _gone()

    def story(self, key: str) -> str:
        """A role-play by its title."""
        found = next((story for one in self.modules.values() if (story := one.story(key))), None)
        return found.title.of(language()) if found else _gone()

    def ending(self, story: str, key: str) -> str:
        """An ending of a role-play by its title."""
        found = next((known.endings.get(key) for one in self.modules.values() if (known := one.story(story))), None)
        return found.title.of(language()) if found else _gone()

    def item(self, item: str) -> str:
        """What a piece of evidence came from: a question by its words, a role-play by its title, what was asked; empty where nothing tells it."""
        first, *rest = item.partition("|")[0].split("/")
        if first in self.modules and len(rest) == 2:
            found = question_of(self.modules[first], f"{first}/{rest[0]}/{rest[1]}")
            return found.stem.of(language())[:_LONGEST] if found else _gone()
        if any(one.story(first) for one in self.modules.values()):
            return self.story(first)
        return _asked(rest[-1]) if first == "survey" and rest else ""

    def part(self, module: str, part: str) -> str:
        """A part of a module: its quiz, a lesson or a role-play by its title."""
        kind, _slash, key = part.partition("/")
        if kind == "lesson":
            return self.lesson(module, key)
        return self.story(key) if kind == "roleplay" else str(_("Quiz"))

    def task(self, kind: str, what: str) -> str:
        """What is assigned, by its title."""
        if kind == "path":
            paths = {one.key: one.title.of(language()) for one in library.pieces().paths}
            return paths.get(what) or _gone()
        return self.module(what) if kind == "module" else self.story(what) if kind == "roleplay" else ""


def titles(attempts: Mapping[int, str]) -> Titles:
    """The titles in use now. One statement."""
    return Titles({one.key: one for one in library.catalogue_modules()}, attempts)


def _gone() -> str:
    return str(_("no longer in use"))


def _asked(key: str) -> str:
    return str(QUESTIONS[key].words) if key in QUESTIONS else str(_("a question of a survey of ours"))


def _measure(key: str) -> str:
    quality = QUALITY_NAMES.get(key.removeprefix("gap-"))
    if quality is not None:
        return str(_("how far from an excellent team: %(quality)s", quality=quality))
    return str(MEASURES[key].name if key in MEASURES else _("from where on something is an area of concern"))


def _figure(value: Mapping[str, Any]) -> str:
    if not isinstance(value.get("value"), int | float):
        return ""
    return percent(value["value"]) if value.get("kind") == "share" else number(value["value"], 1)


def _checks(value: Mapping[str, str]) -> str:
    answers, asked = dict(ANSWERS), {key: words for key, words, _hint in CHECKS}
    return "; ".join(f"{asked[key]} {answers[one]}" for key, one in value.items() if key in asked and one in answers)


def _levels(value: Mapping[str, int]) -> str:
    called = {one.key: one.name.of(language()) for one in skills.framework().skills}
    return ", ".join(f"{called.get(key, _gone())}: {level}" for key, level in value.items())


def _subject(value: str) -> str:
    kind, _slash, which = value.partition("/")
    return f"{SUBJECTS.get(kind, '')} {which if which.isdecimal() else ''}".strip()


def _rule(value: str) -> str:
    found = notices.get(value)
    return str(found.title) if found else _gone()


def _critical(value: str) -> str:
    found = skills.framework().critical_errors.get(value)
    return found.name.of(language()) if found else _gone()


def _report(value: str) -> str:
    return str(LISTS.get(f"report/{value}") or _gone())


def _scopes(value: list[str]) -> str:
    return ", ".join(str(SCOPES[one]) for one in value if one in SCOPES)


def _events(value: list[str]) -> str:
    return ", ".join(str(EVENTS[one]) for one in value if one in EVENTS)


# What is told by a title, or needs more than the value itself: the value, its row and the titles.
TOLD: Final[Mapping[str, Callable[[Any, Mapping[str, Any], Titles], str]]] = {
    **dict.fromkeys(
        ("lesson_progress.module_key", "check_answer.module_key", "quiz_attempt.module_key", "part_done.module_key", "lesson_note.module_key"),
        lambda value, _row, called: called.module(value),
    ),
    **dict.fromkeys(("task_report.module_key", "path_opening.module_key"), lambda value, _row, called: called.module(value)),
    **dict.fromkeys(
        ("lesson_progress.lesson_key", "check_answer.lesson_key", "lesson_note.lesson_key", "task_report.lesson_key"),
        lambda value, row, called: called.lesson(row["module_key"], value),
    ),
    **dict.fromkeys(("role_play_run.story", "review_set.story"), lambda value, _row, called: called.story(value)),
    **dict.fromkeys(("evidence.item", "review_card.item", "review_log.item", "item_memory.item"), lambda value, _row, called: called.item(value)),
    **dict.fromkeys(("notice.rule", "notice_wish.rule"), lambda value, _row, _called: _rule(value)),
    **dict.fromkeys(("report_export.report", "report_file.report", "report_schedule.report"), lambda value, _row, _called: _report(value)),
    **dict.fromkeys(("goal.begin", "goal.end"), lambda value, _row, _called: _figure(value)),
    "quiz_answer.question_id": lambda value, row, called: called.item(f"{called.attempts.get(row['attempt_id'], '')}/quiz/{value}"),
    "part_done.part": lambda value, row, called: called.part(row["module_key"], value),
    "role_play_run.ending": lambda value, row, called: called.ending(row["story"], value),
    "assignment.what": lambda value, row, called: called.task(row["kind"], value),
    "observation_line.critical": lambda value, _row, _called: _critical(value),
    "calibration_case.reference": lambda value, _row, _called: _levels(value),
    "rating.question": lambda value, _row, _called: _asked(value),
    "measure_target.measure": lambda value, _row, _called: _measure(value),
    "notice.why": lambda value, _row, _called: why_words(value),
    "notice_step.why": lambda value, row, _called: problem_words(value) if row["state"] == "failed" else why_words(value),
    "delivery.problem": lambda value, _row, _called: problem_words(value),
    "notice_habit.days": lambda value, _row, _called: ", ".join(str(DAY_NAMES[int(one) - 1]) for one in value if one in "1234567"),
    "contact_check.answers": lambda value, _row, _called: _checks(value),
    "api_token.scopes": lambda value, _row, _called: _scopes(value),
    "webhook.events": lambda value, _row, _called: _events(value),
    "webhook_delivery.event": lambda value, _row, _called: str(EVENTS.get(value) or _("a test")),
    "record_look.page": lambda value, _row, _called: page_words(value),
    "audit_entry.subject": lambda value, _row, _called: _subject(value),
}

# Numbers that are no amounts, by table and column: months and days are counted from a first one. Nothing is told where only programs go by it.
COUNTED: Final[Mapping[str, Callable[[Any], str]]] = {
    "mastery_month.month": lambda value: date_words(date(value // 12, value % 12 + 1, 1), "LLLL y"),
    "mastery.day": lambda _value: "",
    "item_memory.day": lambda _value: "",
}


def words_of(place: str, value: Any, row: Mapping[str, Any], called: Titles) -> str:
    """The value of a row in that place ("table.column") in the reader's language; empty where there is nothing to tell."""
    if value is None or value in ("", [], {}) or place in IN_FILE:
        return ""
    if place in COUNTED:
        return COUNTED[place](value)
    if place in WORDS:
        # A value that an earlier version of the program wrote and no word is left for.
        return str(WORDS[place].get(value) or _gone())
    return TOLD[place](value, row, called) if place in TOLD else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, datetime):
        return moment_words(value)
    if isinstance(value, date):
        return date_words(value)
    if isinstance(value, int | float):
        return number(value, 0 if isinstance(value, int) else 2)
    if isinstance(value, dict):
        if set(value) == {"tr", "en"}:
            return str(value[language()])
        return "; ".join(said for one in value.values() if one not in (None, "", [], {}) and (said := _plain(one)))[:_LONGEST]
    if isinstance(value, list):
        return ", ".join(said for one in value if (said := _plain(one)))[:_LONGEST]
    return str(value)

"""Which rows are about whom: the one place that says so, for what a person is shown and for what is taken away when she is made anonymous."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Table, or_, select

from trainee.kit.db import Base

# Columns other than `person_id` by which a row is about somebody.
ABOUT: Final[dict[str, tuple[str, ...]]] = {
    "person": ("id",),
    "team": ("supervisor_id",),
    "reporting_line": ("person_id", "supervisor_id"),
    "people_import": ("by_id",),
    "assignment_rule": ("author_id",),
    "certification": ("made_by_id",),
    "calibration_case": ("made_by_id",),
    "calibration_mark": ("observer_id",),
    "calibration_sheet": ("observer_id",),
    "private_note": ("author_id",),
    "suggestion": ("author_id",),
    "module_version": ("published_by_id",),
    "module_upload": ("by_id",),
    "scorecard_version": ("published_by_id",),
    "retention_term": ("changed_by_id",),
    "privacy_notice": ("published_by_id",),
    "destruction": ("by_id",),
    "policy_card_version": ("by_id",),
    "goal": ("by_id", "closed_by_id"),
    "hours_target": ("set_by_id",),
    "service_entry": ("by_id",),
    "service_draft": ("by_id",),
    "service_version": ("by_id",),
    "complaint": ("held_by_id", "closed_by_id"),
    "complaint_remedy": ("by_id", "approved_by_id"),
    "improvement": ("owner_id", "by_id"),
    "walk": ("by_id",),
    "public_voice": ("by_id",),
    "baseline": ("by_id",),
    "audit_entry": ("actor_id",),
    "report_schedule": ("made_by_id",),
    "api_token": ("made_by_id",),
    "ask_link": ("person_id", "made_by_id"),
    "comment_theme": ("coded_by_id",),
    "interview_talk": ("interviewer_id",),
    "measure_target": ("set_by_id",),
    "survey": ("made_by_id",),
    "interview_guide": ("made_by_id",),
    "survey_wave": ("opened_by_id",),
    "webhook": ("made_by_id",),
}
# Rows that belong to another row, by the column that points at it.
VIA: Final[dict[str, tuple[str, str]]] = {
    "quiz_answer": ("attempt_id", "quiz_attempt"),
    "role_play_move": ("run_id", "role_play_run"),
    "path_opening": ("assignment_id", "assignment"),
    "observation_line": ("observation_id", "observation"),
    "self_review": ("observation_id", "observation"),
    "self_review_line": ("observation_id", "observation"),
    "dispute": ("observation_id", "observation"),
    "contact_pick": ("draw_id", "contact_draw"),
    "goal_team": ("goal_id", "goal"),
    "session_part": ("session_id", "coaching_session"),
    "session_move": ("session_id", "coaching_session"),
    "notice_step": ("notice_id", "notice"),
    "report_piece": ("file_id", "report_file"),
    "interview_quote": ("talk_id", "interview_talk"),
}
# What is listed as held about people and yet is about nobody by number.
NOBODYS: Final = frozenset({"throttle", "pulse_tally", "policy_card", "asked_customer", "invitation", "survey_response"})


def about(table: Table, person_id: int) -> ColumnElement[bool]:
    """Whether a row of this table is about that person."""
    if table.name in VIA:
        column, parent_name = VIA[table.name]
        parent = Base.metadata.tables[parent_name]
        key: Any = next(iter(parent.primary_key))
        return table.c[column].in_(select(key).where(about(parent, person_id)))
    return or_(*(table.c[name] == person_id for name in ABOUT.get(table.name, ("person_id",))))

"""What is held about people: every table and column of the database, for what, who sees it, and how long it is kept.

A test compares this with the tables there are, so that a new column cannot be added without saying what it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from trainee.kit.i18n import _l

# How long free words are kept, in months; the marks beside them stay.
WORDS_MONTHS: Final = 24
COMMENT_MONTHS: Final = 12


# On what the law lets us hold it: the articles of KVKK (Turkey) and of the GDPR.
_CONTRACT = _l("Needed for the employment contract (KVKK art. 5/2-c, GDPR art. 6/1-b).")
_DUTY = _l("A legal duty (KVKK art. 5/2-ç, GDPR art. 6/1-c).")
_INTEREST = _l("The employer’s legitimate interest, weighed against yours (KVKK art. 5/2-f, GDPR art. 6/1-f).")
_CLAIMS = _l("To establish and defend rights (KVKK art. 5/2-e, GDPR art. 6/1-f).")


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of thing held about people: what it is for, on what ground, who sees it, how long, and the columns it fills by table.

    Sentences are read in the reader's language. `months` is how long its free words are kept; None when they stay or there are none.
    """

    key: str
    title: Any
    purpose: Any
    seen_by: Any
    kept: Any
    columns: Mapping[str, str]
    months: int | None = None
    ground: Any = _INTEREST

    def pairs(self) -> set[tuple[str, str]]:
        """The columns as (table, column)."""
        return {(table, column) for table, columns in self.columns.items() for column in columns.split()}


_LINE = _l("You, those who lead you, and HR.")
_OWN = _l("You alone.")
_WHILE_HERE = _l("As long as you work here; a closed account keeps its history.")
_WORDS = _l("The words for two years; what was marked stays without them.")
# Free words that the database does not keep as a text of its own: a short one, a form as it was typed, the parts of a session.
FREE_WORDS: Final = {("praise", "words"), ("observation_draft", "fields"), ("session_part", "words"), ("interview_talk", "notes")}
# What was expected of somebody, and why, stays as it was issued: she has to be able to prove what she was measured by.
STAYS: Final = {("expectation", name) for name in ("why", "monitored", "end_reason", "words_tr", "words_en")}

HELD: Final = (
    Held(
        "account",
        _l("Your account and your picture"),
        _l("To let you in, to address you rightly, and so that colleagues know whom they work with."),
        _l("You, those who lead you, HR and administrators; your name and picture also whoever you work with here."),
        _WHILE_HERE,
        {
            "person": "id username username_key email email_key name name_sort employee_no job language time_zone team_id hired_on password_hash"
            " created_at disabled_at photo_digest",
            "role_held": "person_id role",
            "photo": "person_id digest body",
        },
        ground=_CONTRACT,
    ),
    Held(
        "place",
        _l("Your team and your lines"),
        _l("So that those who lead you, and nobody else, see what they need to help you."),
        _LINE,
        _WHILE_HERE,
        {
            "reporting_line": "id person_id supervisor_id kind since until",
            "stay": "id person_id team_id since until",
            "team": "supervisor_id",
        },
        ground=_CONTRACT,
    ),
    Held(
        "people_files",
        _l("Files by which people are entered"),
        _l("To take people, teams and lines from the personnel system, to show beforehand what changes, and to take it back for a day."),
        _l("HR and administrators."),
        _l("The file and its rows for a week; how many rows there were, and who took them in, stays."),
        {
            "people_import": "id file digest body by_id uploaded_at state reading options step done total counts findings made plan"
            " checked_at applied_at undone_at problem",
            "people_import_row": "id import_id number outcome person_id name changes told",
        },
        ground=_CONTRACT,
    ),
    Held(
        "signing_in",
        _l("Where and when you signed in"),
        _l("So that you can end a sign-in on a lost device, and so that nobody guesses passwords."),
        _l("You; HR and administrators see that a link was asked for."),
        _l("Sign-ins as long as your account; links until they run out."),
        {
            "sign_in": "id digest person_id device remembered created_at seen_at ended_at",
            "access_link": "id digest person_id purpose made_by_id made_at expires_at used_at",
            "link_request": "id person_id asked_at answered_at",
            "oidc_identity": "id issuer subject person_id tied_at",
            "throttle": "key window tries",
        },
        ground=_DUTY,
    ),
    Held(
        "learning",
        _l("What you read and answered"),
        _l("To go on where you stopped, and to show what you know."),
        _l("Your answers you alone; how far you are and how quizzes went also those who lead you, and HR."),
        _WHILE_HERE,
        {
            "lesson_progress": "person_id module_key lesson_key paragraph started_at seen_at finished_at",
            "check_answer": "id person_id version_id module_key lesson_key check_id answer score answered_at",
            "quiz_attempt": "id person_id version_id module_key number allowed seed drawn started_at deadline_at handed_in_at score passed",
            "quiz_answer": "id attempt_id question_id answer confidence score key turn answered_at seconds",
            "part_done": "person_id module_key part first_at last_at",
        },
        ground=_CONTRACT,
    ),
    Held(
        "notes",
        _l("Your own notes"),
        _l("So that you find again what you wrote beside a lesson."),
        _OWN,
        _l("Until you delete them."),
        {"lesson_note": "person_id module_key lesson_key words written_at"},
        ground=_CONTRACT,
    ),
    Held(
        "tasks",
        _l("How it went with what a lesson gave you to try"),
        _l("So that you look at it once more after two days; it counts for nothing."),
        _OWN,
        _l("As long as you work here; you may change it or empty it at any time."),
        {"task_report": "person_id module_key lesson_key how words told_at"},
    ),
    Held(
        "reviews",
        _l("Your reviews"),
        _l("To ask each question again when you are about to forget it."),
        _l("You; of all people together, how well the times fit."),
        _WHILE_HERE,
        {
            "review_card": "person_id item skill_key stability difficulty due_on last_on surely_wrong",
            "review_log": "id receipt person_id item source score confidence answered_at answered_on answer kind seconds slow",
            "review_set": "id person_id day items story drawn_at finished_at skipped_at",
        },
    ),
    Held(
        "talks",
        _l("Your role-plays"),
        _l("To look back at a talk move by move, and to see what you do with customers before it matters."),
        _l("You; of a typed reply that you show, whoever leads you; how it went per skill also those who lead you, and HR."),
        _WORDS,
        {
            "role_play_run": "id person_id version_id story key seed started_at finished_at ending rank criticals hard replay_of replay_from",
            "role_play_move": "id run_id seq scene answer text copied key made_at seconds",
            "offered_reply": "id person_id run_id seq offered_at looked_at looked_by_id met words",
        },
        WORDS_MONTHS,
    ),
    Held(
        "after_a_talk",
        _l("How you are after a role-play"),
        _l("To offer you something easier after a talk that weighs on you."),
        _OWN,
        _l("14 days."),
        {"role_play_pulse": "id person_id run_id value given_at"},
    ),
    Held(
        "evidence",
        _l("What you have shown, and your levels"),
        _l("So that every level can be traced to what it rests on, by you as well."),
        _LINE,
        _WHILE_HERE,
        {
            "evidence": "id person_id skill_key source score item occurred_at recorded_at choices detail actor_id receipt retracts_id",
            "mastery": "person_id calibration_id line skill_key al be c n day",
            "mastery_month": "person_id calibration_id line skill_key month mean var n",
            "item_memory": "person_id calibration_id line item m v m_all v_all n day",
            "standing": "person_id calibration_id rows newest_at newest_id abilities",
        },
        ground=_INTEREST,
    ),
    Held(
        "expectations",
        _l("What is expected of you, and what you answered"),
        _l("So that you know what you are measured by and can object, and so that both stays provable."),
        _l("You, those who lead you, and HR; what is expected of a team, also the team."),
        _l("Answers and drafts for two years; what was expected of you, and why, as long as you work here."),
        {
            "expectation": "id scope version person_id team_id job skill level starts_on ends_on why ways monitored rhythm how_often audience seen_by"
            " anchors words_tr words_en set_by_id issued_at closed_on closed_at closed_by_id end_reason",
            "expectation_answer": "id expectation_id person_id kind note at reply replied_at replied_by_id receipt",
            "expectation_draft": "id person_id team_id job skill level starts_on ends_on why ways monitored rhythm how_often audience seen_by"
            " words_tr words_en author_id revision edited_by_id edited_at replaces_id issued_id discarded_at receipt",
        },
        WORDS_MONTHS,
        ground=_CONTRACT,
    ),
    Held(
        "assignments",
        _l("What you were asked to do, and from what you were excused"),
        _l("So that you know what is to be done and why, and nobody asks twice."),
        _LINE,
        _WORDS,
        {
            "assignment": "id person_id kind what number given_by_id given_at due_on why prepared skill_key gap accepts_earlier rule_id"
            " occasion certification_id short ended_at ended_how ended_why ended_by_id",
            "path_opening": "id assignment_id module_key why opened_by_id opened_at",
            "assignment_rule": "author_id",
        },
        WORDS_MONTHS,
        ground=_CONTRACT,
    ),
    Held(
        "certificates",
        _l("Your certificates"),
        _l("To prove what you were certified for, from stored facts alone."),
        _LINE,
        _l("As long as it may have to be proved; a withdrawn one stays on record with its reason."),
        {
            "certificate": "id number code person_id certification_id assignment_id name title title_en organisation parts way completed_on"
            " valid_until issued_at digest withdrawn_at withdrawn_why withdrawn_by_id",
            "certification": "made_by_id",
        },
        ground=_DUTY,
    ),
    Held(
        "observations",
        _l("Observations, self-reviews and disputes"),
        _l("To see how you work with customers and to help, with a way to disagree."),
        _l("You, who observed, those who lead you, HR, and whoever decides a dispute."),
        _WORDS,
        {
            "observation": "id observer_id person_id card_id seen_at recorded_at channel contact pick_id opening first_seconds beyond professional"
            " respectful conduct shared licensed self_review_by released_at dispute_by acknowledged_at receipt",
            "observation_line": "observation_id skill_key level note critical",
            "observation_draft": "id receipt observer_id person_id card_id fields begun_at kept_at",
            "self_review": "observation_id given_at declined note",
            "self_review_line": "observation_id skill_key level",
            "dispute": "id observation_id skill_key reason raised_at decide_by decided_at decided_by_id outcome level reply",
            "dispute_reading": "dispute_id person_id read_at",
            "observation_reading": "observation_id person_id read_at",
            "planned_observation": "id person_id planned_by_id planned_at due_on skill_key observation_id receipt",
            "self_review_wish": "person_id since",
            "contact_draw": "id person_id drawn_by_id drawn_at kind pool seed receipt",
            "contact_pick": "id draw_id place reference observed_at replaced_at replaced_by_id reason",
        },
        WORDS_MONTHS,
    ),
    Held(
        "calibration",
        _l("How observers score the same contact"),
        _l("So that a mark means the same whoever gives it."),
        _l("The observer, other observers once all have scored, trainers and HR."),
        _WORDS,
        {
            "calibration_case": "id title channel card_id text reference made_by_id made_at closed_at agreed receipt",
            "calibration_mark": "case_id observer_id skill_key level note",
            "calibration_sheet": "case_id observer_id given_at",
            "observer_licence": "id person_id granted_at cases ended_at ended_by_id why",
        },
        WORDS_MONTHS,
    ),
    Held(
        "coaching",
        _l("Coaching sessions and what was agreed"),
        _l("To agree on one thing, and to see later whether it helped."),
        _l("You, who coaches you, and those who lead you both; HR reads that there was a session, and not its words."),
        _WORDS,
        {
            "coaching_session": "id coach_id person_id skill_key evidence_id arranged_at promised_at cancelled_at cancelled_by_id cancel_reason"
            " held_at agreed_by_id action action_by follow_up_on receipt",
            "session_part": "session_id part version words written_at written_by_id",
            "session_move": "id session_id moved_at by_id from_at to_at reason",
        },
        WORDS_MONTHS,
    ),
    Held(
        "private_notes",
        _l("Private notes beside a coaching session"),
        _l("For whoever wrote them to remember."),
        _l("Whoever wrote them, and nobody else."),
        _WORDS,
        {"private_note": "session_id author_id version words written_at"},
        WORDS_MONTHS,
        ground=_INTEREST,
    ),
    Held(
        "praise",
        _l("Praise"),
        _l("To say what was done well, and where it was seen."),
        _l("You and who wrote it; those who lead you; the team, where it was meant for all."),
        _WORDS,
        {"praise": "id person_id from_id words evidence_id suggestion_id to_team given_at hidden_at receipt"},
        WORDS_MONTHS,
    ),
    Held(
        "growth",
        _l("Offers to grow, and your answers"),
        _l("To offer stretch tasks, shadowing and peer coaching, and to see what came of them."),
        _LINE,
        _WORDS,
        {"growth_offer": "id person_id skill_key kind offered_by_id words offered_at answered_at answer follow_up_on outcome outcome_at receipt"},
        WORDS_MONTHS,
    ),
    Held(
        "pulse",
        _l("That you answered the pulse"),
        _l("So that each answers once a quarter. What you answered is counted without your name."),
        _l("Nobody sees who answered what; a team's answers are shown from five on."),
        _l("As long as you work here; the counts stay."),
        {"pulse_taken": "person_id quarter", "pulse_tally": "id quarter team_id question value n"},
        ground=_INTEREST,
    ),
    Held(
        "suggestions",
        _l("Your suggestions, and what was answered"),
        _l("So that an idea is answered, tried and credited."),
        _l("You, those who lead you, HR, and whoever answers; once it is adopted, also those it credits."),
        _l("As long as the idea is of use."),
        {
            "suggestion": "id author_id title problem idea responder_id asked_at answer_by answered_at answered_by_id decision reply effect receipt",
            "suggestion_credit": "suggestion_id person_id",
        },
    ),
    Held(
        "ratings",
        _l("What customers said about your service"),
        _l("To see whether customers are served well; never to rank people."),
        _l("You and those who lead you; HR sees figures from five answers on, and no words about you."),
        _l("The words for one year; the marks stay without them."),
        {
            "rating": "id person_id team_id response_id given_at taken_at instrument question value comment system external_id",
            "rating_reply": "rating_id person_id words written_at",
            "comment_theme": "rating_id theme coded_by_id",
            "public_voice": "id month source theme n stars example saved_at by_id",
            "concern": "rating_id person_id team_id opened_at due_on closed_at closed_by_id done",
        },
        COMMENT_MONTHS,
    ),
    Held(
        "asking",
        _l("Which codes stand for you, and who asked customers what"),
        _l("So that a customer's answer reaches whoever served her, and so that it is known who had it asked."),
        _l("Trainers, supervisors, HR and administrators."),
        _l("As long as the answers are of use."),
        {
            "ask_link": "id survey_id digest code way many label team_id person_id receipt made_by_id made_at used_at ended_at",
            "survey": "id key kind title intro stems questions fixed revision made_by_id made_at changed_at",
            "survey_wave": "id survey_id number title intro stems questions opened_at opened_by_id closed_at",
            "measure_target": "id measure team_id value set_at set_by_id",
            "interview_guide": "id key version title intro consent questions minutes set_aside revision made_by_id made_at changed_at",
        },
    ),
    Held(
        "customers",
        _l("Customers' addresses"),
        _l("To ask a customer once by mail, not again too soon, and never when she does not want it."),
        _l("Nobody: an address is used by the program alone, and what stays of it cannot be read back."),
        _l("An address until its mail has gone; the sign that she was asked for as long as she is not asked again, and that she refused for good."),
        {
            "asked_customer": "digest asked_at refused_at",
            "invitation": "id link_id digest address language made_at next_try_at tries state ended_at",
            "survey_response": "id wave_id link_id receipt given_at language",
        },
    ),
    Held(
        "interviews",
        _l("Interviews with customers"),
        _l("To learn why customers stay, complain or leave. Whom one talked with is noted in general words and never by name."),
        _l("Whoever led the interview, trainers and HR; what was said stands without names for supervisors too."),
        _l("The words for two years."),
        {
            "interview_talk": "id guide_key guide guide_id language interviewer_id held_on whom consent notes revision made_at receipt",
            "interview_quote": "id talk_id words verbatim side skill_key quality coded_by_id coded_at receipt",
        },
        WORDS_MONTHS,
    ),
    Held(
        "messages",
        _l("What you were told, and how you wish it"),
        _l("So that nothing is told twice or too late, and so that it can be seen why something was told."),
        _l("You; HR and administrators see what is to come for whom, what was held back, and which mails could not be delivered."),
        _WHILE_HERE,
        {
            "notice": "id key rule person_id subject occasion reason urgent since until planned_at send_at state why settled_at read_at delivery_id",
            "notice_step": "id notice_id at state why",
            "delivery": "id key channel person_id made_at state next_try_at attempts carried leased_until owner in_hand_at problem ended_at",
            "notice_habit": "person_id mails opens closes days changed_at",
            "notice_wish": "person_id rule frequency",
        },
        ground=_CONTRACT,
    ),
    Held(
        "duty",
        _l("When you are on call or greet at the door, and your number there"),
        _l("So that a colleague reaches somebody who may decide, and customers are greeted."),
        _l("Everybody here, while you are on call or greet."),
        _l("Until the shift is taken off the roster."),
        {"duty_shift": "id person_id area duty rank phone starts_at ends_at"},
        ground=_CONTRACT,
    ),
    Held(
        "service_model",
        _l("What you wrote about our service, and which version you have read"),
        _l("So that everybody reads the same page, and it can be told who changed it and whom it has reached."),
        _l("Everybody here reads what is written and by whom; who has read it is counted, and only you see your own day."),
        _WHILE_HERE,
        {
            "service_entry": "id kind key number words retired saved_at by_id",
            "service_draft": "id words revision saved_at by_id",
            "service_version": "id number words published_at by_id",
            "service_reading": "version_id person_id read_at",
        },
    ),
    Held(
        "hours_with_customers",
        _l("Your hours with customers"),
        _l("So that whoever leads stays close to customers and sees for herself whether she does."),
        _l("You alone; how many reached the hours wished for is counted without names, from five on."),
        _WHILE_HERE,
        {"customer_hours": "id person_id day minutes way note saved_at receipt", "hours_target": "id hours set_at set_by_id"},
    ),
    Held(
        "contact_checks",
        _l("What you checked for yourself after contacts"),
        _l("So that nothing a customer was promised is left out."),
        _l("You alone; of a contact that was observed also whoever may read the observation."),
        _WHILE_HERE,
        {"contact_check": "id person_id observation_id at channel answers mend again receipt"},
    ),
    Held(
        "goals",
        _l("Goals that you set or closed"),
        _l("So that teams know what they want to reach together, and who said so."),
        _l("Whoever may read the goal; no goal is about a person."),
        _WHILE_HERE,
        {
            "goal": "id words measure target due_on for_all begin opened_at by_id closed_at closed_by_id outcome end receipt",
            "goal_team": "goal_id team_id",
        },
    ),
    Held(
        "putting_right",
        _l("What you did about complaints and improvements, and your walks"),
        _l("So that each complaint has one who sees to it, remedies are given alike, and it can be told what was done about a cause."),
        _l("Everybody here reads what was decided and by whom. No customer is named."),
        _WHILE_HERE,
        {
            "complaint": "id system external_id received_at channel cause severity product product_class words owner held_by_id due_at steps"
            " revision closed_at closed_by_id",
            "complaint_remedy": "complaint_id remedy title amount benefit reason by_id chosen_at above_limit right_by approved_by_id approved_at",
            "improvement": "id issue whys action owner_id due_on measure before after source revision opened_at by_id closed_at receipt",
            "baseline": "id title taken_on figures words revision by_id taken_at finished_at receipt",
            "walk": "id area place walked_on marks notes score steps_to_human find_seconds by_id saved_at receipt",
        },
    ),
    Held(
        "corrections",
        _l("Your requests to put something right"),
        _l("To answer you within thirty days, as the law asks."),
        _l("You and HR."),
        _l("As long as you work here, to prove that you were answered."),
        {"correction_request": "id person_id what why asked_at due_on decided_at decided_by_id decision answer receipt"},
        ground=_DUTY,
    ),
    Held(
        "privacy",
        _l("What you were told about your data, and what was destroyed"),
        _l("To prove that you were told, for how long something is kept, and that it was destroyed."),
        _l("You; HR, and whoever looks into it for the law."),
        _l("The log of what was destroyed for three years; versions of the notice, and who read them, as long as you work here."),
        {
            "privacy_notice": "number words_tr words_en published_at published_by_id receipt",
            "privacy_reading": "number person_id read_at",
            "retention_term": "kind months active changed_by_id changed_at",
            "anonymity": "person_id ground asked_by_id asked_at done_at",
            "destruction": "id at by_id kind subject ground counts keep_until",
        },
        ground=_DUTY,
    ),
    Held(
        "exports",
        _l("Which reports you took out as a file"),
        _l("To know who holds a copy of what is said of people."),
        _l("You, HR and administrators."),
        _l("As long as the installation keeps its records; nobody can change them."),
        {"report_export": "id person_id report format filters door begun_at ended_at rows"},
        ground=_DUTY,
    ),
    Held(
        "files",
        _l("Large files you asked for"),
        _l("So that a long table is made while you do something else, and waits for you."),
        _l("You alone."),
        _l("For a day after the file was made; the note that it was taken stays."),
        {
            "report_file": "id key person_id report format filters seen state owner tries asked_at begun_at ended_at expires_at done total rows size"
            " why",
            "report_piece": "file_id number data",
        },
        ground=_CONTRACT,
    ),
    Held(
        "schedules",
        _l("Reports that come to you by themselves"),
        _l("To send you a report on its day, once, and to stop when you or whoever set it up says so."),
        _l("You, whoever set it up, HR and administrators."),
        _l("That it was made for you on a day stays; the file itself is kept for a week."),
        {
            "report_schedule": "id report format filters weekday last_period made_by_id made_at receipt next_on ended_at",
            "report_reader": "schedule_id person_id stopped_at",
            "report_sending": "id schedule_id person_id day file_id",
        },
    ),
    Held(
        "api_tokens",
        _l("Tokens you made for other programs"),
        _l("So that other systems of the organisation read what they need, and somebody answers for each."),
        _l("HR and administrators."),
        _l("As long as the installation keeps its records; a token that has ended lets nobody in."),
        {"api_token": "id name digest scopes made_by_id made_at receipt expires_at revoked_at used_at"},
    ),
    Held(
        "calendar",
        _l("The link to your calendar"),
        _l("So that your own calendar program shows your dates."),
        _OWN,
        _l("Until you end it or make another; its words themselves are kept nowhere."),
        {"calendar_link": "person_id digest made_at"},
    ),
    Held(
        "webhooks",
        _l("What other programs are told of you"),
        _l(
            "So that other systems of the organisation know of a completed assignment, a certificate or an expectation that was not reached,"
            " without your name."
        ),
        _l("Administrators, and the programs they entered."),
        _l("As long as the installation keeps its records."),
        {
            "webhook": "id name url events salt_key made_by_id made_at receipt looked_at ended_at",
            "webhook_delivery": "id key webhook_id event person_id payload made_at state next_try_at attempts leased_until owner"
            " status problem ended_at",
        },
    ),
    Held(
        "tables",
        _l("Tables of your own that you keep"),
        _l("So that what you picked once can be looked at again."),
        _l("You alone; where you share one, those whom you answer for."),
        _l("Until you delete them."),
        {"report_table": "id person_id name picked shared kept_at receipt"},
    ),
    Held(
        "authors",
        _l("Who published or retired what"),
        _l("So that a change of lessons and scorecards has an author."),
        _l("Trainers, HR and administrators."),
        _WHILE_HERE,
        {
            "module_version": "published_by_id",
            "module_upload": "by_id key file digest files told uploaded_at",
            "scorecard_version": "published_by_id",
            "policy_card": "owner_tr owner_en",
            "policy_card_version": "owner_tr owner_en saved_at by_id",
        },
        ground=_CLAIMS,
    ),
    Held(
        "looks",
        _l("Who opened a page about you"),
        _l("So that you can see who looked at your record, as what, and why."),
        _l("You; HR and administrators, when something has to be looked into."),
        _l("Two years; until then nobody can change it."),
        {"record_look": "id person_id by_id day at page capacity reason receipt"},
        ground=_DUTY,
    ),
    Held(
        "deeds",
        _l("Who did what, and when"),
        _l("So that decisions about people can be looked into."),
        _l("HR and administrators, when something has to be looked into."),
        _l("As long as the installation keeps its records; nobody can change them."),
        {"audit_entry": "id at actor_id deed subject detail"},
        ground=_DUTY,
    ),
)

# What is about things, numbers of all people together, or the machine, and about nobody in particular.
NOT_PERSONAL: Final = {
    "advice_effect": "id kind diagnosis share error cases compared measured_at",
    "anchor": "skill_key level position words_tr words_en",
    "assignment_rule": "id title kind what number certification_id why unit_id team_id job joined_from due_days due_on accepts_earlier existing wide"
    " made_at receipt active_from ended_at",
    "calibration": "id state policy learned_at current_from events item_difficulties skill_difficulties widths falls",
    "certification": "id title title_en kind what months window_days short made_at receipt",
    "contact_count": "id system day channel contacts",
    "evidence_door": "id is_open",
    "family": "key position name_tr name_en",
    "import_heading": "heading field settled_at",
    "job_run": "id job slot attempt turn started_at ended_at error done failed",
    "module_version": "id key number code digest files search origin published_at retired_at",
    "notice_rule": "rule began_at",
    "organisation": "id name language logo_digest logo salt left_out founded_at finished_at stamp",
    "policy_card": "key number origin title_tr title_en valid_from review_by source legal_review gives_right figures text_tr text_en html_tr html_en"
    " retired",
    "policy_card_version": "key number origin coming title_tr title_en valid_from review_by source legal_review gives_right figures text_tr text_en"
    " html_tr html_en",
    "record_door": "id is_open",
    "review_fit": "id fitted_at used_from weights log_size answers people loss loss_before noise",
    "scorecard_version": "id key number channel digest content origin published_at retired_at",
    "skill": "key family_key position quality step name_tr name_en definition_tr definition_en retired",
    "team": "id name unit_id",
    "term": "kind key position name_tr name_en definition_tr definition_en detail",
    "unit": "id name parent_id",
    "worker_lease": "name holder turn since until",
}

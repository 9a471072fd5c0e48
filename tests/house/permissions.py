"""Who may open what. One line a route; a test visits every route as everybody and compares.

The cast: Amir (whose things the addresses point at), Beth his team mate, Chloe his supervisor, Hana hers, Iris his dotted supervisor, Kai who
supervised him before, Dev and Gus of another team, Zoe of none, Ela (HR), Ferit (trainer), Ada (administrator), Max (executive).
"""

from dataclasses import dataclass

EVERYBODY = frozenset({"everybody"})
SIGNED_IN = frozenset({"signed in"})
HR = frozenset({"ela", "ada"})
OWN = frozenset({"amir"})
LINE = frozenset({"chloe", "hana", "iris"})
DIRECT = frozenset({"chloe", "hana"})
SUPERVISORS = frozenset({"chloe", "hana", "iris", "kai", "dev"})


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who may; and what others get: 403 where they may know of it, 404 where they may not."""

    may: frozenset[str]
    otherwise: int = 403
    # Who may see the thing and yet not do this with it: always 403.
    may_not: frozenset[str] = frozenset()


public, signed_in = Allowed(EVERYBODY), Allowed(SIGNED_IN)
own, own_and_line = Allowed(OWN, 404), Allowed(OWN | LINE | HR, 404)
hr = Allowed(HR)
in_charge = Allowed(SUPERVISORS | HR)
her_rule = Allowed(frozenset({"chloe", "hana"}) | HR, 404)

TABLE = {
    "assets.asset": public,
    "csrf_token": public,
    "healthz": public,
    "people.sign_in": public,
    "people.forgot": public,
    "people.welcome": public,
    "people.language": public,
    "people.sign_out": signed_in,
    "people.me": signed_in,
    "people.edit_me": signed_in,
    "people.change_password": signed_in,
    "people.change_photo": signed_in,
    "people.end_sign_in": own,
    "people.end_sign_ins": signed_in,
    "people.photo": own_and_line,
    "people.directory": hr,
    "people.new_person": hr,
    "placing.units": hr,
    "placing.new_unit": hr,
    "placing.edit_unit": hr,
    "placing.new_team": hr,
    "placing.edit_team": hr,
    "people.manage": hr,
    "people.edit_person": hr,
    "people.make_link": hr,
    "people.disable": hr,
    "quizzes.quiz": signed_in,
    "quizzes.begin": signed_in,
    "quizzes.attempt": own,
    "quizzes.answer": own,
    "quizzes.hand_in": own,
    "quizzes.result": own,
    "reviews.reviews": signed_in,
    "reviews.begin": signed_in,
    "reviews.skip": signed_in,
    "reviews.answer": own,
    "lessons.lesson": signed_in,
    "lessons.check": signed_in,
    "lessons.place": signed_in,
    "lessons.note": signed_in,
    "lessons.task": signed_in,
    "lessons.report": signed_in,
    "roleplays.brief": signed_in,
    "roleplays.begin": signed_in,
    "roleplays.graph": Allowed(frozenset({"ferit", "ada"})),
    "roleplays.run": own,
    "roleplays.moves": own,
    "roleplays.replays": own,
    "roleplays.debrief": own,
    "roleplays.pulse": own,
    "replies.offer": own,
    "replies.replies": Allowed(SUPERVISORS),
    "replies.reply": Allowed(LINE, 404, OWN | HR),
    "library.learn": signed_in,
    "guides.guides": Allowed(SUPERVISORS | HR | {"ferit"}),
    "lessons.picture": signed_in,
    "library.module_page": signed_in,
    "service.cards": signed_in,
    "service.card": signed_in,
    "dashboards.today": signed_in,
    "dashboards.my_skills": signed_in,
    "dashboards.why": signed_in,
    "dashboards.team": Allowed(SUPERVISORS),
    "dashboards.skills_map": Allowed(SUPERVISORS),
    "dashboards.person": own_and_line,
    "dashboards.why_of": own_and_line,
    # Nobody gives herself an assignment or an excuse.
    "dashboards.assign": Allowed(LINE | HR, 404, OWN),
    "dashboards.excuse": Allowed(LINE | HR, 404, OWN),
    "plans.withdraw": Allowed(LINE | HR, 404, OWN),
    "plans.open_early": Allowed(LINE | HR, 404, OWN),
    "privacy.inventory": signed_in,
    "dashboards.seen_when": Allowed(SUPERVISORS | {"ela"}),
    "plans.mine": signed_in,
    "plans.assigned": in_charge,
    "plans.assign_many": in_charge,
    "plans.certifications": in_charge,
    "plans.new_certification": hr,
    "plans.certificate": own_and_line,
    "plans.withdraw_certificate": Allowed(HR, 404, OWN | LINE),
    "plans.issue": signed_in,
    "plans.rules": in_charge,
    "plans.new_rule": in_charge,
    # Chloe wrote it for her team: Hana leads her, and Iris has a dotted line to Amir and no team.
    "plans.rule": her_rule,
    "plans.begin_rule": her_rule,
    "plans.end_rule": her_rule,
    "observations.observations": signed_in,
    "observing.people_to_observe": Allowed(SUPERVISORS | {"ferit"}),
    "observations.observations_of": Allowed(OWN | LINE | HR | {"ferit"}, 404),
    "observing.observe": Allowed(LINE | {"ferit"}, 404, OWN | HR),
    "observing.keep_draft": Allowed(LINE | {"ferit"}, 404, OWN | HR),
    # Whose it is not, for her there is nothing to throw away.
    "observing.drop_draft": signed_in,
    "observations.observation": own_and_line,
    "observations.wish": signed_in,
    "observations.acknowledge": Allowed(OWN, 404, LINE | HR),
    "observations.review_self": Allowed(OWN, 404, LINE | HR),
    "disputes.raise_dispute": Allowed(OWN, 404, LINE | HR),
    "disputes.waiting_disputes": Allowed(SUPERVISORS | {"ferit", "ela"}),
    "disputes.dispute": Allowed(OWN | LINE | HR | {"ferit"}, 404),
    # Chloe scored it, so she of all supervisors does not decide; Amir is a party.
    "disputes.decide": Allowed((LINE - {"chloe"}) | {"ferit"}, 404, OWN | HR | {"chloe"}),
    "calibration.cases": Allowed(SUPERVISORS | {"ferit", "ela"}),
    "calibration.case": Allowed(SUPERVISORS | {"ferit", "ela"}),
    "calibration.sheet": Allowed(SUPERVISORS | {"ferit"}),
    "calibration.new_case": Allowed(frozenset({"ferit", "ela"})),
    "calibration.withdraw": Allowed(frozenset({"ferit", "ela"})),
    "calibration.close": Allowed(frozenset({"ferit", "ela"})),
    "calibration.agreed": Allowed(frozenset({"ferit", "ela"})),
    "scorecards.cards": signed_in,
    "scorecards.card": signed_in,
    "scorecards.new_card": Allowed(frozenset({"ferit", "ela"})),
    "scorecards.edit_card": Allowed(frozenset({"ferit", "ela"})),
    "scorecards.retire": Allowed(frozenset({"ferit", "ela"})),
    "draws.draws": Allowed(OWN | LINE | HR | {"ferit"}, 404),
    "draws.draw": Allowed(LINE | {"ferit"}, 404, OWN | HR),
    "draws.drawn": own_and_line,
    "draws.replace": Allowed(frozenset({"chloe"}), 404, OWN | HR | (LINE - {"chloe"})),
    "suggestions.suggestions": signed_in,
    "suggestions.new_suggestion": signed_in,
    "suggestions.suggestion": own_and_line,
    "suggestions.reply": Allowed(LINE, 404, OWN | HR),
    "suggestions.effect": Allowed(LINE, 404, OWN | HR),
    "sessions.mine": signed_in,
    "sessions.supervisors": Allowed(SUPERVISORS | {"max"}),
    # HR may know of the person and not of what is said.
    "sessions.session": Allowed(OWN | LINE, 404, HR),
    "sessions.write": Allowed(OWN | LINE, 404, HR),
    "sessions.move": Allowed(OWN | LINE, 404, HR),
    "sessions.cancel": Allowed(OWN | LINE, 404, HR),
    "sessions.agree": Allowed(LINE, 404, OWN | HR),
    "praise.mine": signed_in,
    "praise.give": Allowed(LINE, 404, OWN | HR),
    "praise.hide": own,
    "growth.mine": signed_in,
    "growth.take": signed_in,
    "growth.answer": Allowed(OWN, 404),
    "growth.outcome": Allowed(OWN | LINE, 404),
    "growth.of_person": Allowed(LINE, 404, OWN | HR),
    "pulse.pulse": signed_in,
    # Nobody coaches himself.
    "preparing.prepare": Allowed(LINE, 404, OWN | HR),
    "expectations.mine": signed_in,
    "expectations.of_person": own_and_line,
    "expectations.of_people": Allowed(SUPERVISORS | HR),
    "expectations.expectation": own_and_line,
    "expectations.acknowledge": Allowed(OWN, 404, LINE | HR),
    "expectations.object_to": Allowed(OWN, 404, LINE | HR),
    # Who leads directly decides; a dotted line and HR read.
    "expectations.reply": Allowed(DIRECT, 404, OWN | {"iris"} | HR),
    "expectations.change": Allowed(DIRECT, 404, OWN | {"iris"} | HR),
    "expectations.end": Allowed(DIRECT, 404, OWN | {"iris"} | HR),
    "expectations.new": Allowed(SUPERVISORS | {"ela"}),
    "expectations.draft": Allowed(DIRECT, 404),
    "expectations.draft_whom": Allowed(DIRECT, 404),
    "expectations.discard": Allowed(DIRECT, 404),
    "voice.my_ratings": signed_in,
    "roster.roster": signed_in,
    "roster.new_shift": hr,
    "roster.remove_shift": hr,
    "privacy.my_corrections": signed_in,
    "privacy.corrections": Allowed(frozenset({"ela"})),
    "privacy.correction": Allowed(frozenset({"ela"})),
    "privacy.decide": Allowed(frozenset({"ela"})),
    "privacy.retention": Allowed(frozenset({"ela"})),
    # Up in debug and in tests only.
    "patterns.bench": public,
    "patterns.lesson": public,
    "patterns.player": public,
    "patterns.stage": public,
}

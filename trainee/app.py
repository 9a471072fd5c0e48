"""The application: the one place where everybody is wired together."""

import gc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify
from psycopg import Error as PsycopgError
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from trainee import config as configuration
from trainee import demo, migrate, plans, timetable
from trainee.api.token_views import bp as api_tokens
from trainee.api.views import bp as api
from trainee.coaching.checks.views import bp as checks
from trainee.coaching.draws.views import bp as draws
from trainee.coaching.growth.views import bp as growth
from trainee.coaching.observations import notices as observation_notices
from trainee.coaching.observations.dispute_views import bp as disputes
from trainee.coaching.observations.views import bp as observations
from trainee.coaching.observations.writing_views import bp as observing
from trainee.coaching.praise.views import bp as praise
from trainee.coaching.pulse.views import bp as pulse
from trainee.coaching.scorecards.views import bp as scorecards
from trainee.coaching.sessions import notices as session_notices
from trainee.coaching.sessions.views import bp as sessions
from trainee.coaching.suggestions import notices as suggestion_notices
from trainee.coaching.suggestions.views import bp as suggestions
from trainee.config import Config, ConfigError
from trainee.dashboards import notices as team_notices
from trainee.dashboards.asking_views import bp as guides
from trainee.dashboards.calendar_views import bp as calendars
from trainee.dashboards.certifying_views import bp as plans_pages
from trainee.dashboards.chain_views import bp as chain
from trainee.dashboards.coverage_views import bp as dashboards
from trainee.dashboards.expectation_views import bp as expectations
from trainee.dashboards.gate import keep_locked
from trainee.dashboards.goal_views import bp as goals
from trainee.dashboards.guide_views import bp as interview_guides
from trainee.dashboards.interview_views import bp as interviews
from trainee.dashboards.job_views import bp as jobs
from trainee.dashboards.joining_views import bp as people
from trainee.dashboards.learn import bp as learn
from trainee.dashboards.licensing_views import bp as calibration
from trainee.dashboards.placing_views import bp as placing
from trainee.dashboards.preparing_views import bp as preparing
from trainee.dashboards.public_views import bp as public_voices
from trainee.dashboards.publishing_views import bp as publishing
from trainee.dashboards.search_views import bp as search
from trainee.dashboards.starting_views import bp as starting
from trainee.expectations import notices as expectation_notices
from trainee.kit import assets, patterns, web
from trainee.kit.db import db, reading
from trainee.kit.logs import log
from trainee.kit.web import public
from trainee.modules.lessons import notices as lesson_notices
from trainee.modules.lessons.views import bp as lessons
from trainee.modules.questions.views import bp as questions
from trainee.modules.quizzes.views import bp as quizzes
from trainee.modules.reviews import notices as review_notices
from trainee.modules.reviews.views import bp as reviews
from trainee.modules.roleplays.replies.views import bp as replies
from trainee.modules.roleplays.views import bp as roleplays
from trainee.navigation import context, way_back
from trainee.notices import knows_country
from trainee.notices.views import bp as messages
from trainee.people import door
from trainee.people.importing.views import bp as imports
from trainee.people.passwords import use_cheap_profile
from trainee.plans import notices as plans_notices
from trainee.privacy import notices as privacy_notices
from trainee.privacy.data_views import bp as privacy
from trainee.privacy.trail_views import bp as trail
from trainee.reports import notices as report_notices
from trainee.reports.schedule_views import bp as reports
from trainee.reports.table_views import bp as report_tables
from trainee.service import notices as service_notices
from trainee.service.board.views import bp as board
from trainee.service.complaints import notices as complaint_notices
from trainee.service.complaints.views import bp as complaints
from trainee.service.handbook.views import bp as handbook
from trainee.service.hours.views import bp as hours
from trainee.service.model import notices as model_notices
from trainee.service.model.views import bp as model
from trainee.service.roster import notices as roster_notices
from trainee.service.roster.views import bp as roster
from trainee.service.views import bp as service
from trainee.service.walks.views import bp as walks
from trainee.timetable_views import bp as timetable_pages
from trainee.voice import notices as voice_notices
from trainee.voice.asking.views import bp as asking
from trainee.voice.measures.views import bp as measures
from trainee.voice.surveys.file_views import bp as surveys
from trainee.voice.views import bp as voice
from trainee.webhooks.views import bp as webhooks

_HOW = "Write postgresql://user:password@host/name or sqlite:///file, or leave it empty for SQLite in DATA_DIR."
# After so many new objects Python looks for rubbish among them; a page makes some thousand that are gone when it is sent.
_YOUNG = 20_000
BLUEPRINTS = [
    people,
    imports,
    starting,
    placing,
    messages,
    service,
    model,
    handbook,
    complaints,
    board,
    walks,
    chain,
    goals,
    jobs,
    hours,
    checks,
    questions,
    lessons,
    quizzes,
    reviews,
    roleplays,
    replies,
    learn,
    publishing,
    guides,
    dashboards,
    search,
    calibration,
    draws,
    plans_pages,
    expectations,
    disputes,
    observations,
    observing,
    scorecards,
    sessions,
    suggestions,
    preparing,
    praise,
    growth,
    pulse,
    voice,
    surveys,
    asking,
    measures,
    interviews,
    interview_guides,
    public_voices,
    roster,
    reports,
    report_tables,
    privacy,
    trail,
    calendars,
    api_tokens,
    webhooks,
    api,
    timetable_pages,
]
# Each of these registers the kinds of messages that are about its package's things.
MESSAGES = [
    expectation_notices,
    roster_notices,
    service_notices,
    model_notices,
    complaint_notices,
    observation_notices,
    session_notices,
    suggestion_notices,
    lesson_notices,
    review_notices,
    plans_notices,
    report_notices,
    privacy_notices,
    team_notices,
    voice_notices,
]
for _door in (lessons, quizzes, roleplays):
    _door.before_request(keep_locked)


class Trainee(Flask):
    """The application. None of its functions is a coroutine, and looking at each of them at every request would take as long as a statement."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


def create_app(config: Config | None = None) -> Flask:
    """The application for one installation; reads the environment when no configuration is given."""
    config = config or configuration.from_environment()
    url = database_url(config)
    app = Trainee("trainee", root_path=str(Path(__file__).resolve().parent), static_folder=None)
    app.extensions["trainee"] = config
    app.config.update(
        SECRET_KEY=configuration.secret_key(config),
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(url),
        MAX_CONTENT_LENGTH=config.max_body_kb * 1024,
        MAX_FORM_MEMORY_SIZE=config.max_body_kb * 1024,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies or config.environment == "production",
        REMEMBER_COOKIE_SECURE=config.secure_cookies or config.environment == "production",
        PERMANENT_SESSION_LIFETIME=timedelta(days=config.session_days),
        TEMPLATES_AUTO_RELOAD=config.debug,
        WTF_CSRF_ENABLED=not config.testing,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE=config.default_language or "tr",
        TESTING=config.testing,
        ORGANISATION_COLOUR=config.organisation_colour,
    )
    _look_at(config)
    if config.testing:
        use_cheap_profile()
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies)  # type: ignore[method-assign]
    db.init_app(app)
    web.init_app(app)
    assets.init_app(app)
    door.init_app(app)
    app.context_processor(context)
    app.jinja_env.globals["way_back"] = way_back
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if config.debug or config.testing:
        patterns.init_app(app)
    if config.demo:
        web.told_in_english(app, demo.in_english(config))
    app.add_url_rule("/healthz", "healthz", healthz)
    return app


def _look_at(config: Config) -> None:
    """ConfigError where a setting names what only the packages above know."""
    if not knows_country(config.country):
        raise ConfigError(f"COUNTRY is {config.country!r}, whose holidays are not known; write two letters such as TR, or leave it empty.")


def database_url(config: Config) -> URL:
    """The database's address, looked at as closely as can be before anybody is asked; ConfigError when it makes no sense."""
    given = configuration.database_url(config)
    try:
        url = make_url(given)
        if url.drivername == "postgresql+psycopg":
            make_conninfo(**{**url.translate_connect_args(username="user", database="dbname"), **url.query})
            (url.host or "").encode("idna")
    except (ArgumentError, ValueError, PsycopgError) as error:
        # The address holds a password, so it is not repeated.
        raise ConfigError(f"DATABASE_URL cannot be read ({' '.join(str(error).split())}). {_HOW}") from None
    if url.drivername == "sqlite":
        if not url.database or url.database == ":memory:" or url.query or url.host:
            raise ConfigError(f"DATABASE_URL names no file. {_HOW}")
        configuration.private_file(given)
    return url


def _engine_options(url: URL) -> dict[str, object]:
    if url.drivername == "sqlite":
        return {"connect_args": {"timeout": 10}}
    # A server that does not answer is told to the reader in seconds; the driver alone would wait for minutes.
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10, "pool_timeout": 10, "connect_args": {"connect_timeout": 5}}


def settle(app: Flask) -> None:
    """Read once what nearly every page asks for, and keep what lives as long as the process out of Python's search for rubbish.

    For whoever starts a server. Where the database is not ready or out of reach, the pages will say so. The content of twenty modules is some two
    hundred thousand objects; looking through them again and again would take a good part of the time in which answers are saved.
    """
    with app.app_context(), reading():
        try:
            if migrate.state() == "current":
                plans.training()
        except SQLAlchemyError as error:
            log.error("database", kind=type(error).__name__)
        finally:
            # A server may divide itself into several processes from here on, which must not share a line to the database.
            db.session.remove()
            db.engine.dispose()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 50)


@public
def healthz() -> tuple[Response, int]:
    """Whether the database answers and its schema is the one this program needs; and which jobs are late, for which no page is worse."""
    try:
        db.session.execute(text("SELECT 1"))
        schema = migrate.state()
        late = timetable.late() if schema == "current" else []
    except SQLAlchemyError:
        return jsonify(status="down", database="unreachable", schema="unknown"), 503
    told = {"database": "ok", "dialect": db.engine.dialect.name, "schema": schema}
    if schema != "current":
        return jsonify(status="degraded", **told), 503
    return jsonify(status="late" if late else "ok", **told, late=late), 200

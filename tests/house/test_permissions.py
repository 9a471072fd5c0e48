"""Every route, as everybody, against one written table: nothing opens that the table does not open."""

import re

import pytest
from werkzeug.routing import Rule

from tests.house.permissions import EVERYBODY, SIGNED_IN, TABLE, TOKEN, Allowed
from tests.house.world import make_world
from trainee.kit.db import db


@pytest.fixture
def world(app, cast, at):
    return make_world(cast, at)


def routes(app) -> list[tuple[Rule, str]]:
    """Every route with every method it answers."""
    return [(rule, method) for rule in app.url_map.iter_rules() for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]


def test_the_table_holds_every_route_and_no_other(app):
    assert {rule.endpoint for rule, _method in routes(app)} == set(TABLE)


def outcome(answer) -> str:
    """What a reader would say happened."""
    if answer.status_code == 401 or (answer.status_code == 302 and "/sign-in" in answer.location):
        return "sign in"
    if answer.status_code in {403, 404}:
        return str(answer.status_code)
    assert answer.status_code < 500, answer.text
    return "open"


def expected(allowed: Allowed, who: str | None) -> str:
    """What the table says of somebody."""
    if allowed.may is EVERYBODY or who in allowed.may:
        return "open"
    if who is None or allowed.may is TOKEN:
        return "sign in"
    if who in allowed.may_not:
        return "403"
    return "open" if allowed.may is SIGNED_IN else str(allowed.otherwise)


@pytest.mark.lasts(65)
def test_everybody_gets_exactly_what_the_table_says(app, cast, as_, world, counting):
    wrong = []
    everybody = (None, *vars(cast))
    # What differs between the databases is the gates' statements: on PostgreSQL every address is asked by a sixth of all, by turns.
    turns = 1 if db.engine.dialect.name == "sqlite" else 6
    for number, (rule, method) in enumerate(routes(app)):
        for who in everybody[number % turns :: turns]:
            with app.test_request_context():
                address = app.url_map.bind("localhost").build(rule.endpoint, {name: world[name] for name in rule.arguments}, method=method)
            client = as_(getattr(cast, who) if who else None)
            counting.clear()
            found = outcome(client.open(address, method=method))
            if found != expected(TABLE[rule.endpoint], who):
                wrong.append(f"{method} {rule.endpoint} as {who or 'a stranger'}: {found}, not {expected(TABLE[rule.endpoint], who)}")
            # Nearly all of them are refused or only read, and leave nothing to put back.
            if (found == "open" and method != "GET") or any(not statement.lstrip().startswith(("SELECT", "WITH")) for statement in counting):
                world.restore()
            else:
                db.session.rollback()
    assert not wrong, "\n".join(wrong)


def test_every_link_in_the_templates_leads_somewhere(app):
    """A template may link anywhere by name; each name must be a route."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    loader = app.jinja_env.loader
    for name in app.jinja_env.list_templates(filter_func=lambda path: path.endswith(".html")):
        source = loader.get_source(app.jinja_env, name)[0]
        for endpoint in re.findall(r"""url_for\(["']([\w.]+)["']""", source):
            assert endpoint in endpoints, f"{name} links to {endpoint}"

"""Every form that does something carries the page's own token, wherever it stands."""

import re
from html.parser import HTMLParser

import pytest

from tests.house.world import make_world
from trainee.kit.db import db
from trainee.people import actions as people
from trainee.people.models import ROLES, Person

pytestmark = pytest.mark.pages

# What writes the hidden field; that it does is seen on the pages below. A customer's page is signed as a whole, because a token would need a cookie.
HEADS = ("signed_head(", "csrf()", "_form_head(", "csrf_token()", "hidden_tag()")


def forms(source: str) -> list[str]:
    """The POST forms of a template or page."""
    return [form for form in re.findall(r"<form\b.*?</form>", source, re.DOTALL) if re.search(r'method="post"', form, re.IGNORECASE)]


def test_every_form_in_every_template_writes_the_token(app):
    seen = 0
    for name in app.jinja_env.list_templates(filter_func=lambda path: path.endswith(".html")):
        source = app.jinja_env.loader.get_source(app.jinja_env, name)[0]
        for form in forms(source):
            seen += 1
            assert any(head in form for head in HEADS), f"{name}: {form[:120]}"
        assert len(forms(source)) == len(re.findall(r'<form\b[^>]*method="post"', source, re.IGNORECASE)), f"{name}: a form that does not end"
    assert seen > 25


class Forms(HTMLParser):
    """Collects the POST forms of a page, each as the names of its fields with their values."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []
        self.inside: dict[str, str] | None = None
        self.posts = False
        # The words of every empty option of a select that has to be answered: whoever leaves it standing cannot send the form.
        self.refused: list[str] = []
        self.required, self.empty = False, False

    def handle_data(self, data: str) -> None:
        """What an empty option says."""
        if self.empty and data.strip():
            self.refused.append(data.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, or a field of one."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            assert self.inside is None, "a form stands inside a form"
            self.inside, self.posts = {"(action)": given.get("action", "")}, given.get("method", "get") == "post"
        elif tag in {"input", "button", "select", "textarea"} and self.inside is not None:
            self.inside.setdefault(given.get("name", ""), given.get("value", ""))
        if tag == "select":
            self.required = "required" in given
        if tag == "input" and given.get("type") == "number":
            # Anything else a browser leaves out of such a box, and sends nothing.
            assert re.fullmatch(r"-?[0-9]*(\.[0-9]+)?", given.get("value", "")), given
        self.empty = tag == "option" and self.required and given.get("value") == ""

    def handle_endtag(self, tag: str) -> None:
        """A form ends, or an option."""
        self.empty = False
        if tag == "form":
            assert self.inside is not None
            if self.posts:
                self.found.append(self.inside)
            self.inside = None


@pytest.fixture
def visited(app, cast, as_, at):
    """Every page that opens for Amir, for his supervisor and for somebody with every role: (address, its forms, what no select can be sent with)."""
    world = make_world(cast, at)
    people.set_roles(db.session.get_one(Person, cast.ada), ROLES, at, None)
    db.session.commit()
    pages = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "assets.asset":
            continue
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, {name: world[name] for name in rule.arguments})
        for who in (None, cast.amir, cast.chloe, cast.ada):
            answer = as_(who).get(address)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                parser = Forms()
                parser.feed(answer.text)
                assert parser.inside is None
                pages.append((address, parser.found, parser.refused))
    return pages


def test_every_form_on_every_page_carries_a_token_and_goes_to_this_site(visited):
    assert len(visited) > 40
    for address, found, _refused in visited:
        for fields in found:
            assert fields.get("page" if address.startswith("/s/") else "csrf_token"), f"{address}: {fields}"
            assert re.match(r"$|/(?!/)", fields["(action)"]), f"{address}: {fields}"
    assert sum(len(found) for _address, found, _refused in visited) > 60
    # A browser does not send a select that has to be answered with an empty option: it may only say that none is chosen yet.
    says = {(words, address) for address, _found, refused in visited for words in refused}
    assert {address for words, address in says if not (words == "—" or words.startswith("Choose"))} == set()
    assert len(says) > 10

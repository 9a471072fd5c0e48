"""The embedded web server, which refuses with our sentences also what never reaches the application."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask

from trainee.kit.i18n import _, force_locale
from trainee.kit.web import SECURITY_HEADERS

_CODES = (400, 413, 431, 500, 501)


class Refused(ErrorTask):  # type: ignore[misc]  # The library has no types.
    """The answer to a request the server could not read or would not take: whatever its own words are, the reader gets a page of ours."""

    pages: ClassVar[Mapping[int, bytes]] = {}

    def execute(self) -> None:
        """Write the page for the error's code; nobody is known yet, so it says its sentence in both languages."""
        error = self.request.error
        page = self.pages.get(error.code, self.pages[400])
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend([("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"), *SECURITY_HEADERS.items()])
        self.set_close_on_finish()
        self.content_length = len(page)
        self.write(page)


def _sentence(code: int) -> str:
    said = {
        400: _("This request could not be read. Please go back, load the page again and try once more."),
        413: _("That is too large to be taken. Please choose something smaller."),
        431: _("Your browser sent more than we can take. Please delete the cookies of this site and try again."),
        500: _("Something went wrong on our side. Please try again in a moment."),
        501: _("This way of sending is not understood here. Please use another browser."),
    }
    return said[code]


def _page(app: Flask, code: int) -> bytes:
    said = []
    for lang in dict.fromkeys((app.config["BABEL_DEFAULT_LOCALE"], "tr", "en")):
        with force_locale(lang):
            said.append((lang, _sentence(code)))
    page: str = app.jinja_env.get_template("errors/server.html").render(said=said)
    return page.encode()


def listen(app: Flask, host: str, port: int, threads: int) -> Any:
    """A server that listens at that address; its `run` serves until the process is told to stop."""
    with app.app_context():
        pages = {code: _page(app, code) for code in _CODES}
    refused = type("Refused", (Refused,), {"pages": pages})
    channel = type("Channel", (HTTPChannel,), {"error_task_class": refused})
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, host=host, port=port, threads=threads, ident="trainee", clear_untrusted_proxy_headers=True)
    # A name such as localhost may stand for several addresses, each with a socket of its own.
    for one in sockets.values():
        if isinstance(one, BaseWSGIServer):
            one.channel_class = channel
    return server

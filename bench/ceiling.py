"""The ceiling: a small application that does what any page of ours must do at least, and nothing else.

The same server with the same number of threads, the same database settings, a session lookup from a signed cookie, four plain Core queries of some
rows each, and a page of twelve kilobytes rendered by Jinja, written as pages are written: a frame it inherits, and rows with an icon, a link, a badge
and a meter, each by a macro. Ours is measured as a share of it.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, redirect, render_template, request, session
from jinja2 import StrictUndefined
from sqlalchemy import (
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    insert,
    select,
)
from sqlalchemy.engine import Connection, Engine
from waitress import serve
from werkzeug.wrappers import Response as BaseResponse

# Importing it sets the pragmas and the kind of BEGIN for every engine of this process, as in the application itself.
from trainee.kit import db as house

ROWS = 8
PEOPLE = 100
META = MetaData()
PERSON = Table("person", META, Column("id", Integer, primary_key=True), Column("name", String(120)), Column("language", String(2)))
SIGN_IN = Table(
    "sign_in",
    META,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), unique=True),
    Column("person_id", ForeignKey("person.id")),
    Column("seen_at", DateTime),
)


def _things(name: str) -> Table:
    return Table(
        name,
        META,
        Column("id", Integer, primary_key=True),
        Column("person_id", ForeignKey("person.id")),
        Column("title", String(120)),
        Column("words", String(400)),
        Column("score", Float),
        Column("at", DateTime),
        Index(f"ix_{name}_person_id", "person_id"),
    )


THINGS = [_things(name) for name in ("lesson", "answer", "task", "notice")]
ANSWER = THINGS[1]
WHO = (
    select(PERSON.c.id, PERSON.c.name, PERSON.c.language, SIGN_IN.c.seen_at)
    .join(SIGN_IN, SIGN_IN.c.person_id == PERSON.c.id)
    .where(SIGN_IN.c.digest == bindparam("digest"))
)
READ = [
    select(table.c.id, table.c.title, table.c.words, table.c.score, table.c.at)
    .where(table.c.person_id == bindparam("person"))
    .order_by(table.c.at.desc())
    .limit(ROWS)
    for table in THINGS
]
KEEP = insert(ANSWER)


def fill(engine: Engine) -> None:
    """A hundred people, each with a sign-in and some rows of each kind."""
    META.create_all(engine)
    start = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    with engine.begin() as connection:
        connection.execute(insert(PERSON), [{"id": who, "name": f"Person {who}", "language": "en"} for who in range(1, PEOPLE + 1)])
        connection.execute(insert(SIGN_IN), [{"digest": f"digest-{who}", "person_id": who, "seen_at": start} for who in range(1, PEOPLE + 1)])
        for table in THINGS:
            rows = [
                {
                    "person_id": who,
                    "title": f"{table.name} number {number}",
                    "words": "What a customer wrote & what was answered",
                    "score": number / ROWS,
                    "at": start + timedelta(hours=who * number),
                }
                for who in range(1, PEOPLE + 1)
                for number in range(ROWS)
            ]
            connection.execute(insert(table), rows)


def create_app(folder: Path) -> Flask:
    """The ceiling's application on a database of its own in that folder."""
    app = Flask(__name__, template_folder=str(Path(__file__).parent / "templates"))
    app.config["SECRET_KEY"] = "ceiling" * 8
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    engine = create_engine(f"sqlite:///{folder / 'ceiling.sqlite3'}", connect_args={"timeout": 10})
    fill(engine)

    def signed_in(connection: Connection) -> Any:
        return connection.execute(WHO, {"digest": session["digest"]}).one()

    @app.before_request
    def only_reads() -> None:
        house.only_reads(request.method == "GET")

    @app.get("/sign-in/<int:who>")
    def sign_in(who: int) -> Response:
        session["digest"] = f"digest-{who}"
        return Response("signed in")

    @app.get("/")
    def page() -> str:
        with engine.begin() as connection:
            g.who = signed_in(connection)
            parts = [(table.name, connection.execute(query, {"person": g.who.id}).all()) for table, query in zip(THINGS, READ, strict=True)]
        return render_template("page.html", who=g.who, parts=parts)

    @app.get("/things/<kind>/<int:number>")
    def thing(kind: str, number: int) -> str:
        return f"{kind} {number}"

    @app.post("/insert")
    def keep() -> BaseResponse:
        with engine.begin() as connection:
            who = signed_in(connection)
            values = {
                "person_id": who.id,
                "title": "answer",
                "words": request.form["words"],
                "score": 1.0,
                "at": datetime.now(UTC).replace(tzinfo=None),
            }
            connection.execute(KEEP, values)
        return redirect("/", code=303)

    return app


def main() -> None:
    """Serve it: `python -m bench.ceiling FOLDER PORT`."""
    serve(create_app(Path(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]), threads=int(os.environ.get("THREADS", "8")), ident="ceiling")


if __name__ == "__main__":
    main()

"""What a server does once before its first request."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from trainee.app import create_app, settle
from trainee.config import Config
from trainee.kit.db import db


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_every_page_asks_for_is_read_and_kept_out_of_the_search_for_rubbish(app: Flask) -> None:
    app.extensions.pop("trainee.plans.training", None)
    settle(app)
    assert "trainee.plans.training" in app.extensions
    assert gc.get_freeze_count() > 50_000


def test_a_database_that_is_not_ready_does_not_stop_it(tmp_path: Path) -> None:
    bare = create_app(Config(environment="test", data_dir=str(tmp_path), secret_key="t" * 40))
    settle(bare)
    with bare.app_context():
        assert bare.test_client().get("/healthz").status_code == 503
        db.session.remove()
        db.engine.dispose()

"""The configuration and what is written about it are one."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from trainee.config import Config, ConfigError, from_environment, secret_key

DOCS = Path(__file__).parents[2] / "docs/configuration.md"
ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\| (.*) \|$", re.MULTILINE)


def test_every_setting_is_described_with_its_default():
    described = {name: (default, says) for name, default, says in ROW.findall(DOCS.read_text(encoding="utf-8"))}
    real = {}
    for item in fields(Config):
        default = {True: "1", False: "0"}[item.default] if isinstance(item.default, bool) else str(item.default)
        real[item.metadata["env"]] = (default, item.metadata["says"])
    assert described == real


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"TRAINEE_ENV": "prod"}, "TRAINEE_ENV"),
        ({"TRAINEE_DEBUG": "perhaps"}, "TRAINEE_DEBUG"),
        ({"DEFAULT_LANGUAGE": "de"}, "DEFAULT_LANGUAGE"),
        ({"THREADS": "0"}, "THREADS"),
        ({"SESSION_DAYS": "-1"}, "SESSION_DAYS"),
        ({"PROXIES": "-2"}, "PROXIES"),
        ({"MAX_BODY_KB": "0"}, "MAX_BODY_KB"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ({"DEFAULT_TIME_ZONE": "Mars/Olympus"}, "DEFAULT_TIME_ZONE"),
        ({"DATA_DIR": ""}, "DATA_DIR"),
        ({"CONTENT_DIR": "/no/such/folder"}, "CONTENT_DIR"),
        ({"DATABASE_URL": "mysql://somewhere"}, "DATABASE_URL"),
        ({"TRAINEE_ENV": "production"}, "SECRET_KEY"),
        ({"TRAINEE_ENV": "production", "SECRET_KEY": "x" * 40, "TRAINEE_DEMO": "1"}, "TRAINEE_DEMO"),
    ],
)
def test_what_makes_no_sense_is_told_by_name(environ, names):
    with pytest.raises(ConfigError, match=names):
        from_environment(environ)


def test_the_embedded_secret_is_made_once_and_kept_private(tmp_path):
    config = Config(data_dir=str(tmp_path))
    first = secret_key(config)
    assert len(first) == 64
    assert secret_key(config) == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_a_data_directory_that_cannot_be_written_is_told_with_the_mend(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        secret_key(Config(data_dir=str(tmp_path / "file" / "data")))

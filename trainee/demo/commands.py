"""The demonstration company on the command line."""

import click

from trainee.demo.actions import ACCOUNTS, PASSWORD, SEED, build
from trainee.kit.clock import now


def build_it(seed: int | None, scale: int) -> None:
    """Build it in an empty installation."""
    built = build(now(), SEED if seed is None else seed, click.echo, scale)
    click.echo(f"Ready: {built.people} people. `trainee demo accounts` prints whom to sign in as.")


def accounts() -> None:
    """Print whom to sign in as."""
    for role, username in ACCOUNTS:
        click.echo(f"{role} {username} {PASSWORD}")

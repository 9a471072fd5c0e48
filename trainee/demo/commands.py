"""The demonstration company on the command line."""

import click

from trainee.demo.actions import ACCOUNTS, PASSWORD, SEED, build
from trainee.kit.clock import now
from trainee.kit.commands import needs_app


@click.group()
def demo() -> None:
    """The demonstration company: 112 invented people and half a year of their work."""


@demo.command("build")
@click.option("--seed", default=SEED, show_default=True, help="The same seed on the same day makes the same company.")
@click.option("--scale", default=1, show_default=True, type=click.IntRange(1, 50), help="How many times as much history.")
@needs_app
def build_it(seed: int, scale: int) -> None:
    """Build it in an empty installation; refuses where anybody is."""
    built = build(now(), seed, click.echo, scale)
    click.echo(f"Ready: {built.people} people. `trainee demo accounts` prints whom to sign in as.")


@demo.command()
def accounts() -> None:
    """Print a line `role username password` for each role."""
    for role, username in ACCOUNTS:
        click.echo(f"{role} {username} {PASSWORD}")

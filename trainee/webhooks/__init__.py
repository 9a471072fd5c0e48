"""Telling other programs that something happened: signed, tried again, each once and on record."""

from trainee.webhooks.actions import EVENTS, happened, looked_at, subscribed
from trainee.webhooks.sending import post

__all__ = ["EVENTS", "happened", "looked_at", "post", "subscribed"]

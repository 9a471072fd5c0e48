"""The demonstration company: invented people and months of their history, made through the same actions that the pages use."""

from trainee.demo.actions import ACCOUNTS, PASSWORD, Built, build
from trainee.demo.book import in_english

__all__ = ["ACCOUNTS", "PASSWORD", "Built", "build", "in_english"]

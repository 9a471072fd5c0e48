"""Praise: a few words that say what was done well, tied to where it was seen."""

from trainee.coaching.praise.actions import LONGEST, hide, praise, show_again
from trainee.coaching.praise.models import PRAISE, Praise
from trainee.coaching.praise.queries import given, of_team, received

__all__ = ["LONGEST", "PRAISE", "Praise", "given", "hide", "of_team", "praise", "received", "show_again"]

"""Five checks one makes for oneself after a contact: was anything left out?"""

from trainee.coaching.checks.actions import ANSWERS, CHECKS, keep
from trainee.coaching.checks.models import ContactCheck
from trainee.coaching.checks.queries import check_of

__all__ = ["ANSWERS", "CHECKS", "ContactCheck", "check_of", "keep"]

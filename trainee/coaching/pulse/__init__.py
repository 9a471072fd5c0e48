"""The engagement pulse: four questions a quarter, answered without a name and shown from five answers on."""

from trainee.coaching.pulse.actions import take
from trainee.coaching.pulse.models import TAKEN, PulseTaken, PulseTally
from trainee.coaching.pulse.queries import results
from trainee.coaching.pulse.survey import LEAST, QUESTIONS, Result, quarter_of

__all__ = ["LEAST", "QUESTIONS", "TAKEN", "PulseTaken", "PulseTally", "Result", "quarter_of", "results", "take"]

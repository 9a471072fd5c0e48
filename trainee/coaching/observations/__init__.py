"""Observations: what was seen of people at work, and told to them."""

from trainee.coaching.observations.actions import Line, acknowledge, observe
from trainee.coaching.observations.models import CHANNELS, Observation, ObservationLine
from trainee.coaching.observations.queries import may_observe

__all__ = ["CHANNELS", "Line", "Observation", "ObservationLine", "acknowledge", "may_observe", "observe"]

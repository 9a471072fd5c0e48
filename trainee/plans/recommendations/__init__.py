"""The kinds of recommendation: one file each."""

from trainee.kit.registry import Registry
from trainee.plans.recommendation import Recommendation

recommendations: Registry[Recommendation] = Registry(__name__)
recommendations.discover()

"""Taking out of a comment what could lead to a person; complaints are masked in the same way, so it stands in the kit."""

from trainee.kit.masking import MASK, masked

__all__ = ["MASK", "masked"]

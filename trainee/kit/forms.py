"""What WTForms offers and its published types do not know yet."""

from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # The stubs describe WTForms 3.2.

__all__ = ["SelectChoice"]

"""What there is to be good at: families, skills, four levels, and the anchors that show what each level looks like."""

from typing import TYPE_CHECKING

from trainee.kit.faces import later
from trainee.skills.frame import Family, Framework, Skill, Term
from trainee.skills.reading import read

if TYPE_CHECKING:
    from trainee.skills.actions import load, load_file
    from trainee.skills.queries import framework
else:
    __getattr__ = later(__name__, {"actions": ("load", "load_file"), "queries": ("framework",)})

__all__ = ["Family", "Framework", "Skill", "Term", "framework", "load", "load_file", "read"]

"""What there is to be good at: families, skills, four levels, and the anchors that show what each level looks like."""

from trainee.skills.actions import load, load_file
from trainee.skills.framework import Family, Framework, Skill, Term
from trainee.skills.queries import framework
from trainee.skills.reading import read

__all__ = ["Family", "Framework", "Skill", "Term", "framework", "load", "load_file", "read"]

"""Interviews along a guide: notes, and what was said, coded to strengths and weaknesses."""

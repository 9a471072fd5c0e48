"""Lessons: reading on where one left off, checks answered in place, own notes."""

from trainee.modules.lessons.models import CheckAnswer, LessonNote, LessonProgress

__all__ = ["CheckAnswer", "LessonNote", "LessonProgress"]

"""Lessons: reading on where one left off, checks answered in place, own notes."""

from trainee.modules.lessons.models import CheckAnswer, LessonNote, LessonProgress, TaskReport

__all__ = ["CheckAnswer", "LessonNote", "LessonProgress", "TaskReport"]

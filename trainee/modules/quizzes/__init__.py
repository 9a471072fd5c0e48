"""Quizzes: attempts, answers that are saved one by one, and what may be seen of them when."""

from trainee.modules.quizzes.models import QuizAnswer, QuizAttempt

__all__ = ["QuizAnswer", "QuizAttempt"]

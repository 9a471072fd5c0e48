"""The door of a module that somebody's path keeps locked: the parts of modules know nothing of paths, so it is hung before their pages."""

from flask import request

from trainee import plans
from trainee.kit.errors import Forbidden
from trainee.people import viewer

# Where a part of a module begins; what was begun is never shut.
_BEGINNINGS = frozenset({"lessons.lesson", "quizzes.quiz", "quizzes.begin", "roleplays.brief", "roleplays.begin"})


def keep_locked() -> None:
    """Forbidden, with what opens it, for a part of a module that is locked on the reader's path. One small statement for who follows none."""
    asked = request.view_args or {}
    if request.endpoint in _BEGINNINGS and (lock := plans.lock_on(viewer().id, **asked)) is not None:
        raise Forbidden(lock.words)

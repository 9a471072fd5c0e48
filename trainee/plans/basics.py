"""What an observer has to know herself before her marks of others count in full."""

from collections.abc import Collection

from sqlalchemy import select

from trainee.kit.db import db
from trainee.modules import library
from trainee.modules.library import Module
from trainee.modules.progress.models import PartDone


def basics() -> list[Module]:
    """The modules in use whose quizzes an observer has passed, in the order of their path; none where no path asks for it."""
    versions = library.current_versions()
    wanted = [key for path in library.pieces().paths if path.licence == "observer" for key in path.modules]
    found = [library.module(versions[key]) for key in wanted if key in versions]
    return [module for module in found if module.quiz is not None]


def lacking(person_ids: Collection[int]) -> dict[int, list[Module]]:
    """The basics that each of these people has not passed yet. Two statements, however many they are."""
    wanted = basics()
    passed = select(PartDone.person_id, PartDone.module_key).where(
        PartDone.person_id.in_(list(person_ids)), PartDone.module_key.in_([module.key for module in wanted]), PartDone.part == "quiz"
    )
    done = {(row.person_id, row.module_key) for row in db.session.execute(passed)}
    return {one: [module for module in wanted if (one, module.key) not in done] for one in person_ids}

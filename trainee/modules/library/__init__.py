"""The library: modules read from their files, kept in versions, and served."""

from typing import TYPE_CHECKING

from trainee.kit.faces import later
from trainee.modules.library.bundle import Bundle, from_archive, from_folder
from trainee.modules.library.content import Block, Check, Dialogue, Lesson, Module, Prose, Quiz, TryIt
from trainee.modules.library.reading import Known, read_archive, read_bundle, read_module

if TYPE_CHECKING:
    from trainee.modules.library.actions import NotPublished, load_content, publish, retire
    from trainee.modules.library.models import ModuleVersion
    from trainee.modules.library.queries import (
        asked,
        catalogue_modules,
        current_version,
        current_versions,
        filled,
        forget,
        known,
        module,
        module_or_404,
        picture,
        pieces,
        reviewed,
        roleplay,
        roleplay_of,
    )
else:
    __getattr__ = later(
        __name__,
        {
            "actions": ("NotPublished", "load_content", "publish", "retire"),
            "models": ("ModuleVersion",),
            "queries": (
                "asked",
                "catalogue_modules",
                "current_version",
                "current_versions",
                "filled",
                "forget",
                "known",
                "module",
                "module_or_404",
                "picture",
                "pieces",
                "reviewed",
                "roleplay",
                "roleplay_of",
            ),
        },
    )

__all__ = [
    "Block",
    "Bundle",
    "Check",
    "Dialogue",
    "Known",
    "Lesson",
    "Module",
    "ModuleVersion",
    "NotPublished",
    "Prose",
    "Quiz",
    "TryIt",
    "asked",
    "catalogue_modules",
    "current_version",
    "current_versions",
    "filled",
    "forget",
    "from_archive",
    "from_folder",
    "known",
    "load_content",
    "module",
    "module_or_404",
    "picture",
    "pieces",
    "publish",
    "read_archive",
    "read_bundle",
    "read_module",
    "retire",
    "reviewed",
    "roleplay",
    "roleplay_of",
]

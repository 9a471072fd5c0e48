"""People from a file: a table in any shape is read, shown row by row as what it would do, applied at once and taken back within a day."""

from trainee.people.importing.actions import forget_files_naming, sweep
from trainee.people.importing.background import work
from trainee.people.importing.queries import applied_since

__all__ = ["applied_since", "forget_files_naming", "sweep", "work"]

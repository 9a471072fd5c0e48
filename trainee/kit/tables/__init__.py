"""Tables as they come in files: CSV in whatever encoding and with whatever separator, and Excel workbooks."""

from trainee.kit.tables.delimited import SEPARATORS, separator_of
from trainee.kit.tables.delimited import records as delimited_records
from trainee.kit.tables.encodings import ENCODINGS, Candidate, candidates, decoded, sure
from trainee.kit.tables.record import Merged, Record, UnreadableError, letters
from trainee.kit.tables.workbook import Workbook, is_workbook

__all__ = [
    "ENCODINGS",
    "SEPARATORS",
    "Candidate",
    "Merged",
    "Record",
    "UnreadableError",
    "Workbook",
    "candidates",
    "decoded",
    "delimited_records",
    "is_workbook",
    "letters",
    "separator_of",
    "sure",
]

"""One JSON line per happening, with the request's id and nothing personal: no names, no addresses, no form values."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        line["event"] = record.getMessage()
        line.update(getattr(record, "fields", {}))
        return json.dumps(line, ensure_ascii=False, default=str)


class Log:
    """The application's log; fields are given by name so that it is plain what goes in."""

    def __init__(self) -> None:
        self._logger = logging.getLogger("trainee")

    def info(self, event: str, **fields: Any) -> None:
        """Something ordinary happened."""
        self._logger.info(event, extra={"fields": fields})

    def error(self, event: str, **fields: Any) -> None:
        """Something failed that we knew could fail."""
        self._logger.error(event, extra={"fields": fields})

    def exception(self, event: str, error: BaseException, **fields: Any) -> None:
        """Our bug: where it happened, but not the message, which may quote what a person typed."""
        frames = [
            f"{frame.filename.rsplit('trainee/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-12:]
        ]
        self._logger.error(event, extra={"fields": {"error": type(error).__name__, "where": frames, **fields}})


log = Log()


def setup(level: str) -> None:
    """Send our lines to standard error; called once by whoever starts a process."""
    logger = logging.getLogger("trainee")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logger.handlers = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False

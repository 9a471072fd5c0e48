"""One JSON line per happening, with the request's id and nothing personal: no names, no addresses, no form values."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

# Made once: `json.dumps` would make one for each line.
_ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)


def _frames(error: BaseException) -> list[str]:
    return [f"{frame.filename.rsplit('trainee/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-12:]]


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        fields = getattr(record, "fields", None)
        # What a library would fill into its message may be an address or what somebody typed; we cannot know, so it stays out.
        line["event"] = str(record.msg)
        if fields is None:
            fields = {"logger": record.name}
            error = record.exc_info[1] if record.exc_info else None
            if error is not None:
                fields |= {"error": type(error).__name__, "where": _frames(error)}
        line.update(fields)
        return _ENCODER.encode(line)


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
        self._logger.error(event, extra={"fields": {"error": type(error).__name__, "where": _frames(error), **fields}})


log = Log()


def setup(level: str) -> None:
    """Send our lines, and what libraries warn of, to standard error; called once by whoever starts a process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    for name, least in (("", "WARNING"), ("trainee", level.upper())):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(least)
    logging.getLogger("trainee").propagate = False

"""What stands in one cell of a file of people, as a value, or why it is none. A wrong one raises WrongError with its code."""

import re
from datetime import date, timedelta
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from trainee.kit import trtext

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?Z?")
_TURKISH = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?: 0?0:00(?::00)?)?")
# 1 Mart 2026, 1. Mart 2026 Pazar, 01-Mar-2026; March 1, 2026. Of what is folded.
_NAMED = re.compile(r"(?:([a-z]+),? )?([0-9]{1,2})(?:\.|st|nd|rd|th)?[ ./-]{0,2}([a-z]+)\.?[ ,./-]{1,2}([0-9]{4})(?:,? ([a-z]+))?")
_NAMED_FIRST = re.compile(r"(?:([a-z]+),? )?([a-z]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_MONTHS = (
    *("ocak|oca|january|jan", "subat|sub|february|feb", "mart|mar|march", "nisan|nis|april|apr", "mayis|may", "haziran|haz|june|jun"),
    *("temmuz|tem|july|jul", "agustos|agu|august|aug", "eylul|eyl|september|sept|sep", "ekim|eki|october|oct", "kasim|kas|november|nov"),
    "aralik|ara|december|dec",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_WEEKDAYS = frozenset(("pazartesi", "sali", "carsamba", "persembe", "cuma", "cumartesi", "pazar"))
_WEEKDAYS |= {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri", "sat", "sun"}
# A day that a spreadsheet shows as a number, because its cell has no format of a date: days since its first, 1 January 1930 to the end of 2099.
_SERIAL = re.compile(r"([1-7][0-9]{4})(?:[.,]0+)?")
_FIRST_DAY, _FIRST_DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)
_EARLIEST, _LATEST = 1930, 2100
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_USERNAME = re.compile(r"[\w.-]+")
_LOCAL = re.compile(r"[A-Za-z0-9_%+-]+(\.[A-Za-z0-9_%+-]+)*")
_LONGEST = {"employee_no": 40, "name": 120, "username": 120, "email": 254, "job": 120, "team": 120, "unit": 120, "supervisor": 254, "dotted": 254}
# What a column says of whoever works here and of whoever does not any more, folded.
_HERE = frozenset(("aktif", "calisiyor", "calisan", "evet", "e", "1", "true", "active", "yes", "y", "working", "employed", "izinli", "onleave"))
_GONE = frozenset(("pasif", "ayrildi", "ayrilan", "cikti", "cikis", "istenayrildi", "hayir", "h", "0", "false", "inactive", "no", "n", "left"))
_GONE |= {"terminated", "passive"}
# What a column of roles says, folded and without blanks; an administrator is made by hand.
_OF_TEAMS = ("ekipyoneticisi", "takimyoneticisi", "teamsupervisor", "teammanager")
_ROLES = {
    **dict.fromkeys(("employee", "calisan", "personel", "kullanici", "user", "staff"), "employee"),
    **dict.fromkeys(("supervisor", "yonetici", "amir", "manager", "teamleader", "ekiplideri", "takimlideri", *_OF_TEAMS), "supervisor"),
    **dict.fromkeys(("trainer", "egitmen", "egitimci", "instructor"), "trainer"),
    **dict.fromkeys(("hr", "ik", "insankaynaklari", "humanresources"), "hr"),
    **dict.fromkeys(("executive", "ustyonetim", "ustyonetici", "direktor", "director"), "executive"),
    **dict.fromkeys(("admin", "administrator", "sistemyoneticisi"), "admin"),
}
_LANGUAGES = {"tr": "tr", "turkce": "tr", "turkish": "tr", "tur": "tr", "en": "en", "ingilizce": "en", "english": "en", "eng": "en"}


class WrongError(Exception):
    """A cell that makes no sense for its column; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def words(field: str, written: str) -> str:
    """Words of one line, as they are kept; what begins like a formula is a text like any other."""
    value = " ".join(written.split())
    if _CONTROL.search(value):
        raise WrongError("control_sign")
    if len(value) > _LONGEST[field]:
        raise WrongError("too_long")
    return value


def username(written: str) -> str:
    """A user name that can be typed at a sign-in page."""
    value = words("username", written)
    if not _USERNAME.fullmatch(value):
        raise WrongError("username")
    return value


def email(written: str) -> str:
    """An address as it is kept."""
    value = words("email", written).removeprefix("mailto:")
    local, at, domain = value.rpartition("@")
    if at and _LOCAL.fullmatch(local) and len(local) <= 64:
        found = _domain(domain)
        if found is None:
            raise WrongError("email")
        return f"{local}@{found}"
    try:
        return validate_email(value, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise WrongError("email") from None


# Fifty thousand people share a handful of domains.
@lru_cache(maxsize=1024)
def _domain(domain: str) -> str | None:
    try:
        return validate_email(f"x@{domain}", check_deliverability=False, test_environment=True).normalized[2:]
    except EmailNotValidError:
        return None


@lru_cache(maxsize=8192)
def day(written: str) -> date:
    """A day, written 31.12.2025, 2025-12-31, 31 Aralık 2025 or December 31, 2025, or as the number a spreadsheet keeps it as."""
    return _day(written, _FIRST_DAY)


@lru_cache(maxsize=8192)
def day_since_1904(written: str) -> date:
    """The same in a workbook whose numbers count from 1904."""
    return _day(written, _FIRST_DAY_1904)


def _day(written: str, first: date) -> date:
    if written.isascii() and (serial := _SERIAL.fullmatch(written)):
        return _sensible(first + timedelta(days=int(serial[1])))
    found = _ISO.fullmatch(written)
    year, month, number = found.groups() if found else (None, None, None)
    if found is None and (found := _TURKISH.fullmatch(written)):
        number, month, year = found.groups()
    if found is None:
        number, month, year = _named(" ".join(trtext.fold(written).split()))
    elif not written.isascii():
        raise WrongError("date")
    try:
        return _sensible(date(int(year or 0), int(month or 0), int(number or 0)))
    except ValueError:
        raise WrongError("no_such_day") from None


def _named(folded: str) -> tuple[str, int, str]:
    """Day, month and year where the month has its name, in Turkish or English."""
    if found := _NAMED.fullmatch(folded):
        before, number, month, year, after = found.groups()
    elif found := _NAMED_FIRST.fullmatch(folded):
        (before, month, number, year), after = found.groups(), None
    if found is None or month not in _MONTH or any(one and one not in _WEEKDAYS for one in (before, after)):
        raise WrongError("date")
    return number, _MONTH[month], year


def _sensible(value: date) -> date:
    if not _EARLIEST <= value.year <= _LATEST:
        raise WrongError("no_such_day")
    return value


@lru_cache(maxsize=1024)
def has_left(written: str) -> bool:
    """Whether a status says that somebody has left."""
    bare = re.sub(r"[\W_]+", "", trtext.fold(written))
    if bare in _HERE:
        return False
    if bare in _GONE:
        return True
    raise WrongError("status")


@lru_cache(maxsize=256)
def language(written: str) -> str:
    """tr or en."""
    found = _LANGUAGES.get(re.split(r"[-_ ]", trtext.fold(written.strip()))[0])
    if found is None:
        raise WrongError("language")
    return found


@lru_cache(maxsize=1024)
def roles(written: str) -> tuple[str, ...]:
    """The roles of a cell, parted by commas, semicolons, slashes, plus signs or the word for and."""
    found = []
    for part in re.split(r"[,;/|+&]| and | ve ", trtext.fold(written)):
        bare = re.sub(r"[\W_]+", "", part)
        role = _ROLES.get(bare)
        if bare and role is None:
            raise WrongError("roles")
        if role == "admin":
            raise WrongError("role_admin")
        if role:
            found.append(role)
    return tuple(sorted(set(found)))

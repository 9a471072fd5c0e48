"""Passwords: Argon2id over the NFKC form, so that one password typed on two keyboards is one password."""

import hashlib
import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from trainee.kit.errors import Refusal
from trainee.kit.i18n import _

SHORTEST, LONGEST = 10, 200
# One check takes 64 MiB; more at a time than this wait for each other instead of filling the memory.
_at_a_time = threading.BoundedSemaphore(4)
_COMMON = {"password12", "1234567890", "qwertyuiop", "sifre12345", "parola1234", "0987654321", "1111111111", "trainee123"}


class _Hasher:
    def __init__(self) -> None:
        self.use(PasswordHasher())

    def use(self, hasher: PasswordHasher) -> None:
        self.hasher = hasher
        self._decoy = ""

    @property
    def decoy(self) -> str:
        """Checked when there is no such account, so that a wrong name takes as long as a wrong password; made when it is first needed."""
        self._decoy = self._decoy or self.hasher.hash(secrets.token_hex(8))
        return self._decoy


_hasher = _Hasher()


def use_cheap_profile() -> None:
    """For tests and the demonstration's many accounts: the same algorithm with the least memory and time."""
    _hasher.use(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def check_strength(password: str, username: str) -> None:
    """Refusal when a new password is too short, too long, common, or the user name."""
    normal = _normal(password)
    if len(normal) < SHORTEST:
        raise Refusal(_("Please choose a password of at least %(n)d characters; a short sentence is easy to remember.", n=SHORTEST), 422)
    if len(normal) > LONGEST:
        raise Refusal(_("Please choose a password of at most %(n)d characters.", n=LONGEST), 422)
    if normal.casefold() in _COMMON or len(set(normal)) < 4 or normal.casefold() == username.casefold():
        raise Refusal(_("That password is easy to guess. Please choose another one."), 422)


def made(password: str, username: str) -> str:
    """The stored form of a new password; Refusal when it is too weak. Slow on purpose: it is made before a transaction that writes begins."""
    check_strength(password, username)
    return hashed(password)


def hashed(password: str) -> str:
    """The stored form of a password."""
    with _at_a_time:
        return _hasher.hasher.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one stored; takes the same time when nothing is stored."""
    if len(password) > LONGEST * 4:
        return False
    with _at_a_time:
        try:
            return _hasher.hasher.verify(stored or _hasher.decoy, _normal(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def token() -> str:
    """A random token for a cookie or a one-time link: 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def digest(token_text: str) -> str:
    """What is stored of a token: who reads the database cannot sign in with it."""
    return hashlib.sha256(token_text.encode("utf-8", "replace")).hexdigest()

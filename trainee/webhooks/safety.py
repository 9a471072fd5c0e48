"""Where a webhook may go: to public addresses over https, and to hosts of one's own network that the configuration names."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from trainee.kit.errors import Refusal
from trainee.kit.i18n import _

LONGEST = 500


class Unsafe(Exception):
    """Nobody may be called there: why, in one word."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to call: the host by name, its address as it was looked up and looked at, and the rest."""

    host: str
    address: str
    port: int
    path: str
    secure: bool


def require_good(url: str, inside: frozenset[str]) -> None:
    """Refusal, in a sentence, for an address that could never be called. Where it leads is looked at anew whenever it is called."""
    try:
        _parts(url, inside)
    except Unsafe as unsafe:
        words = {
            "address": _("That is no address we can call. Please write it whole, such as https://hr.example.com/trainee."),
            "https": _("Only addresses that begin with https:// are called, because what is told is about people."),
            "private": _("That address lies inside a network. An administrator has to name its host in WEBHOOK_HOSTS first."),
        }
        raise Refusal(words[str(unsafe)], 422, "url") from None


def _parts(url: str, inside: frozenset[str]) -> tuple[str, int, str, bool]:
    try:
        found = urlsplit(url)
        host, port = found.hostname or "", found.port
    except ValueError:
        raise Unsafe("address") from None
    odd = found.username is not None or found.password is not None or bool(found.fragment) or not url.isascii() or len(url) > LONGEST
    if found.scheme not in {"http", "https"} or not host or odd or any(sign <= " " or sign == "\x7f" for sign in url):
        raise Unsafe("address")
    if found.scheme == "http" and host not in inside:
        raise Unsafe("https")
    if _is_private(host) and host not in inside:
        raise Unsafe("private")
    path = (found.path or "/") + (f"?{found.query}" if found.query else "")
    return host, port or (443 if found.scheme == "https" else 80), path, found.scheme == "https"


def _is_private(host: str) -> bool:
    """Whether a host that is written as a number is not a public one. A name is looked at when it is looked up."""
    try:
        return not public(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def public(address: str) -> bool:
    """Whether an address is one of the open internet: not no machine's or network's own, nor one that leads to such. ValueError for no address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = None
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    if inner is not None and not public(str(inner)):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def place_of(url: str, inside: frozenset[str]) -> Place:
    """Where that leads now; Unsafe when an address behind the name is not public, so that no name can be turned inwards. OSError: unknown."""
    host, port, path, secure = _parts(url, inside)
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or (host not in inside and not all(public(address) for address in found)):
        raise Unsafe("private")
    return Place(host, found[0], port, path, secure)

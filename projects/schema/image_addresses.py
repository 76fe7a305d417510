"""What counts as the address of an image: one that a contributor's browser may be sent to."""

import unicodedata
from urllib.parse import urlsplit

from projects.schema import limits

_NEVER = frozenset(" \\<>\"'`")
_NEAR = (".localhost", ".local", ".internal")


def is_image_address(value: object) -> bool:
    """Whether this is an https address of a named host, without user name, other port or characters that hide.

    Whether an image is there, nobody asks: the site fetches nothing, browsers do. For their sake it has to be a host
    of the public web, not a machine in the network of whoever answers.
    """
    if not isinstance(value, str) or len(value) > limits.IMAGE_ADDRESS_LENGTH:
        return False
    if not value.isprintable() or _NEVER & set(value):
        return False
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    host = unicodedata.normalize("NFKC", parts.hostname or "").replace("。", ".").rstrip(".")
    plain = parts.scheme == "https" and not {"@", "%"} & set(parts.netloc) and port in {None, 443}
    return plain and "." in host and not host.endswith(_NEAR) and not _is_ip(host)


def _is_ip(host: str) -> bool:
    """Also in the spellings that only browsers take for one, such as 127.1: no name on the web ends in a number."""
    last = host.rsplit(".", 1)[-1]
    return last.isdecimal() or last.startswith("0x")

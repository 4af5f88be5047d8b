"""Texts that the database keeps and cannot read: sealed with a key that it does not hold.

Boxes of one kind have one length, so that a length tells nothing of what is inside.
"""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.audit.canonical import canonical_private

KEY_BYTES = 32
_NONCE_BYTES = 12
SMALL = 1_024  # bytes inside a box without free text
LARGE = 32_768  # and with


class TooLong(ValueError):  # noqa: N818 - what is the matter
    """It does not fit into its box."""


class Unsealable(Exception):  # noqa: N818 - what is the matter
    """The box was sealed with another key, or altered."""


def seal(
    value: Mapping[str, Any], key: bytes, about: str, size: int, entropy: Callable[[int], bytes]
) -> bytes:
    """A box that opens with the same key and for the same `about`. Raises TooLong."""
    text = canonical_private(value)
    if len(text) > size:
        raise TooLong
    nonce = entropy(_NONCE_BYTES)
    # JSON may end in blanks, so the padding need not be taken off.
    return nonce + AESGCM(key).encrypt(nonce, text.ljust(size), about.encode())


def unseal(box: bytes, key: bytes, about: str) -> dict[str, Any]:
    """What was sealed. Raises Unsealable."""
    try:
        text = AESGCM(key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError) as error:
        raise Unsealable from error
    found: dict[str, Any] = orjson.loads(text)
    return found

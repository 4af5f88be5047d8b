"""Secrets that people carry. Only their hashes are ever stored or compared."""

import base64
import hmac
from collections.abc import Callable
from hashlib import sha256

LINK = "tk_"
SESSION = "ts_"

_BYTES = 32  # 256 bits: nobody guesses one, so a plain hash is enough


def new_token(prefix: str, entropy: Callable[[int], bytes]) -> str:
    return prefix + base64.urlsafe_b64encode(entropy(_BYTES)).decode().rstrip("=")


def draft_key(token: str) -> bytes:
    """Seals what is written in a session. The database holds only the token's hash."""
    return hmac.digest(token.encode("utf-8", "surrogatepass"), b"tenure draft v1", "sha256")


def token_hash(token: str) -> bytes:
    """What a token is looked up by. Looking up a hash tells nobody how close a guess was."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()

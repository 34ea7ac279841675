"""Tokens at rest (credentials.md, token): those we issue as digests, those we send encrypted.

A token we issue is 384 random bits, so a plain SHA-256 of it tells nothing; a token we send has to be read again, and
is sealed with a key that the database does not hold.
"""

from __future__ import annotations

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

__all__ = ["Vault", "VaultError", "digest", "new_token"]

_KEY_BYTES = 32
_SHORTEST_PASSPHRASE = 12
# One salt for all: a stolen database is worth one guess at a time either way, and 16 MB of memory each.
_SALT = b"ocpi211_server.vault"


class VaultError(Exception):
    """A token cannot be read again: it was sealed with another key."""


def new_token() -> str:
    """A token to issue: 64 characters, random, printable, at home in any URL or header."""
    return secrets.token_urlsafe(48)


def digest(token: str) -> bytes:
    """What is stored of a token we issue."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class Vault:
    """Seals the tokens we send. `key` is from `new_key`, or a passphrase of twelve characters or more.

    After a change of key give the former ones as well: they open what they sealed, the first seals. ValueError for a
    passphrase that is too short.
    """

    def __init__(self, key: str, *former: str) -> None:
        self._fernet = MultiFernet([Fernet(_derived(each)) for each in (key, *former)])

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    @staticmethod
    def new_key() -> str:
        """A random key, to be kept where the database is not."""
        return Fernet.generate_key().decode("ascii")

    def seal(self, token: str) -> bytes:
        """The token as it may be stored."""
        return self._fernet.encrypt(token.encode("ascii"))

    def open(self, sealed: bytes) -> str:
        """The token again. VaultError if another key sealed it, or none."""
        try:
            return self._fernet.decrypt(sealed).decode("ascii")
        except InvalidToken:
            raise VaultError("a stored token was sealed with another key: is secret_key the one of before?") from None


def _derived(key: str) -> bytes:
    try:
        if len(base64.urlsafe_b64decode(key)) == _KEY_BYTES:
            return key.encode("ascii")
    except ValueError:
        pass
    if len(key) < _SHORTEST_PASSPHRASE:
        raise ValueError(f"a passphrase has at least {_SHORTEST_PASSPHRASE} characters")
    return base64.urlsafe_b64encode(hashlib.scrypt(key.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=_KEY_BYTES))

"""
Encryption at rest: what people told us is stored only under a key that is not in the database.

AES-256-GCM with a nonce of its own for every value.  A sealed value names the key it
was sealed with: the first key of the ring seals, all of them open, so that a key is
changed by putting a new one in front and sealing everything again
(`python -m bot keys seal`).  What must be found again has another key that never
changes: names by which rows are looked up (AES-SIV: one text, one value; `seal_key`),
and the numbers of words by which stories are searched (`number`).
"""

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

from bot.errors import SealError

MARK = "sealed:1:"
KEY_MARK = "sealedkey:1:"
FILE_MARK = b"\x00sealed:1:"
KEY_BYTES = 32
NONCE_BYTES = 12
_COLON = b":"


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the name that sealed values call it by."""

    name: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of one installation: the first seals, all open."""

    keys: tuple[Key, ...]
    lookup: bytes = field(repr=False)
    words: bytes = field(repr=False)


_held: list[Ring] = []


def parse(text: str) -> tuple[Key, ...]:
    """
    Return the keys of a setting: `name:secret` by commas, 32 bytes each in base64.

    Raises:
        SealError: which key cannot be read; never what it is.
    """
    keys = tuple(_key(part.strip(), at) for at, part in enumerate(text.split(","), 1))
    if len({key.name for key in keys}) < len(keys):
        msg = "two data keys have one name"
        raise SealError(msg)
    return keys


def new_key(name: str = "") -> str:
    """Return a fresh key as a setting holds it; its name is chance unless given."""
    secret = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return f"{name or secrets.token_hex(3)}:{secret}"


def use(keys: Sequence[Key], *, search: str) -> None:
    """Seal and open with these keys from now on, in this process."""
    _held[:] = [Ring(tuple(keys), _derived(search, b"lookup", 64), _derived(search, b"words", 32))]


def seal(text: str, label: str = "") -> str:
    """Return *text* sealed for *label*, which opening must name again; nothing stays nothing."""
    if not text:
        return text
    key = _ring().keys[0]
    body = _encrypted(key, text.encode("utf-8", "surrogatepass"), label.encode())
    return f"{MARK}{key.name}:{base64.urlsafe_b64encode(body).decode()}"


def unseal(text: str, label: str = "") -> str:
    """
    Return what was sealed; what was stored before there was a key comes back as it is.

    Raises:
        SealError: the key is not on the ring, or the value was changed.
    """
    if not text.startswith(MARK):
        return text
    name, _, body = text.removeprefix(MARK).partition(":")
    try:
        raw = base64.urlsafe_b64decode(body)
    except (binascii.Error, ValueError):
        raise SealError(_CHANGED) from None
    return _decrypted(name, raw, label.encode()).decode("utf-8", "surrogatepass")


def seal_bytes(data: bytes, label: str = "") -> bytes:
    """Return a file's bytes sealed for *label*."""
    key = _ring().keys[0]
    head = FILE_MARK + key.name.encode() + _COLON
    return head + _encrypted(key, data, label.encode())


def unseal_bytes(data: bytes, label: str = "") -> bytes:
    """
    Return the bytes that were sealed; a file from before there was a key as it is.

    Raises:
        SealError: the key is not on the ring, or the file was changed.
    """
    if not data.startswith(FILE_MARK):
        return data
    name, _, body = data.removeprefix(FILE_MARK).partition(_COLON)
    return _decrypted(name.decode("ascii", "replace"), body, label.encode())


def seal_key(text: str) -> str:
    """Return *text* sealed so that the same text is the same value, for looking rows up."""
    body = AESSIV(_ring().lookup).encrypt(text.encode(), None)
    return KEY_MARK + base64.urlsafe_b64encode(body).decode()


def unseal_key(text: str) -> str:
    """
    Return what `seal_key` sealed; what was stored before there was a key as it is.

    Raises:
        SealError: the search key is another one, or the value was changed.
    """
    if not text.startswith(KEY_MARK):
        return text
    try:
        raw = base64.urlsafe_b64decode(text.removeprefix(KEY_MARK))
        return AESSIV(_ring().lookup).decrypt(raw, None).decode()
    except (binascii.Error, InvalidTag, ValueError):
        raise SealError(_CHANGED) from None


def sealed_by(value: str) -> str:
    """Return the name of the key a stored value was sealed with; plain: empty."""
    return value.removeprefix(MARK).partition(":")[0] if value.startswith(MARK) else ""


def newest() -> str:
    """Return the name of the key that seals now."""
    return _ring().keys[0].name


def number(word: str) -> int:
    """Return the 32-bit number by which the index knows a word; secret without the key."""
    digest = hashlib.blake2b(word.encode(), digest_size=4, key=_ring().words).digest()
    return int.from_bytes(digest, signed=True)


def token(text: str) -> str:
    """Return 32 hexadecimal digits that stand for *text* and say nothing without the key."""
    return hashlib.blake2b(text.encode(), digest_size=16, key=_ring().words).hexdigest()


_CHANGED = "a sealed value was changed or cut off"


def _encrypted(key: Key, data: bytes, label: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key.secret).encrypt(nonce, data, label)


def _decrypted(name: str, body: bytes, label: bytes) -> bytes:
    key = next((key for key in _ring().keys if key.name == name), None)
    if key is None:
        msg = f"the data key {name} is not among privacy.keys: put it there"
        raise SealError(msg)
    try:
        return AESGCM(key.secret).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], label)
    except (InvalidTag, ValueError):
        raise SealError(_CHANGED) from None


def _derived(search: str, purpose: bytes, size: int) -> bytes:
    secret = hashlib.blake2b(search.encode(), digest_size=64).digest()
    return hashlib.blake2b(purpose, key=secret, digest_size=size).digest()


def _ring() -> Ring:
    if not _held:
        msg = "no data key: load the settings first"
        raise SealError(msg)
    return _held[0]


def _key(part: str, at: int) -> Key:
    name, _, secret = part.partition(":")
    try:
        raw = base64.urlsafe_b64decode(secret)
    except (binascii.Error, ValueError):
        raw = b""
    if not name.isalnum() or not name.isascii() or len(raw) != KEY_BYTES:
        msg = f"data key {at} is not NAME:SECRET, 32 bytes in base64: `python -m bot keys new`"
        raise SealError(msg)
    return Key(name, raw)

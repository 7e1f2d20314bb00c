"""WeChat's signature and AES envelope, written from the platform's description alone."""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32  # the platform pads to 32 bytes, not to the 16 of AES
RANDOM = 16
LENGTH = 4
HEAD = RANDOM + LENGTH


class EnvelopeError(Exception):
    """A ciphertext is not what the platform's scheme makes."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The keys of one account, and what they can do."""

    token: str
    aes_key: str
    app_id: str

    def sign(self, *parts: str) -> str:
        """Return the platform's SHA-1 over the sorted *parts* and the token."""
        text = "".join(sorted([self.token, *parts]))
        return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324 - the platform prescribes it

    def encrypt(self, text: str) -> str:
        """Return *text* under the account's key, in base64."""
        body = text.encode()
        plain = (
            secrets.token_bytes(RANDOM)
            + struct.pack(">I", len(body))
            + body
            + self.app_id.encode()
        )
        pad = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, sealed: str) -> str:
        """
        Return the text inside *sealed*.

        Raises:
            EnvelopeError: wrong key, wrong account, wrong padding or not base64.
        """
        try:
            decryptor = self._cipher().decryptor()
            padded = decryptor.update(base64.b64decode(sealed, validate=True))
            plain = _unpad(padded + decryptor.finalize())
            (length,) = struct.unpack(">I", plain[RANDOM:HEAD])
            text = plain[HEAD : HEAD + length].decode()
            app_id = plain[HEAD + length :].decode()
        except (binascii.Error, ValueError, struct.error) as error:
            msg = f"cannot be decrypted: {type(error).__name__}"
            raise EnvelopeError(msg) from None
        if len(plain) < HEAD + length or app_id != self.app_id:
            msg = "made for another account"
            raise EnvelopeError(msg)
        return text

    def matches(self, signature: str, *parts: str) -> bool:
        """Say whether *signature* is ours over *parts*."""
        return hmac.compare_digest(self.sign(*parts).encode(), signature.encode())

    def _cipher(self) -> Cipher[CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(AES(key), CBC(key[:16]))


def _unpad(padded: bytes) -> bytes:
    if not padded:
        msg = "empty"
        raise EnvelopeError(msg)
    pad = padded[-1]
    if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
        msg = "wrong padding"
        raise EnvelopeError(msg)
    return padded[:-pad]

"""The keys of the account: signatures, and the AES envelope under the current or previous key."""

import hashlib
import hmac
import re
import secrets

from wechatpy.crypto import PrpCrypto, WeChatCrypto

from bot.errors import BadPushError, SettingsError
from bot.settings import WeChat

_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")


class _Crypto(PrpCrypto):  # type: ignore[misc]  # wechatpy has no types
    def get_random_string(self) -> str:
        """Wechatpy draws the prefix from `random`, which can be guessed."""
        return secrets.token_hex(8)


class Keys:
    """Signs, opens and seals for one account; the current AES key is number 0."""

    def __init__(self, settings: WeChat) -> None:
        """
        Check the keys before the first call comes in.

        Raises:
            SettingsError: one is missing or malformed; an empty token would let anybody in.
        """
        self._token = settings.token.get_secret_value()
        self._app_id = settings.app_id
        named = [settings.aes_key.get_secret_value(), settings.previous_aes_key.get_secret_value()]
        if not (self._token.strip() and self._app_id and named[0]):
            msg = "wechat.token, wechat.aes_key and wechat.app_id must be set"
            raise SettingsError(msg)
        if not all(_AES_KEY.fullmatch(key) for key in named if key):
            msg = "wechat.aes_key must be the 43 letters and digits of EncodingAESKey"
            raise SettingsError(msg)
        self._ciphers = [_cipher(self._token, key, self._app_id) for key in named if key]

    def sign(self, *parts: str) -> str:
        """Return the platform's signature over *parts* and the token, 40 hexadecimal digits."""
        joined = "".join(sorted([self._token, *parts]))
        return hashlib.sha1(joined.encode()).hexdigest()  # noqa: S324 (the platform prescribes it)

    def signed(self, signature: str, *parts: str) -> bool:
        """Return whether *signature* is ours over *parts*, in a time that tells nothing."""
        return hmac.compare_digest(self.sign(*parts).encode(), signature.encode())

    def open(self, ciphertext: str) -> tuple[str, int]:
        """
        Return the XML inside *ciphertext* and the number of the key that opened it.

        Raises:
            BadPushError: no key opens it, or it was made for another account.
        """
        for number, cipher in enumerate(self._ciphers):
            # A wrong key fails in whatever way the rubbish it yields happens to fail:
            # padding, length, text encoding, app id.  The signature was checked before,
            # so nobody outside learns anything from the difference.
            try:
                return str(cipher.decrypt(ciphertext, self._app_id)), number
            except Exception:  # noqa: BLE001, S112
                continue
        msg = "undecryptable"
        raise BadPushError(msg)

    def seal(self, xml: str, number: int) -> str:
        """Return *xml* encrypted under the key of that number, in base64."""
        sealed: bytes = self._ciphers[number].encrypt(xml, self._app_id)
        return sealed.decode()


def _cipher(token: str, aes_key: str, app_id: str) -> _Crypto:
    return _Crypto(WeChatCrypto(token, aes_key, app_id).key)

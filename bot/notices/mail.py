"""E-mail over SMTP, encrypted unless it is switched off; no content of a case is ever in one."""

import hashlib
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from bot.errors import SendLaterError, SendRefusedError
from bot.settings import Settings
from bot.wechat.outcomes import NoCode

_FOREVER = range(500, 600)


class Mailer:
    """Hands messages to one mail server; keeps no connection open between them."""

    def __init__(self, settings: Settings) -> None:
        self._mail = settings.mail
        name, address = parseaddr(settings.mail.sender)
        self._sender = Address(name or settings.service.name, addr_spec=address)

    def send(self, *, to: str, subject: str, text: str, once: str) -> None:
        """
        Hand a message over; the same *once* has the same Message-ID.

        Raises:
            SendRefusedError: the server knows no such address.
            SendLaterError: not now, or our own account is at fault.
        """
        message = self._message(to=to, subject=subject, text=text, once=once)
        try:
            with self._connect() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            if all(code in _FOREVER for code in codes):
                raise SendRefusedError(codes[0], "mail_address") from None
            raise SendLaterError(codes[0], "busy") from None
        except smtplib.SMTPAuthenticationError as error:
            raise SendLaterError(error.smtp_code, "mail_login") from None
        except smtplib.SMTPResponseException as error:
            raise SendLaterError(error.smtp_code, "mail_server") from None
        except smtplib.SMTPNotSupportedError:
            raise SendLaterError(None, "mail_server") from None
        except TimeoutError:
            raise SendLaterError(None, NoCode.TIMEOUT) from None
        except (smtplib.SMTPException, OSError):
            raise SendLaterError(None, NoCode.NETWORK) from None

    def _connect(self) -> smtplib.SMTP:
        mail, seconds = self._mail, self._mail.timeout_seconds
        safe = ssl.create_default_context()
        if mail.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                mail.host, mail.port, timeout=seconds, context=safe
            )
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=seconds)
        try:
            if mail.security == "starttls":
                server.starttls(context=safe)
            if mail.user:
                server.login(mail.user, mail.password.get_secret_value())
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, *, to: str, subject: str, text: str, once: str) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = Address(addr_spec=to)
        message["Subject"] = subject
        key = hashlib.sha256(f"{once} {to}".encode()).hexdigest()[:24]
        message["Message-ID"] = f"<{key}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message

"""Mail to the group's own people, by the mail server of the settings. Nothing here is ever about a case."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from casework import clock
from casework.domain.errors import CaseworkError, SettingsError
from casework.settings import Settings

SECONDS = 20


class NotSent(CaseworkError):
    """The mail server did not take it, and so can be asked again."""


class PerhapsSent(CaseworkError):
    """The connection broke before the mail server had said whether it took it."""


class MailServer:
    """A connection to the mail server, signed in. Raises NotSent, with the mend, when there is none to be had."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._domain = settings.mail_from.partition("@")[2]
        where = f"The mail server {settings.smtp_host}, port {settings.smtp_port},"
        try:
            self._server = self._connect(where)
        except ssl.SSLCertVerificationError as error:
            raise NotSent(
                f"{where} shows a certificate that does not hold: {error.verify_message}."
            ) from None
        except ssl.SSLError:
            raise NotSent(f"{where} does not answer in TLS. Look at smtp_port and smtp_security.") from None
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"{where} does not let us in: it answers {error.smtp_code}.") from None
        except UnicodeError:
            raise NotSent(
                f"{where} takes plain letters only in its name, in smtp_user and the password."
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise NotSent(
                f"{where} has no sign-in that we know. Take smtp_user out of the settings."
            ) from None
        except (OSError, smtplib.SMTPException) as error:
            why = getattr(error, "strerror", None) or "it does not answer as a mail server does"
            raise NotSent(f"{where} cannot be reached: {why}.") from None

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._server.quit()
        except (OSError, smtplib.SMTPException):
            self._server.close()

    def send(self, to: str, subject: str, text: str) -> None:
        """Hand over one mail. Raises NotSent or PerhapsSent; what the server said goes into neither, but its number."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._settings.mail_from, to, subject
        mail["Date"], mail["Message-ID"] = format_datetime(clock.now()), make_msgid(domain=self._domain)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        try:
            self._server.send_message(mail)
        except smtplib.SMTPRecipientsRefused:
            raise NotSent("The mail server does not take mail to this address.") from None
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"The mail server did not take it: it answered {error.smtp_code}.") from None
        except (OSError, smtplib.SMTPException):
            raise PerhapsSent("The connection to the mail server broke.") from None

    def _connect(self, where: str) -> smtplib.SMTP:
        settings, context = self._settings, ssl.create_default_context()
        host, port = settings.smtp_host, settings.smtp_port
        # Without a name smtplib would tell the mail server what this machine is called.
        if settings.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, self._domain, timeout=SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(host, port, self._domain, timeout=SECONDS)
        try:
            if settings.smtp_security == "starttls":
                server.ehlo()
                if not server.has_extn("starttls"):
                    raise NotSent(
                        f"{where} offers no encryption. Look at smtp_port, or set smtp_security to tls."
                    )
                server.starttls(context=context)
            if settings.smtp_user:
                server.login(settings.smtp_user, read_password(settings))
        except BaseException:
            server.close()
            raise
        return server


def read_password(settings: Settings) -> str:
    """The password for the mail server. Raises SettingsError when its file is missing, empty, or read by others."""
    path = settings.smtp_password_file
    assert path
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        mode = path.stat().st_mode & 0o777
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text"
        raise SettingsError(f"The file of the mail password, {path}, cannot be read: {why}.") from None
    if mode & 0o077:
        raise SettingsError(
            f"Other accounts on this machine can read the mail password. Mend it: chmod 600 {path}"
        )
    if not lines or not lines[0]:
        raise SettingsError(f"The file of the mail password, {path}, is empty.")
    return lines[0]

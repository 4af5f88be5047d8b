"""Post by SMTP: one real conversation, and a plain answer about what each failure means."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

from notifications.characters import one_line
from notifications.letter import LetterError
from notifications.post import Passing, Post, Refused

Security = Literal["none", "starttls", "tls"]
# Where in the conversation something went wrong, as the sentence says it.
Stage = Literal["connecting", "the sender", "the recipient", "the message"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SmtpPost:
    """A mail server and how to talk to it. Safe to share between threads: nothing stays open."""

    host: str  # name of the server; also what its certificate must say
    port: int  # usually 587 with starttls, 465 with tls
    security: Security = "starttls"  # starttls never falls back to an open line
    user: str | None = None  # None: no login
    password: str | None = field(default=None, repr=False)  # belongs to `user`
    timeout: float = 30.0  # seconds that each answer of the server may take
    authorities: Path | None = None  # PEM file with the authorities to trust; None: the machine's

    def send(self, message: EmailMessage) -> None:
        """One connection for one message. Raises Passing or Refused."""
        with self.session() as post:
            post.send(message)

    @contextmanager
    def session(self) -> Iterator[Post]:
        """A Post for a batch in one thread.

        The connection is opened at the first message, kept while it works, and opened anew after
        it broke.
        """
        conversation = _Conversation(self)
        try:
            yield conversation
        finally:
            conversation.hang_up()


class _Conversation:
    def __init__(self, settings: SmtpPost) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        sender, recipient = _envelope(message)
        stage: Stage = "connecting"
        try:
            smtp = self._smtp = self._smtp or _connected(self._settings, sender.partition("@")[2])
            raw = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
            options = _options(smtp, sender, recipient, size=len(raw))
            stage = "the sender"
            _expect(smtp.mail(sender, options))
            stage = "the recipient"
            _expect(smtp.rcpt(recipient))
            stage = "the message"
            _expect(smtp.data(raw))
        except smtplib.SMTPResponseException as error:
            self._start_over(broken=error.smtp_code == 421 or stage == "connecting")
            raise self._verdict(stage, error, recipient) from error
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            self._start_over(broken=True)
            raise self._trouble(stage, error) from error

    def hang_up(self) -> None:
        if self._smtp is not None:
            # What was accepted is accepted: a failing farewell changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._smtp.close()
            self._smtp = None

    def _start_over(self, *, broken: bool) -> None:
        if self._smtp is None:
            return
        if not broken:
            try:
                self._smtp.rset()
            except (smtplib.SMTPException, OSError):
                broken = True
        if broken:
            self._smtp.close()
            self._smtp = None

    def _verdict(
        self, stage: Stage, error: smtplib.SMTPResponseException, recipient: str
    ) -> Passing | Refused:
        code = error.smtp_code
        reply = error.smtp_error
        words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
        # Sentences end up in logs, and servers like to repeat the address in their answer.
        words = one_line(words).replace(recipient, "(the recipient)")[:300]
        answer = f"The mail server {self._where} answered {code} to {stage}: {words}"
        if code == 421:
            return Passing(f"{answer} All mail waits a little.", slow=True, code=code)
        about_us = stage == "connecting" or (stage == "the sender" and code != 552)
        if about_us:
            return Passing(
                f"{answer} All mail waits; if it stays so, look at the mail settings.",
                slow=code >= 500 or stage == "connecting",
                code=code,
            )
        if 500 <= code < 600:
            return Refused(f"{answer} This mail is not tried again.", code=code)
        return Passing(f"{answer} It is tried again later.", code=code)

    def _trouble(self, stage: Stage, error: Exception) -> Passing | Refused:
        later = "It is tried again later."
        match error:
            case _NoInternationalMail():
                return Refused(
                    f"The mail server {self._where} cannot carry addresses with letters outside "
                    "ASCII (SMTPUTF8). Give this person another address."
                )
            case smtplib.SMTPNotSupportedError():
                what = f"does not offer what the settings ask for: {error}"
            case ssl.SSLCertVerificationError():
                what = (
                    f"shows a certificate that cannot be trusted: {error.verify_message}. "
                    "Nothing was sent."
                )
            # smtplib reports a time-out while it reads as a lost connection.
            case TimeoutError() | smtplib.SMTPServerDisconnected(__context__=TimeoutError()):
                what = f"took longer than {self._settings.timeout:g} s at {stage}."
            case smtplib.SMTPServerDisconnected():
                what = f"hung up at {stage}."
            case _:
                what = f"could not be talked to at {stage}: {error}."
        return Passing(
            f"The mail server {self._where} {one_line(what)} {later}", slow=stage == "connecting"
        )

    @property
    def _where(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"


class _NoInternationalMail(smtplib.SMTPNotSupportedError):
    pass


def _expect(answer: tuple[int, bytes]) -> None:
    code, reply = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, reply)


def _connected(settings: SmtpPost, hello: str) -> smtplib.SMTP:
    # Our own name is said explicitly: looking it up can take half a minute without DNS.
    host, port, timeout = settings.host, settings.port, settings.timeout
    smtp: smtplib.SMTP
    if settings.security == "tls":
        trust = _trust(settings)
        smtp = smtplib.SMTP_SSL(host, port, local_hostname=hello, timeout=timeout, context=trust)
    else:
        smtp = smtplib.SMTP(host, port, local_hostname=hello, timeout=timeout)
    try:
        smtp.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            _expect(smtp.starttls(context=_trust(settings)))
            smtp.ehlo_or_helo_if_needed()
        if settings.user is not None:
            smtp.login(settings.user, settings.password or "")
    except BaseException:
        smtp.close()
        raise
    return smtp


def _trust(settings: SmtpPost) -> ssl.SSLContext:
    """Reads all authorities, which takes longer than a letter: only where there is a TLS."""
    return ssl.create_default_context(
        cafile=str(settings.authorities) if settings.authorities else None
    )


def _options(smtp: smtplib.SMTP, sender: str, recipient: str, *, size: int) -> list[str]:
    options = [f"size={size}"] if smtp.has_extn("size") else []
    if not (sender.isascii() and recipient.isascii()):
        if not smtp.has_extn("smtputf8"):
            raise _NoInternationalMail
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    return options


def _envelope(message: EmailMessage) -> tuple[str, str]:
    to, origin = message["To"], message["From"]
    if "Cc" in message or "Bcc" in message or to is None or len(to.addresses) != 1:
        raise LetterError("A message goes to exactly one recipient, without Cc and Bcc.")
    if origin is None or len(origin.addresses) != 1:
        raise LetterError("A message comes from exactly one address.")
    return origin.addresses[0].addr_spec, to.addresses[0].addr_spec

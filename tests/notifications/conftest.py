"""A sender, letters of every occasion, and a mail server that misbehaves on request."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Thread

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from notifications import Item, Letter, Occasion, Recipient, Sender

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
URL = "https://hr.example.com/t/tk_4kQz8Yw04kQz8Yw04kQz8Yw04kQz8Yw04kQz8Yw0abc"


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def sender():
    return Sender(
        name="Example Ltd People Team",
        address="people@hr.example.com",
        domain="hr.example.com",
        base_url="https://hr.example.com",
        organisation="Example Ltd",
    )


def _item(**changes) -> Item:
    given = {
        "title": "Your goals for 2027",
        "process": "Performance year",
        "verb": "Write your goals",
        "url": URL,
        "about": "Ben Li",
        "due": datetime(2026, 12, 14, 16, tzinfo=UTC),
    }
    return Item(**(given | changes))


def _letter(occasion: Occasion = Occasion.TASK, **changes) -> Letter:
    given = {
        "key": "917",
        "occasion": occasion,
        "to": Recipient(
            name="Ann Smith", email="ann@example.com", language="en-GB", zone="Europe/Berlin"
        ),
        "reply_to": Recipient(name="Dana Cole", email="dana@example.com"),
        "thread": "case-1/ann",
        "subject": "Your goals for 2027: please write by 14 December",
        "lead": "Your performance year begins.",
        "items": (_item(),),
        "text": ("Three to five goals are enough.",),
        "readers": "Your answer is read by: you, your manager.",
        "minutes": 15,
        "why": "You are asked because your performance year begins.",
        "had_by": "Carla Diaz" if occasion is Occasion.HANDED_OVER else None,
    }
    return Letter(**(given | changes))


@pytest.fixture
def item() -> Callable[..., Item]:
    return _item


@pytest.fixture
def letter() -> Callable[..., Letter]:
    return _letter


@pytest.fixture
def reread() -> Callable[[EmailMessage], EmailMessage]:
    """What somebody else finds in the bytes of a message."""
    return lambda message: message_from_bytes(
        message.as_bytes(), _class=EmailMessage, policy=default
    )


@dataclass
class Server:
    """A real SMTP server; `answers` says what it replies to MAIL, RCPT and DATA."""

    answers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop_at: str = ""
    received: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    async def _answer(self, server, verb: str) -> str | None:
        await asyncio.sleep(self.delay)
        if self.drop_at == verb:
            server.transport.abort()
            return "451 never heard"
        return self.answers.get(verb)

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if answer := await self._answer(server, "MAIL"):
            return answer
        envelope.mail_from = address
        return "250 fine"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if answer := await self._answer(server, "RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if answer := await self._answer(server, "DATA"):
            return answer
        self.received.append(envelope.original_content)
        return "250 kept"


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts servers on loopback; the settings are those of aiosmtpd's SMTP."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    listening: list[asyncio.Server] = []

    def start(*, implicit_tls: ssl.SSLContext | None = None, settings=None, **changes) -> Server:
        server = Server(**changes)

        def connection() -> SMTP:
            server.connections += 1
            return SMTP(server, hostname="localhost", loop=loop, **(settings or {}))

        async def listen() -> asyncio.Server:
            return await loop.create_server(connection, "127.0.0.1", 0, ssl=implicit_tls)

        listening.append(asyncio.run_coroutine_threadsafe(listen(), loop).result(60))
        server.port = listening[-1].sockets[0].getsockname()[1]
        return server

    async def close() -> None:
        for one in listening:
            one.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.01)

    yield start
    asyncio.run_coroutine_threadsafe(close(), loop).result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(60)
    loop.close()


@pytest.fixture
def login() -> Callable[..., AuthResult]:
    """An authenticator that knows one user."""

    def authenticate(server, session, envelope, mechanism, data) -> AuthResult:
        right = data.login == b"tenure" and data.password == b"correct horse"
        return AuthResult(success=right, handled=False)

    return authenticate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A PEM file with the key and self-signed certificate of `localhost`."""
    from datetime import timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    # The certificate is judged by the machine's clock, so it is valid on all of them.
    start = datetime(2000, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls(certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context

"""A real conversation with a mail server, in fair weather and foul."""

import socket
from time import monotonic

import pytest

from notifications import LetterError, Passing, Recipient, Refused, SmtpPost, compose


@pytest.fixture
def message(letter, sender, now):
    return compose(letter(), sender, now=now)


def post_to(server, **changes) -> SmtpPost:
    given = {"host": "localhost", "port": server.port, "security": "none", "timeout": 5.0}
    return SmtpPost(**(given | changes))


def test_a_message_arrives_as_it_was_composed(serve, message):
    server = serve()
    post_to(server).send(message)
    assert server.received == [message.as_bytes()]


@pytest.mark.parametrize(
    ("verb", "answer", "slow"),
    [
        ("MAIL", "421 too busy, closing", True),
        ("RCPT", "421 too busy, closing", True),
        ("DATA", "421 too busy, closing", True),
        ("MAIL", "450 mailbox busy", False),
        ("RCPT", "450 mailbox busy", False),
        ("RCPT", "451 greylisted, come back", False),
        ("DATA", "452 disk full", False),
        ("MAIL", "550 we do not know this sender", True),
    ],
)
def test_what_may_pass_is_said_to_pass(serve, message, verb, answer, slow):
    server = serve(answers={verb: answer})
    with pytest.raises(Passing, match=answer[4:]) as caught:
        post_to(server).send(message)
    assert (caught.value.slow, caught.value.code) == (slow, int(answer[:3]))
    assert server.received == []


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("RCPT", "550 no such user"),
        ("RCPT", "553 not allowed"),
        ("DATA", "554 looks like spam"),
        ("MAIL", "552 too large"),
    ],
)
def test_what_is_final_for_this_recipient_is_said_to_be_final(serve, message, verb, answer):
    server = serve(answers={verb: answer})
    with pytest.raises(Refused, match=answer[4:]) as caught:
        post_to(server).send(message)
    assert caught.value.code == int(answer[:3])


def test_the_sentence_about_a_refusal_does_not_hold_the_address(serve, message):
    server = serve(answers={"RCPT": "550 <ann@example.com> is unknown here"})
    with pytest.raises(Refused) as caught:
        post_to(server).send(message)
    assert str(caught.value) == (
        f"The mail server localhost:{server.port} answered 550 to the recipient: "
        "<(the recipient)> is unknown here This mail is not tried again."
    )


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_connection_that_drops_is_tried_again(serve, message, verb):
    with pytest.raises(Passing, match="tried again later") as caught:
        post_to(serve(drop_at=verb)).send(message)
    assert not caught.value.slow


def test_a_server_that_takes_too_long_is_left_and_tried_again(serve, message):
    begun = monotonic()
    with pytest.raises(Passing, match=r"took longer than 0\.2 s at the sender"):
        post_to(serve(delay=60.0), timeout=0.2).send(message)
    assert monotonic() - begun < 50.0


def test_nobody_listening_slows_the_channel(message):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(Passing, match="could not be talked to") as caught:
        SmtpPost(host="127.0.0.1", port=port, security="none").send(message)
    assert caught.value.slow


def test_a_host_name_that_is_none_slows_the_channel(message):
    with pytest.raises(Passing) as caught:
        SmtpPost(host="no..name", port=25, security="none").send(message)
    assert caught.value.slow


def test_starttls_with_a_trusted_certificate_and_a_login(serve, message, certificate, tls, login):
    server = serve(settings={"tls_context": tls, "require_starttls": True, "authenticator": login})
    post_to(
        server,
        security="starttls",
        authorities=certificate,
        user="tenure",
        password="correct horse",
    ).send(message)
    assert len(server.received) == 1


def test_tls_from_the_first_byte(serve, message, certificate, tls):
    server = serve(implicit_tls=tls)
    post_to(server, security="tls", authorities=certificate).send(message)
    assert len(server.received) == 1


def test_a_certificate_that_nobody_vouches_for_stops_the_mail(serve, message, tls):
    server = serve(settings={"tls_context": tls})
    with pytest.raises(Passing, match="certificate that cannot be trusted") as caught:
        post_to(server, security="starttls").send(message)
    assert caught.value.slow
    assert server.received == []


def test_a_certificate_for_another_name_stops_the_mail(serve, message, certificate, tls):
    server = serve(settings={"tls_context": tls})
    with pytest.raises(Passing, match="certificate that cannot be trusted"):
        post_to(server, host="127.0.0.1", security="starttls", authorities=certificate).send(
            message
        )
    assert server.received == []


def test_starttls_never_falls_back_to_an_open_line(serve, message):
    server = serve()
    with pytest.raises(Passing, match="does not offer what the settings ask for") as caught:
        post_to(server, security="starttls").send(message)
    assert caught.value.slow
    assert server.received == []


def test_a_wrong_password_slows_the_channel_and_fails_no_recipient(
    serve, message, certificate, tls, login
):
    server = serve(settings={"tls_context": tls, "authenticator": login})
    post = post_to(
        server, security="starttls", authorities=certificate, user="tenure", password="wrong"
    )
    with pytest.raises(Passing, match="look at the mail settings") as caught:
        post.send(message)
    assert (caught.value.slow, caught.value.code) == (True, 535)
    assert "wrong" not in repr(post)


def test_an_international_address_uses_smtputf8(serve, letter, sender, now):
    server = serve(settings={"enable_SMTPUTF8": True})
    reader = Recipient(name="Jürgen", email="jürgen@müller.example")
    post_to(server).send(compose(letter(to=reader), sender, now=now))
    assert "To: Jürgen <jürgen@xn--mller-kva.example>".encode() in server.received[0]


def test_an_international_address_is_final_where_the_server_cannot(serve, letter, sender, now):
    server = serve(settings={"enable_SMTPUTF8": False})
    reader = Recipient(name="Jürgen", email="jürgen@example.com")
    with pytest.raises(Refused, match="SMTPUTF8"):
        post_to(server).send(compose(letter(to=reader), sender, now=now))


def test_a_session_uses_one_connection_and_survives_a_refusal(serve, message):
    server = serve()
    with post_to(server).session() as post:
        post.send(message)
        server.answers["RCPT"] = "550 no such user"
        with pytest.raises(Refused):
            post.send(message)
        server.answers.clear()
        post.send(message)
    assert (server.connections, len(server.received)) == (1, 2)


def test_a_session_connects_anew_after_the_connection_broke(serve, message):
    server = serve(drop_at="DATA")
    with post_to(server).session() as post:
        with pytest.raises(Passing):
            post.send(message)
        server.drop_at = ""
        post.send(message)
    assert (server.connections, len(server.received)) == (2, 1)


@pytest.mark.parametrize("header", ["Cc", "Bcc"])
def test_a_message_to_more_than_one_is_never_sent(serve, message, header):
    server = serve()
    message[header] = "eve@example.com"
    with pytest.raises(LetterError, match="exactly one recipient"):
        post_to(server).send(message)
    assert server.connections == 0

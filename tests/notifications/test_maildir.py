"""Mail kept in a folder: in development, and by the listener of the demo."""

import mailbox
import os

import pytest

from notifications import (
    Listener,
    MaildirPost,
    NoSuchMail,
    Recipient,
    SmtpPost,
    compose,
    list_mail,
    read_mail,
)


def test_what_is_kept_can_be_read_by_us_and_by_any_other_mail_program(
    tmp_path, letter, item, sender, now
):
    message = compose(letter(), sender, now=now)
    MaildirPost(folder=tmp_path / "mail").send(message)

    (summary,) = list_mail(tmp_path / "mail")
    assert (summary.to, summary.subject, summary.date) == (
        "Ann Smith <ann@example.com>",
        "Your goals for 2027: please write by 14 December",
        "Mon, 23 Nov 2026 09:00:00 +0000",
    )
    mail = read_mail(tmp_path / "mail", summary.key)
    assert mail.html.startswith("<!doctype html>")
    assert mail.text.startswith("Hello Ann Smith,")
    assert mail.source.encode() == message.as_bytes().replace(b"\r\n", b"\n")
    assert mail.links == (item().url, "https://hr.example.com")
    assert ("Message-ID", "<917@hr.example.com>") in mail.headers
    (other,) = mailbox.Maildir(tmp_path / "mail", create=False)
    assert other["Message-ID"] == "<917@hr.example.com>"


def test_the_newest_mail_stands_first_and_the_list_has_an_end(tmp_path, letter, sender, now):
    post = MaildirPost(folder=tmp_path)
    for number in range(3):
        post.send(compose(letter(subject=f"Mail {number}"), sender, now=now))
        for path in (tmp_path / "new").iterdir():
            subject = read_mail(tmp_path, path.name).headers
            arrived = int(dict(subject)["Subject"][-1]) + 1
            os.utime(path, (arrived, arrived))
    assert [mail.subject for mail in list_mail(tmp_path, limit=2)] == ["Mail 2", "Mail 1"]


def test_a_mail_that_another_program_marked_as_read_is_still_found(tmp_path, letter, sender, now):
    MaildirPost(folder=tmp_path).send(compose(letter(), sender, now=now))
    (path,) = (tmp_path / "new").iterdir()
    path.rename(tmp_path / "cur" / f"{path.name}:2,S")
    (summary,) = list_mail(tmp_path)
    assert read_mail(tmp_path, summary.key).text
    assert list_mail(tmp_path, without={summary.key}) == ()


def test_a_folder_that_does_not_exist_yet_holds_no_mail(tmp_path):
    assert list_mail(tmp_path / "none") == ()


@pytest.mark.parametrize("key", ["", "..", "../secret", "/etc/passwd", "a/b", "unknown", "\0"])
def test_a_key_cannot_lead_out_of_the_folder(tmp_path, key):
    (tmp_path / "new").mkdir()
    (tmp_path / "secret").write_text("x")
    with pytest.raises(NoSuchMail):
        read_mail(tmp_path, key)


def test_the_listener_keeps_what_is_sent_to_it(tmp_path, letter, sender, now):
    listener = Listener(tmp_path)
    port = listener.start()
    try:
        post = SmtpPost(host="127.0.0.1", port=port, security="none")
        post.send(compose(letter(), sender, now=now))
        reader = Recipient(name="Jürgen", email="jürgen@example.com")
        post.send(compose(letter(to=reader), sender, now=now))
    finally:
        listener.stop()
        listener.stop()
    assert {mail.to for mail in list_mail(tmp_path)} == {
        "Ann Smith <ann@example.com>",
        "Jürgen <jürgen@example.com>",
    }


def test_a_listener_says_when_its_port_is_taken(tmp_path):
    first = Listener(tmp_path)
    port = first.start()
    second = Listener(tmp_path, port=port)
    try:
        with pytest.raises(OSError, match="address already in use"):
            second.start()
    finally:
        first.stop()

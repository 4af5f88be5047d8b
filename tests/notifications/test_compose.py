"""What stands in a letter: headers, both parts, and nothing that somebody else put there."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import LetterError, Occasion, Recipient, Refused, Sender, compose

ANYTHING = st.text(st.characters(codec=None), max_size=120) | st.sampled_from(
    [
        "Smith, Ann",
        "Smith, Ann Marie Louise; von und zu Müller, Graf " * 3,
        'Ann "the Boss" O\'Neil\\',
        "x\r\nBcc: eve@example.com",
        "=?utf-8?q?x=0D=0ABcc:_eve=40example.com?=",
        "eve@example.com, ann",
        "a\u2028b\u202ec\ud800",
        "<script>alert(1)</script><a href='https://evil.example/'>x</a>",
        "{{ page }} {% raw %} ]]> --> &amp;",
        "</mj-text><mj-raw>",
        ". \n.\n--=_x\nFrom eve",
    ]
)


def html_of(message: EmailMessage) -> str:
    return message.get_body(("html",)).get_content()


def text_of(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content()


def test_the_headers_say_who_why_and_that_nobody_should_answer_by_machine(
    letter, sender, now, reread
):
    found = reread(compose(letter(), sender, now=now))

    headers = dict(found.items())
    root = headers["References"]
    assert headers["From"] == "Example Ltd People Team <people@hr.example.com>"
    assert headers["To"] == "Ann Smith <ann@example.com>"
    assert headers["Reply-To"] == "Dana Cole <dana@example.com>"
    assert headers["Subject"] == "Your goals for 2027: please write by 14 December"
    assert headers["Date"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    assert headers["Message-ID"] == "<917@hr.example.com>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["In-Reply-To"] == root
    assert re.fullmatch(r"<thread-[0-9a-f]{24}@hr\.example\.com>", root)


def test_the_same_letter_gives_the_same_bytes(letter, sender, now):
    assert (
        compose(letter(), sender, now=now).as_bytes()
        == compose(letter(), sender, now=now).as_bytes()
    )


def test_letters_of_one_thread_share_its_root_and_nothing_else_does(letter, sender, now):
    first, second, other = (
        compose(letter(key=key, thread=thread), sender, now=now)
        for key, thread in (("1", "a"), ("2", "a"), ("3", "b"))
    )
    assert first["References"] == second["References"] != other["References"]
    assert len({message["Message-ID"] for message in (first, second, other)}) == 3


@pytest.mark.parametrize("key", ["a b", "x@y", "a..b", "", "ключ", "k" * 300, "a\r\nBcc: x@y.z"])
def test_a_key_unfit_for_a_message_id_is_hashed(letter, sender, now, reread, key):
    found = reread(compose(letter(key=key), sender, now=now))
    assert re.fullmatch(r"<key-[0-9a-f]{32}@hr\.example\.com>", found["Message-ID"])


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.tuples(*[ANYTHING] * 5))
def test_no_text_of_a_person_adds_a_recipient_a_header_or_an_element(
    letter, item, sender, now, texts
):
    name, other, title, paragraph, subject = texts
    given_letter = letter(
        Occasion.HANDED_OVER,
        to=Recipient(name=name, email="ann@example.com"),
        reply_to=Recipient(name=other, email="dana@example.com"),
        items=(item(title=title, process=other, about=name, verb=f"Do {title}"),),
        text=(f"p{paragraph}", "q" + title),
        subject=f"s{subject}",
        lead=f"l{paragraph}",
        readers=f"r{other}",
        why=f"w{paragraph}",
        had_by=f"h{name}",
    )
    usual = letter(Occasion.HANDED_OVER, text=("p", "q"))
    raw = compose(given_letter, sender, now=now).as_bytes()
    expected = compose(usual, sender, now=now)

    found = message_from_bytes(raw, _class=EmailMessage, policy=default)
    assert found.keys() == expected.keys()
    assert [part.get_content_type() for part in found.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert not any(part.defects for part in found.walk())
    assert [a.addr_spec for a in found["To"].addresses] == ["ann@example.com"]
    assert [a.addr_spec for a in found["Reply-To"].addresses] == ["dana@example.com"]
    unfolded = message_from_bytes(raw)
    assert [a for _, a in getaddresses([unfolded["To"]])] == ["ann@example.com"]
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")

    allowed = tags(html_of(expected)) | {"br"}
    assert tags(html_of(found)) <= allowed
    assert links(html_of(found)) == links(html_of(expected))
    assert "\u202e" not in html_of(found) + text_of(found)


def tags(html: str) -> set[str]:
    return {tag.name for tag in BeautifulSoup(html, "html.parser").find_all(True)}


def links(html: str) -> list[str]:
    return [tag["href"] for tag in BeautifulSoup(html, "html.parser").find_all(href=True)]


def test_a_long_name_with_commas_stays_one_person(letter, sender, now):
    name = "Smith, Ann Marie Louise Catherine, Doctor of Philosophy, Head of Things, and more"
    message = compose(letter(to=Recipient(name=name, email="ann@example.com")), sender, now=now)
    raw = message_from_bytes(message.as_bytes())["To"]
    assert [address for _, address in getaddresses([raw])] == ["ann@example.com"]
    assert getaddresses([raw])[0][0].startswith("Smith Ann Marie")


@pytest.mark.parametrize("name", ["Smith, Ann", 'Ann "Bee" Cee', "Müller, Änn", "李, 雷", ""])
def test_a_short_name_arrives_as_it_was_written(letter, sender, now, reread, name):
    found = reread(
        compose(letter(to=Recipient(name=name, email="ann@example.com")), sender, now=now)
    )
    assert [(a.display_name, a.addr_spec) for a in found["To"].addresses] == [
        (name, "ann@example.com")
    ]


@pytest.mark.parametrize("occasion", Occasion)
def test_no_letter_refers_to_a_foreign_host(letter, sender, now, occasion):
    html = html_of(compose(letter(occasion), sender, now=now))
    namespaces = re.compile(r"\sxmlns(:\w+)?=\"[^\"]*\"")
    hosts = re.findall(r"(?:https?:)?//([^/\s\"'<>)]+)", namespaces.sub("", html))
    assert set(hosts) <= {"hr.example.com"}
    assert "@import" not in html
    assert not re.search("Roboto|Lato|Open Sans|Ubuntu", html)
    assert not BeautifulSoup(html, "html.parser").find_all(["img", "link", "script", "iframe"])


WITH_BUTTON = set(Occasion) - {Occasion.NO_LONGER_NEEDED}


@pytest.mark.parametrize("occasion", sorted(WITH_BUTTON))
def test_there_is_one_button_with_a_verb_and_its_bare_address_below(
    letter, item, sender, now, occasion
):
    html = html_of(compose(letter(occasion), sender, now=now))
    soup = BeautifulSoup(html, "html.parser")
    button, bare = soup.find_all("a")
    assert len(soup.select("td.button")) == 1
    assert button.get_text() == "Write your goals"
    assert bare.get_text() == bare["href"] == button["href"] == item().url


def test_what_is_no_longer_needed_has_no_button_no_link_and_no_date(letter, sender, now):
    message = compose(letter(Occasion.NO_LONGER_NEEDED), sender, now=now)
    assert links(html_of(message)) == []
    assert "14 December" not in text_of(message) + html_of(message).partition("<h1")[2]


def test_a_digest_shows_what_is_overdue_first_and_one_button(letter, item, sender, now):
    def at(day: int) -> datetime:
        return datetime(2026, 12, day, 16, tzinfo=UTC)

    message = compose(
        letter(
            Occasion.DIGEST,
            items=(
                item(title="Without date", due=None),
                item(title="Later", due=at(9)),
                item(title="Soon", due=at(2)),
                item(title="Late", due=at(1), overdue=True),
            ),
        ),
        sender,
        now=now,
    )
    text = text_of(message)
    order = ["OVERDUE", "* Late", "OPEN", "* Soon", "* Later", "* Without date"]
    places = [text.index(word) for word in order]
    assert places == sorted(places)
    soup = BeautifulSoup(html_of(message), "html.parser")
    assert len(soup.select("td.button")) == 1
    assert [h.get_text() for h in soup.find_all(["h1", "h2"])] == [
        "4 tasks wait for you",
        "Overdue",
        "Open",
    ]


def test_a_task_handed_over_says_who_had_it(letter, sender, now):
    message = compose(letter(Occasion.HANDED_OVER), sender, now=now)
    sentence = "Carla Diaz had this task before you. What is already written is kept."
    assert sentence in html_of(message)
    assert sentence in text_of(message)


def test_who_handed_a_task_on_reads_of_no_date_and_that_the_link_writes_in_their_name(
    letter, sender, now
):
    message = compose(letter(Occasion.HANDED_ON), sender, now=now)
    assert "14 December" not in text_of(message) + html_of(message).partition("<h1")[2]
    assert "Handed on" in html_of(message)
    assert "whoever opens it can write in your name" in " ".join(text_of(message).split())


def test_the_text_part_reads_like_a_letter(letter, sender, now):
    text = text_of(compose(letter(), sender, now=now))
    assert text == (
        "Hello Ann Smith,\n\n"
        "Your performance year begins.\n\n"
        "Three to five goals are enough.\n\n"
        "Your goals for 2027\n"
        "Performance year, about Ben Li\n"
        "Due: Monday, 14 December 2026, 17:00 (Central European Standard Time)\n\n"
        "Write your goals:\n"
        "https://hr.example.com/t/tk_4kQz8Yw04kQz8Yw04kQz8Yw04kQz8Yw04kQz8Yw0abc\n\n"
        "It takes about 15 minutes.\n"
        "Your answer is read by: you, your manager.\n"
        "You are asked because your performance year begins.\n\n"
        "This link is yours alone: whoever opens it can answer in your name. Please\n"
        "do not forward this mail.\n\n"
        "Questions? Reply to this mail; Dana Cole reads your reply.\n\n"
        "-- \nExample Ltd\nhttps://hr.example.com\n"
    )


def test_the_page_declares_its_language_direction_and_both_colour_schemes(letter, sender, now):
    soup = BeautifulSoup(html_of(compose(letter(), sender, now=now)), "html.parser")
    assert (soup.html["lang"], soup.html["dir"]) == ("en-GB", "ltr")
    assert soup.find("meta", {"name": "color-scheme"})["content"] == "light dark"
    assert "prefers-color-scheme: dark" in str(soup.head)


def test_a_date_in_another_script_carries_its_own_language_and_direction(letter, sender, now):
    reader = Recipient(name="Noor", email="noor@example.com", language="ar", zone="Asia/Riyadh")
    soup = BeautifulSoup(html_of(compose(letter(to=reader), sender, now=now)), "html.parser")
    date = soup.find("b").find("bdi")
    assert soup.html["lang"] == "en"
    assert (date["lang"], date["dir"]) == ("ar", "rtl")


def test_the_inbox_preview_holds_the_date_and_nothing_about_a_person(letter, sender, now):
    html = html_of(compose(letter(), sender, now=now))
    preview = BeautifulSoup(html, "html.parser").body.find("div").get_text()
    shown = preview.strip("\u034f\u200c\u00a0 \n")
    assert shown == (
        "Due Monday, 14 December 2026, 17:00 (Central European Standard Time). "
        "Takes about 15 minutes."
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/t/x",
        "https://hr.example.com.evil.example/t",
        "https://hr.example.com@evil.example/t",
        "javascript:alert(1)",
        'https://hr.example.com/t/"onclick="x',
        "https://hr.example.com/t/a b",
    ],
)
def test_a_link_that_leads_elsewhere_is_refused(letter, item, sender, now, url):
    with pytest.raises(LetterError, match="configured base address"):
        compose(letter(items=(item(url=url),)), sender, now=now)


@pytest.mark.parametrize("email", ["", "ann", "a@b@c.example", "a@example.com, b@example.com"])
def test_an_address_that_is_none_is_final_for_this_recipient(letter, sender, now, email):
    with pytest.raises(Refused, match="Correct it in the directory"):
        compose(letter(to=Recipient(name="Ann", email=email)), sender, now=now)


def test_reserved_test_domains_can_be_written_to(letter, sender, now):
    reader = Recipient(name="Ann", email="ann@company.test")
    assert "ann@company.test" in compose(letter(to=reader), sender, now=now)["To"]


def test_an_audit_checkpoint_travels_as_it_is(letter, sender, now, reread):
    value = "tenure.example 4711 n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="
    found = compose(letter(headers={"Tenure-Checkpoint": value}), sender, now=now)
    # Python's parser keeps the blank of a value that begins on the second line.
    assert reread(found)["Tenure-Checkpoint"].strip() == value
    assert value.encode() in found.as_bytes()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Bcc", "eve@example.com"),
        ("To", "eve@example.com"),
        ("X-A\r\nBcc", "eve@example.com"),
        ("X-A", "x\r\nBcc: eve@example.com"),
        ("X-A", "x\u2028y"),
        ("X-A", "=?utf-8?q?=0A?="),
        ("X-Auto-Response-Suppress", "None"),
        ("Tenure-A", ""),
    ],
)
def test_a_further_header_cannot_change_the_others(letter, sender, now, name, value):
    with pytest.raises(LetterError):
        compose(letter(headers={name: value}), sender, now=now)


def test_the_text_on_the_button_is_readable_on_every_brand_colour(letter, sender, now):
    pale = compose(letter(), replace(sender, colour="#ffe066"), now=now)
    assert 'style="display:inline-block;background:#ffe066;color:#000000' in html_of(pale)


def test_a_letter_that_contradicts_itself_is_refused_when_it_is_made(letter, item):
    for changes in (
        {"items": ()},
        {"items": (item(), item())},
        {"had_by": "Ben"},
        {"minutes": 0},
        {"items": (item(due=datetime(2026, 1, 1)),)},
    ):
        with pytest.raises(LetterError, match="917"):
            letter(**changes)
    with pytest.raises(LetterError, match="at least one item"):
        letter(Occasion.DIGEST, items=())


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "red"},
        {"colour": "#fff;}"},
        {"base_url": "https://hr.example.com/"},
        {"base_url": "ftp://hr.example.com"},
        {"domain": "a b"},
        {"domain": "d" * 41},
    ],
)
def test_a_sender_that_cannot_work_is_refused_when_it_is_made(sender, changes):
    with pytest.raises(LetterError):
        Sender(**{name: getattr(sender, name) for name in sender.__slots__} | changes)

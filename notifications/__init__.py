"""Letters to people: rendered, sent, and in development kept in a folder. Knows no case."""

from notifications.compose import compose
from notifications.letter import Item, Letter, LetterError, Occasion, Recipient, Sender
from notifications.listener import Listener
from notifications.maildir import Mail, MaildirPost, NoSuchMail, Summary, list_mail, read_mail
from notifications.post import Passing, Post, Refused
from notifications.smtp import SmtpPost

__all__ = [
    "Item",
    "Letter",
    "LetterError",
    "Listener",
    "Mail",
    "MaildirPost",
    "NoSuchMail",
    "Occasion",
    "Passing",
    "Post",
    "Recipient",
    "Refused",
    "Sender",
    "SmtpPost",
    "Summary",
    "compose",
    "list_mail",
    "read_mail",
]

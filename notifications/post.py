"""What sending means: a message leaves, or the failure says whether trying again can help."""

from email.message import EmailMessage
from typing import Protocol


class Passing(Exception):  # noqa: N818 - it names what the failure is, not that it is one
    """Not now, perhaps later.

    `slow` means that the channel is in trouble and not this message: let every message wait.
    """

    def __init__(self, sentence: str, *, slow: bool = False, code: int | None = None) -> None:
        super().__init__(sentence)
        self.slow = slow
        self.code = code


class Refused(Exception):  # noqa: N818 - as above
    """Never, for this recipient: trying the same again gives the same."""

    def __init__(self, sentence: str, *, code: int | None = None) -> None:
        super().__init__(sentence)
        self.code = code


class Post(Protocol):
    """Anything that carries a message away."""

    def send(self, message: EmailMessage) -> None:
        """Raises Passing or Refused; returning means that somebody else is now responsible."""

"""What the service refuses, in sentences for the person who asked."""

from collections.abc import Sequence
from typing import Any


class ServiceError(Exception):
    """The service did not do what was asked; nothing was changed."""


class PublishRefused(ServiceError):  # noqa: N818 - reads as what it is
    """A definition cannot be published as it stands."""

    def __init__(self, message: str, diagnostics: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)  # the loader's, if the text itself is wrong


class StartRefused(ServiceError):  # noqa: N818 - reads as what it is
    """A case cannot be started so."""


class Refused(ServiceError):  # noqa: N818 - reads as what it is
    """An operator's or member's request does not fit what it is about."""


class TooSoon(ServiceError):  # noqa: N818 - reads as what it is
    """Earlier answers may be on their way: the same again after a pause, never seen outside."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"A deadline of this case passed just now; try again in {seconds:.1f} s.")
        self.seconds = seconds


class Unknown(ServiceError):  # noqa: N818 - reads as what it is
    """Nothing has the given name or number."""

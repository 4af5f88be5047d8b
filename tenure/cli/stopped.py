"""The one exception by which a command says no."""


class Stopped(Exception):  # noqa: N818 - reads as what it is
    """The command cannot or will not do it; the message says why, and the way out."""

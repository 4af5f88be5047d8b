"""What can go wrong with the database itself, in sentences."""


class StoreError(Exception):
    """The database could not do what was asked; the message says what to do about it."""


class DatabaseUnusable(StoreError):  # noqa: N818 - reads as what it is
    """The database cannot be opened, or not by this version of the program."""


class NotKept(StoreError):  # noqa: N818 - reads as what it is
    """What was to be written was not, because of a full disk, a missing right or a lost server."""


class WriteInsideWrite(StoreError):  # noqa: N818 - reads as what it is
    """A job that is being written asked for another write, which would wait for itself for ever."""


class Overtaken(StoreError):  # noqa: N818 - reads as what it is
    """A row changed between being read and being written. The writer runs the job again."""

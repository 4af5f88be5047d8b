"""A mail address as it was typed, in the one spelling under which somebody is known."""

from functools import lru_cache

from email_validator import EmailNotValidError, validate_email


class NoAddress(ValueError):  # noqa: N818 - what the text is
    """The text is no mail address; the message says what is wrong with it."""


@lru_cache(maxsize=20_000)  # a people file says the same addresses every night
def normal_address(text: str) -> str:
    """The address as mail is sent to it. Raises NoAddress."""
    try:
        # `test_environment` lets addresses under `.test` pass, which rehearsals are made of.
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise NoAddress(f"no e-mail address: {str(error).rstrip('.')}") from error


def same_address(address: str) -> str:
    """What two spellings of one address have in common; no two people share it."""
    return address.lower()

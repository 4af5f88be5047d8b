"""What an operator can set: by environment, or in `tenure.env` in tenure's folder."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsWrong(Exception):  # noqa: N818 - errors are named by what is wrong
    """A setting cannot be used; the message names it, its value's fault and the way out."""


class Settings(BaseSettings):
    """Every setting, its meaning and its default; all are read as `TENURE_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="TENURE_", frozen=True, extra="ignore")

    home: Path = Field(
        default=Path(".tenure"), description="Folder of the database, mail, keys and logs."
    )
    database: str | None = Field(
        default=None,
        description="`postgresql+psycopg://…` or `sqlite:///…`; by default a file in `home`.",
    )
    organisation: str = Field(default="Your organisation", description="Named in mail and pages.")
    base_url: str | None = Field(
        default=None, description="How people reach the pages; links in mail begin with it."
    )
    host: str = Field(default="127.0.0.1", description="Address the pages listen on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8700, description="Port of the pages; 0 takes a free one."
    )
    console: bool | None = Field(
        default=None,
        description="Offer the list of cases and their pages to the machine's owner on loopback; "
        "by default only where `base_url` is on loopback too.",
    )
    brand_colour: str = Field(default="#1f5f8b", description="Buttons; white text must be legible.")

    mail_from: str = Field(
        default="tenure@localhost.example", description="Address that mail comes from."
    )
    mail_name: str = Field(default="People Operations", description="Name that mail comes from.")
    smtp_host: str | None = Field(
        default=None, description="Mail server; without one, mail goes to `home`/mail to be read."
    )
    smtp_port: int = Field(default=587, description="Its port.")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="How the connection is protected."
    )
    smtp_user: str | None = Field(default=None, description="Its login, if it wants one.")
    smtp_password: SecretStr | None = Field(default=None, description="And password.")
    smtp_timeout: float = Field(default=9, description="Seconds to wait for it.")
    mail_rate: float | None = Field(
        default=None, description="At most so many mails a second, over all workers."
    )

    reply_to: str | None = Field(
        default=None, description="Where a reply to a letter goes: somebody who reads it."
    )
    webhooks: dict[str, str] = Field(
        default_factory=dict,
        description='Addresses by name for `call:`, as JSON: {"payroll": "https://…"}.',
    )
    scim_token: SecretStr | None = Field(
        default=None, description="Bearer token with which `tenure people sync` reads users."
    )
    country: str = Field(
        default="",
        description="Whose holidays count where a person's location tells none, such as `DE-BE`; "
        "by default only weekends are free.",
    )
    timezone: str = Field(
        default="UTC",
        description="Whose clock counts where a person's location tells none, for daily work, and "
        "for when a day of the directory begins.",
    )
    pool_key: SecretStr | None = Field(
        default=None,
        description="Seals anonymous answers until their round is over: 64 hex digits, the same on "
        "all machines; by default made once, in `home`/pool.key. Keep it out of backups of the "
        "database.",
    )
    timer_grace: Annotated[float, Field(ge=0, le=60)] = Field(
        default=1,
        description="Seconds that a deadline waits for an answer received in time and still on "
        "its way.",
    )

    insight_names: dict[str, str] = Field(
        default_factory=dict,
        description="How what `tenure insight` reads is called here (processes, events, records), "
        'as JSON: {"goal-setting": "okr-year", "rating": "mark"}.',
    )
    insight_top: float = Field(
        default=4, description="From which rating on somebody is one of the best, for insight."
    )

    prefect_api_url: str | None = Field(
        default=None,
        validation_alias="PREFECT_API_URL",
        description="A Prefect server to use; by default `tenure serve` brings its own.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is written to `home`/tenure.log."
    )
    failpoint: str | None = Field(
        default=None, description="For tests: `name:n` ends the process at the n-th pass."
    )

    @field_validator("country")
    @classmethod
    def _known_country(cls, value: str) -> str:
        if value:
            from engine.directory.calendars import check_country  # noqa: PLC0415 - slow to load

            check_country(value)
        return value

    @field_validator("insight_names")
    @classmethod
    def _known_names(cls, value: dict[str, str]) -> dict[str, str]:
        from analytics.insight import known_names  # noqa: PLC0415 - few commands need it

        unknown = sorted(value.keys() - set(known_names()))
        if unknown:
            raise ValueError(
                f"no figure reads `{unknown[0]}`; there are {', '.join(known_names())}"
            )
        return value

    @field_validator("pool_key")
    @classmethod
    def _whole_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[0-9a-fA-F]{64}", value.get_secret_value()):
            raise ValueError("must be 64 hex digits, as `openssl rand -hex 32` prints them")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(
                "must be an IANA name such as `Europe/Berlin`, `America/Chicago` or `UTC`"
            ) from error
        return value

    @field_validator("base_url")
    @classmethod
    def _whole_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        example = "such as https://hr.example.com"
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError(f"must be a whole address {example}")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(
                f"must end after the host, {example}: the pages want a host of their own"
            )
        return _as_browsers_write(parts)

    @property
    def database_url(self) -> str:
        """The database's URL, the default file included."""
        return self.database or f"sqlite:///{self.home.absolute() / 'tenure.db'}"

    @property
    def mail_folder(self) -> Path:
        """The Maildir that is used without a mail server."""
        return self.home / "mail"


def _as_browsers_write(parts: SplitResult) -> str:
    """The origin as it comes with every post, so that the two can be compared.

    Raises ValueError for what is no host or no port.
    """
    host = (parts.hostname or "").encode("idna").decode()  # in small letters already
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def read_settings(**given: object) -> Settings:
    """Settings from what is given, then the environment, then `home`/tenure.env.

    Raises SettingsWrong with one sentence for each setting that cannot be used.
    """
    given = {name: value for name, value in given.items() if value is not None}
    try:
        home = Settings(**given).home  # type: ignore[arg-type]
        return Settings(_env_file=home / "tenure.env", **given)  # type: ignore[arg-type, call-arg]
    except ValidationError as refused:
        lines = [
            f"TENURE_{str(error['loc'][0]).upper()}: {error['msg']}{_quoted(error)}"
            for error in refused.errors(include_url=False)
        ]
        raise SettingsWrong("\n".join(lines)) from None


def _quoted(error: ErrorDetails) -> str:
    """What was set, unless it is a secret."""
    secret = str(error["loc"][0]) in ("pool_key", "smtp_password")
    return "" if secret else f" (it is {error['input']!r})"

"""Prefect reads its settings from the environment when it is first imported: they are put there.

Nothing in this module imports Prefect before the environment is complete.
"""

import json
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Records of finished runs are kept for a month: our history is elsewhere.
_RETENTION_DAYS = 30

# What Prefect and the flows say goes into a file: the terminal belongs to `tenure serve`. Of the
# runs, only what is worth a row reaches Prefect's database.
_SAID = {
    "prefect": "INFO",
    "prefect.extra": "INFO",
    "flows": "INFO",
    "EventsWorker": "ERROR",
    "APILogWorker": "ERROR",
    "uvicorn": "WARNING",
    "fastapi": "WARNING",
    "docket": "WARNING",
}


def _logging(path: Path) -> dict[str, Any]:
    said = {
        name: {"level": level, "propagate": False, "handlers": ["file"]}
        for name, level in _SAID.items()
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)-7s %(threadName)s %(name)s: %(message)s"}
        },
        "handlers": {
            "api": {"class": "prefect.logging.handlers.APILogHandler", "level": 0},
            "file": {
                "class": "logging.handlers.RotatingFileHandler",
                "formatter": "line",
                # Prefect reads the file as a template
                "filename": str(path).replace("$", "$$"),
                "maxBytes": 5_000_000,
                "backupCount": 4,
                "encoding": "utf-8",
                "delay": True,
            },
        },
        "loggers": {
            **said,
            "prefect.flow_runs": {"level": "INFO", "handlers": ["api"]},
            "prefect.task_runs": {"level": "ERROR", "handlers": ["api"]},
            "prefect.server": {"level": "WARNING"},
            "prefect._internal": {"level": "ERROR"},
        },
    }


def home_of(folder: Path) -> Path:
    """Where everything of Prefect's lives in tenure's folder; made if it is missing."""
    home = folder / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    return home


def password_of(home: Path) -> str:
    """`user:password` of the API, made once per folder: on loopback it is otherwise open to all."""
    path = home / "auth"
    if not path.exists():
        fresh = home / f"auth.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"tenure:{secrets.token_urlsafe(24)}")
        fresh.replace(path)
    return path.read_text()


def client_environment(home: Path, api_url: str) -> dict[str, str]:
    """For a process that works with a Prefect server, wherever that is."""
    logging_path = home / "logging.json"
    logging_path.write_text(json.dumps(_logging(home / "prefect.log"), indent=1))
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api_url,
        "PREFECT_LOGGING_SETTINGS_PATH": str(logging_path),
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # never a server of Prefect's own making: it runs no schedules and outlives its parent
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        # two tries: then the dispatcher notices, says so, and waits with pauses of its own
        "PREFECT_CLIENT_MAX_RETRIES": "2",
    }


def server_environment(home: Path, port: int, *, dashboard: bool) -> dict[str, str]:
    """For a process that runs the server itself, and works with it."""
    password = password_of(home)
    services = "PREFECT_SERVER_SERVICES_"
    return client_environment(home, f"http://127.0.0.1:{port}/api") | {
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_API_AUTH_STRING": password,
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        # blocks are not used here; registering them costs seconds at every start
        "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
        "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
        "PREFECT_SERVER_UI_ENABLED": "true" if dashboard else "false",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(home / "ui"),
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # a queue in memory whose name is new at every start, so that a restart in one process
        # does not find the last one's perpetual tasks
        "PREFECT_SERVER_DOCKET_NAME": f"tenure-{secrets.token_hex(4)}",
        f"{services}DB_VACUUM_ENABLED": "flow_runs",
        f"{services}DB_VACUUM_RETENTION_PERIOD": str(_RETENTION_DAYS * 24 * 3600),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{_RETENTION_DAYS}D",
        # late runs lock SQLite after a downtime; nothing here is ever late by Prefect's measure
        f"{services}LATE_RUNS_ENABLED": "false",
        f"{services}PAUSE_EXPIRATIONS_ENABLED": "false",
        f"{services}TRIGGERS_ENABLED": "false",
        # one transaction for a hundred task runs: a third of the processor time
        f"{services}TASK_RUN_RECORDER_BATCH_SIZE": "100",
        f"{services}TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
        f"{services}TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
        # runs are kept, each event of theirs is not: half of the rows that nobody looks at
        f"{services}EVENT_PERSISTER_ENABLED": "false",
        # a proxy of the company must not stand between a process and itself
        "NO_PROXY": _with_loopback(os.environ.get("NO_PROXY", "")),
        "no_proxy": _with_loopback(os.environ.get("no_proxy", "")),
    }


def put(values: Mapping[str, str]) -> dict[str, str | None]:
    """Put the values into this process; returns what `leave` restores."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    return before


def leave(before: Mapping[str, str | None]) -> None:
    """The environment as it was, for whoever starts something else in this process."""
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    if "prefect.context" in sys.modules:
        read_again()


def read_again() -> None:
    """Let Prefect read the environment, now and not only at its first import."""
    from prefect.context import (  # noqa: PLC0415 - the import itself reads the environment
        refresh_global_settings_context,
    )

    refresh_global_settings_context()


def _with_loopback(hosts: str) -> str:
    missing = [host for host in ("127.0.0.1", "localhost") if host not in hosts.split(",")]
    return ",".join([*filter(None, [hosts]), *missing])

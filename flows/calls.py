"""Webhooks: to addresses that the operator configured by name, and nowhere else."""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

_TIMEOUT = 15.0


class CallFailed(Exception):  # noqa: N818 - it says what happened to the call
    """A call did not arrive. `final`: trying the same again gives the same."""

    def __init__(self, sentence: str, *, final: bool = False) -> None:
        super().__init__(sentence)
        self.final = final


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhooks:
    """The addresses by name; private networks only where the operator says so."""

    addresses: Mapping[str, str]
    private_networks: bool = False  # http and private addresses too: for development

    def call(self, name: str, body: Mapping[str, Any], *, key: int) -> None:
        """POST the body as JSON; the key makes a repetition recognisable. Raises CallFailed.

        The name is resolved once and that very address is called, so that a second look-up
        cannot lead elsewhere. Redirects are not followed.
        """
        url = self.addresses.get(name)
        if url is None:
            known = ", ".join(sorted(self.addresses)) or "none"
            raise CallFailed(
                f"No webhook {name!r} is configured (there are: {known}). "
                f"Add it to TENURE_WEBHOOKS.",
                final=True,
            )
        parts = urlsplit(url)
        if parts.scheme != "https" and not self.private_networks:
            raise CallFailed(f"The webhook {name!r} does not begin with https://.", final=True)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = self._resolve(name, host, port)
        target = parts._replace(netloc=f"{_bracketed(address)}:{port}").geturl()
        headers = {"Host": parts.netloc, "Idempotency-Key": f"tenure-{key}"}
        try:
            with httpx.Client(follow_redirects=False, timeout=_TIMEOUT) as client:
                request = client.build_request("POST", target, json=dict(body), headers=headers)
                request.extensions["sni_hostname"] = host
                answer = client.send(request)
        except httpx.HTTPError as error:
            raise CallFailed(f"The webhook {name!r} did not answer: {error}.") from error
        if answer.status_code >= 300:
            final = 400 <= answer.status_code < 500 and answer.status_code not in (408, 425, 429)
            raise CallFailed(f"The webhook {name!r} answered {answer.status_code}.", final=final)

    def _resolve(self, name: str, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise CallFailed(f"The host {host} of webhook {name!r} is unknown: {error}.") from error
        address = str(found[0][4][0])
        ip = ipaddress.ip_address(address)
        mapped = getattr(ip, "ipv4_mapped", None) or ip
        if not mapped.is_global and not self.private_networks:
            raise CallFailed(
                f"The webhook {name!r} leads to {address}, which is no public address.", final=True
            )
        return address


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address

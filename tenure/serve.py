"""`tenure serve`: the house, until somebody says stop."""

import signal
import threading

from rich.console import Console

import flows
from tenure.house import open_house
from tenure.runtime import log_to
from tenure.settings import Settings


def serve(settings: Settings) -> int:
    """Runs until SIGTERM or Ctrl-C, then ends cleanly; 1 if it cannot run at all."""
    say = Console(highlight=False, soft_wrap=True)
    drifted = flows.check_versions()
    if drifted:
        for sentence in drifted:
            say.print(sentence, style="red")
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log_to(settings)
    with open_house(settings) as house:
        ahead = house.runtime.clock.ahead
        say.print(f"Pages   {house.url}")
        kept = f"stays in {settings.mail_folder}, read it at {house.url}/dev/mail"
        where = settings.smtp_host or kept
        say.print(f"Mail    {where}")
        say.print(f"Data    {settings.database_url}")
        if ahead.days:
            say.print(
                f"Clock   {ahead.days} days ahead of this machine's: this is the folder of a demo"
            )
        ready = threading.Thread(target=_tell_ready, args=(house.hand, say), daemon=True)
        ready.start()
        stop.wait()
        say.print("Stopping; what was not sent yet stays in the outbox.")
    return 0


def _tell_ready(hand: flows.Hand, say: Console) -> None:
    if hand.wait_ready(60):
        page = f", its pages are at {hand.page}" if hand.page else ""
        say.print(f"Ready   background work runs{page}. Ctrl-C stops.")
    else:
        say.print(f"Pages work; background work does not yet: {hand.status().sentence}")

"""Where figures get what they are computed from: the tables of the engine, cut off at a moment."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from analytics.insight import EVENTS, FIELDS, RECORDS, History
from engine.queries import Reader, insight_tables
from tenure.settings import Settings


def read_history(session: Session, reader: Reader, settings: Settings, at: datetime) -> History:
    """Everything that is known of `at`; what is called otherwise here comes under our names."""
    tables = insight_tables(
        session,
        reader,
        events=EVENTS,
        records=RECORDS,
        fields=FIELDS,
        called=settings.insight_names,
        at=at,
    )
    there = at.astimezone(ZoneInfo(settings.timezone))
    return History.of(tables, there, settings.insight_top)

"""Statistics over frozen tables; knows no case and no database."""

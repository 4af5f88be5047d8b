"""Pages: tasks for participants, cases for the machine's owner. Knows no Prefect, writes no row."""

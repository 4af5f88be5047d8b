"""Read models: what pages and the command line show, each in few queries."""

"""The entrance: settings, wiring and the command line."""

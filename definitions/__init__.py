"""Processes that are ready to use, one YAML file each, and the schema of their language."""

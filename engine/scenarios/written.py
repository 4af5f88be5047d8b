"""What a scenario says where something went otherwise, or cannot be played at all."""


class NotAsWritten(Exception):  # noqa: N818 - it is a finding, not a defect of ours
    """Something went otherwise than the scenario says; the message is a sentence."""

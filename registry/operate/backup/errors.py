"""What a backup of the registry can fail with, in words for its operator."""


class BackupError(Exception):
    """It cannot be made, read or restored; the message says why and what to do."""

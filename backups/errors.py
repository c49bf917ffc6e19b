"""What can be wrong with a backup, in one sentence for the operator that names the fix. Pure."""


class BackupError(Exception):
    """A backup cannot be made, found, opened or restored. Holds no secret and no value of a row."""

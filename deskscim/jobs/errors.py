"""What goes wrong with jobs."""


class JobFailed(Exception):
    """Raised by a task that cannot go on; the message is a sentence for people, without personal values."""


class Superseded(Exception):
    """Another worker has taken the job up, or it is gone: whoever held it stops at once."""


class CannotUndo(Exception):
    """The job has not ended, did nothing that can be taken back, or is taken back already."""

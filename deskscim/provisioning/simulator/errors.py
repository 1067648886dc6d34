"""What can stop a simulation; each message is a sentence for the person who started it."""


class SimulationError(Exception):
    """The simulation cannot go on at all."""


class TokenRefusedError(SimulationError):
    """The server answered 401 or 403: Entra quarantines the whole job at once."""


class QuarantineError(SimulationError):
    """So many people failed one after the other that Entra would stop the job."""


class RequestFailedError(Exception):
    """One request failed: Entra puts the person aside and tries again in the next cycle."""

"""Counts and times of the requests of a run, per kind, and the table that shows them."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Line:
    """What happened to the requests of one kind."""

    seconds: list[float] = field(default_factory=list)
    failures: int = 0
    retries: int = 0


class Tally:
    """Gathers the requests of a run, in the order in which their kinds first came."""

    def __init__(self) -> None:
        self.lines: defaultdict[str, Line] = defaultdict(Line)

    def record(self, kind: str, seconds: float, *, failed: bool = False) -> None:
        """Count one request with the time of its last try."""
        self.lines[kind].seconds.append(seconds)
        self.lines[kind].failures += failed

    def retried(self, kind: str) -> None:
        """Count one more try."""
        self.lines[kind].retries += 1

    def table(self) -> str:
        """Return the summary as aligned text, one line a kind and one for all."""
        every = Line()
        for line in self.lines.values():
            every.seconds += line.seconds
            every.failures += line.failures
            every.retries += line.retries
        head = f"{'request':<12}{'count':>8}{'p50 ms':>10}{'p99 ms':>10}{'retries':>9}{'failures':>10}"
        return "\n".join([head, *(_row(kind, line) for kind, line in self.lines.items()), _row("all", every)])


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile: the least value that at least so many per cent do not exceed."""
    if not values:
        return 0.0
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


def _row(kind: str, line: Line) -> str:
    p50, p99 = (1000 * percentile(line.seconds, percent) for percent in (50, 99))
    return f"{kind:<12}{len(line.seconds):>8}{p50:>10.1f}{p99:>10.1f}{line.retries:>9}{line.failures:>10}"

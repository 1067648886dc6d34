"""The summary of a simulation: percentiles by nearest rank, one line for each kind of request."""

import pytest

from deskscim.provisioning.simulator.report import Tally, percentile


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([], 50, 0.0),
        ([3.0], 99, 3.0),
        ([4.0, 1.0, 3.0, 2.0], 50, 2.0),
        ([float(n) for n in range(1, 101)], 99, 99.0),
        ([float(n) for n in range(1, 1001)], 99, 990.0),
        ([1.0, 2.0], 0, 1.0),
    ],
)
def test_percentile_is_the_nearest_rank(values: list[float], percent: float, expected: float) -> None:
    assert percentile(values, percent) == expected


def test_table_counts_each_kind_and_all() -> None:
    tally = Tally()
    for milliseconds in (10, 20, 30):
        tally.record("match", milliseconds / 1000)
    tally.record("create", 0.1, failed=True)
    tally.retried("create")
    rows = [line.split() for line in tally.table().splitlines()]
    assert rows[1:] == [
        ["match", "3", "20.0", "30.0", "0", "0"],
        ["create", "1", "100.0", "100.0", "1", "1"],
        ["all", "4", "20.0", "100.0", "1", "1"],
    ]
    assert rows[0] == ["request", "count", "p50", "ms", "p99", "ms", "retries", "failures"]

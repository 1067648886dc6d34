"""The product against the reference model, by random steps (R4, R11, R13 to R39, R42 to R44).

In the suite the steps are the same in each run. For new ones, and for long:
`pytest tests/reliability/test_reference_model.py --hypothesis-profile=long`.
"""

import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.reliability.machine import Directory
from tests.reliability.product import Tenant

LONG = "long"


@pytest.mark.parametrize("number", range(4))
@pytest.mark.django_db
def test_the_product_does_as_the_model_says(number: int) -> None:
    """After each step answers, tables and model agree."""
    tenants = (Tenant.create("Northwind tenant"), Tenant.create("Second tenant"))
    machine = type("Directory", (Directory,), {"tenants": tenants})
    if settings.get_current_profile_name() != LONG:
        machine = seed(number)(machine)
    run_state_machine_as_test(machine)

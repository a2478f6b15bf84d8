"""Who brings in the matrices: Forno's manager, who has a neighbour whose rules are not theirs."""

import pytest

from tests.admin.desk import Desk
from tests.cast import Cast


@pytest.fixture
def desk(forno: Cast, orchard: Cast) -> Desk:
    """Forno's manager at the admin."""
    return Desk(forno.manager)

"""Whatever JSON arrives, the answer is a case or a problem, and never an error of ours."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from tests.api.client import PROBLEM, Api
from tests.api.questions import WRONG_ORDER
from tests.cast import Cast

# Odd values of every kind: half characters and NUL, huge numbers, empty and nested things.
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=20)
    | st.decimals(allow_nan=True, allow_infinity=True).map(str)
    | st.sampled_from(["late", "wrong-order", "phone", "money-off", "free-pizza", "5.00", "1"])
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["remedy", "amount", "quantity", "reference", "name", "email"])
            | st.text(),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from(sorted(WRONG_ORDER)), ANYTHING).map(
    lambda odd: WRONG_ORDER | odd
)


@pytest.mark.parametrize("path", ["cases/", "authority/"])
def test_nothing_that_arrives_is_an_error_of_ours(forno: Cast, path: str, settings: Any) -> None:
    settings.API_RATES = {"requests": ""}
    api = Api(forno.agent)
    odd_bodies(api, path)


def odd_bodies(api: Api, path: str) -> None:
    @trying(max_examples=120, deadline=None)
    @given(BODIES | ANYTHING)
    def send(body: Any) -> None:
        answer = api.post(path, body)
        assert answer.status_code in {200, 201, 400, 403}, answer.content
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == PROBLEM

    send()

from decimal import Decimal

import pytest
from django.utils import translation

from dibt.lib.money import dollars


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "$0.00"),
        ("0.03", "$0.03"),
        ("0.0250", "$0.025"),
        ("10.0000", "$10.00"),
        ("1E+1", "$10.00"),
        ("1234567.5", "$1,234,567.50"),
        ("0.50001999", "$0.50"),
    ],
)
def test_an_amount_has_two_decimals_and_more_only_where_a_price_does(amount: str, written: str):
    assert dollars(Decimal(amount)) == written


def test_an_amount_is_written_as_the_reader_writes_numbers():
    with translation.override("de"):
        assert dollars(Decimal("1234.5")) == "$1.234,50"

"""Amounts are read as either language writes them, and never as another amount."""

import pytest

from trainee.kit.errors import Refusal
from trainee.kit.i18n import force_locale, number
from trainee.kit.money import whole_amount


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("0", 0),
        ("2900", 2900),
        ("2.900", 2900),
        ("2,900", 2900),
        ("2.900,00", 2900),
        ("2,900.00", 2900),
        ("2900,0", 2900),
        ("15.001", 15001),
        ("1.234.567,00", 1234567),
        ("1,234,567", 1234567),
        ("2 900 TL", 2900),
        ("₺2.900", 2900),
        ("2\u00a0900,00 ₺", 2900),
        (" 750 ", 750),
    ],
)
def test_an_amount_is_read_as_either_language_writes_it(app, written, amount):
    assert whole_amount(written) == amount


@pytest.mark.parametrize(
    "written", ["", "-5", "+5", "abc", "2.90", "2,50", "2.900.00", "2,900,00", "1.23", "12.34.567", "1.2345", "²", "1e3", "9" * 15]
)
def test_what_may_mean_another_amount_is_refused(app, written):
    with pytest.raises(Refusal) as refused:
        whole_amount(written)
    assert (refused.value.status, refused.value.code) == (422, "amount")


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_what_the_site_writes_it_reads_again(app, lang):
    with force_locale(lang):
        for amount in (0, 7, 999, 1000, 15001, 2900, 10**9):
            assert whole_amount(number(amount)) == whole_amount(number(amount, 2)) == amount

"""Amounts of money as people read them; all that the site counts are US dollars."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

FEWEST_DECIMALS, MOST_DECIMALS = 2, 4


def dollars(amount: Decimal) -> str:
    """The amount in the reader's way of writing numbers: two decimals, and up to four where a price has them."""
    rounded = round(amount, MOST_DECIMALS)
    written = f"{rounded:f}".rstrip("0").partition(".")[2]
    decimals = max(FEWEST_DECIMALS, len(written))
    return _("$%(amount)s") % {"amount": number_format(rounded, decimals, force_grouping=True)}

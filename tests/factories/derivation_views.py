"""Sample views of machines whose status cannot be derived."""

from datetime import timedelta

from statusportal.http.views import shell
from statusportal.http.views.derivation import AsideRow, DerivationPage
from tests.factories.views import NOW, ago


def some() -> DerivationPage:
    error_id = "0190f3a4-7a55-7c3e-9b7e-0d1a2b3c4d5e"
    rows = (
        AsideRow("Bryggeri 37", "BR37-2210", "/admin/devices/1", ago(hours=2), "KeyError", error_id, 3, NOW),
        AsideRow("", "SN-1", "/admin/devices/2", NOW, "OverflowError", error_id, 0, NOW + timedelta(minutes=1)),
    )
    return DerivationPage(rows, shell.Pages(next_href="/admin/derivation?cursor=x"))

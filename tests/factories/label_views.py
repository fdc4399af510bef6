"""Sample views of labels, of what a stranger reads, and of taking a machine."""

from datetime import timedelta

from statusportal.http.views import devices, labels, shell
from statusportal.labels.drawing import symbol_of
from tests.factories.views import NOW, ago

ORGANISATIONS = (shell.Option("o1", "Engdal Mejeri"), shell.Option("o2", "Thybo Metal"))
MODELS = (shell.Option("m1", "Aurora M3"), shell.Option("m2", "Polar 86"))
SECRET = "K7QM-4XPD-9RTA-2B6C-HJ3N"
SOON = NOW + timedelta(days=30)


def label(serial: str = "AM3-19872", model: str = "Aurora M3") -> labels.LabelView:
    address = f"https://status.nordvaerk.example/p/{serial.lower()}"
    symbol = symbol_of(address)
    scan = "Scan for status, help and history."
    return labels.LabelView(address, symbol.path, symbol.side, model, serial, "Nordværk", scan)


def slip(serial: str = "AM3-19872") -> labels.SlipView:
    return labels.SlipView(SECRET, "Aurora M3", serial, SOON)


def sheet() -> labels.LabelSheetPage:
    return labels.LabelSheetPage(
        organisations=ORGANISATIONS,
        grids=(shell.Option("2x7", "14 on a sheet, 99.1 x 38.1 mm"),),
        form=shell.Form({"organisation": "o1", "grid": "2x7"}),
        labels=(label(), label("AM3-20417"), label("PL86-0931", "Polar 86 with a longer name of its model")),
        count=6,
        paper_href="/admin/labels.pdf",
    )


def no_sheet() -> labels.LabelSheetPage:
    return labels.LabelSheetPage(
        organisations=ORGANISATIONS,
        grids=(shell.Option("2x7", "14 on a sheet, 99.1 x 38.1 mm"),),
        form=shell.Form({"organisation": "o1", "grid": "2x7"}),
        trouble="Labels need the setting public_url with https: their address must hold for ever.",
    )


def claims() -> labels.ClaimSecretsPage:
    return labels.ClaimSecretsPage(
        models=MODELS,
        forms=(
            shell.Option("slips", "Slips to print", "a PDF, four on a sheet"),
            shell.Option("screen", "On the screen", "to copy"),
        ),
        idempotency_key="key",
        form=shell.Form({"serials": "AM3-1\nAM3-9"}, {"serials": "AM3-9 has an owner. Hand it over instead"}),
        slips=(slip(), slip("AM3-20417")),
    )


def device_label() -> labels.DeviceLabelPage:
    return labels.DeviceLabelPage(
        id="d1",
        name="Aurora M3 AM3-19872",
        model="Aurora M3",
        serial="AM3-19872",
        badge_href="https://status.nordvaerk.example/badge/d1.svg",
        levels=_levels(),
        level_form=shell.Form({"level": "health"}),
        label=label(),
        is_shown=True,
        may_issue=True,
        is_in_stock=True,
        secrets=(
            labels.SecretRow("s1", "open", ago(hours=1), SOON),
            labels.SecretRow("s2", "revoked", ago(hours=30), SOON),
        ),
        slip=slip(),
    )


def own_label() -> labels.DeviceLabelPage:
    return labels.DeviceLabelPage(
        id="d1",
        name="Milk analyser 3",
        model="Aurora M3",
        serial="AM3-19872",
        badge_href="/badge/d1.svg",
        levels=_levels(),
        level_form=shell.Form({"level": "nothing"}),
        trouble="Labels need the setting public_url with https: their address must hold for ever.",
    )


def claim() -> labels.ClaimPage:
    return labels.ClaimPage(ORGANISATIONS[:1])


def mistyped_claim() -> labels.ClaimPage:
    problem = "Has a slip of the finger in it. Compare it with the paper"
    return labels.ClaimPage(ORGANISATIONS, shell.Form({"secret": SECRET.lower()}, {"secret": problem}))


def scanned() -> labels.ScannedPage:
    heard = devices.Connectivity("online", ago(seconds=6))
    return labels.ScannedPage("Nordværk", "/p/x", "Aurora M3", "AM3-19872", "maintenance_required", heard)


def scanned_nothing() -> labels.ScannedPage:
    return labels.ScannedPage("Nordværk", "/p/x")


def _levels() -> tuple[shell.Option, ...]:
    return (
        shell.Option("nothing", "Nothing", "only that it is a machine of its maker's"),
        shell.Option("model", "Model and serial number", "as they stand on the label"),
        shell.Option("health", "Health too", "one word, and whether it is heard; no values, no talk"),
    )

"""Sample pages of seeing as a customer."""

from dataclasses import replace
from datetime import timedelta

from statusportal.http.views import seeing, shell
from tests.factories.views import NOW, ago

REASON = "The reminder does not reach us"


def frame() -> seeing.SeenAsFrame:
    return seeing.SeenAsFrame("Mette Kragh", "Engdal Mejeri", REASON, NOW + timedelta(minutes=30))


def begin() -> seeing.BeginPage:
    form = shell.Form({"minutes": "30"}, {"reason": "Needs 5 characters or more."})
    return seeing.BeginPage("Mette Kragh", "Engdal Mejeri", "/support/customers/1", "/see-as", 60, form)


def visits() -> seeing.VisitsPage:
    mine = seeing.VisitRow(
        staff="Aisha Rahman",
        person="Mette Kragh",
        is_me=True,
        organisation="Engdal Mejeri",
        reason=REASON,
        began_at=ago(hours=2),
        ends_at=ago(hours=1),
        ended_at=ago(hours=1),
        page_count=3,
    )
    going_on = replace(mine, person="Søren Holm", is_me=False, reason="x" * 300, ended_at=None)
    return seeing.VisitsPage((going_on, mine))

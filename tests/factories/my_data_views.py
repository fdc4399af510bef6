"""Sample views of My data."""

from dataclasses import replace
from datetime import timedelta

from statusportal.http.views import shell
from statusportal.http.views.my_data import MyDataPage, RecordedRow, TakeoutRow
from tests.factories import forwarding_views
from tests.factories.views import NOW, ago


def my_data() -> MyDataPage:
    return MyDataPage(
        first_name="Mette",
        recorded=(
            RecordedRow("Name, e-mail, role", "so that others know who speaks", "until you are erased", 1),
            RecordedRow("Sign-ins", "so that you see a stranger", "90 days after their end", 38),
            RecordedRow("Comments you wrote", "the conversation", "while the entry stands", 1_204),
        ),
        takeouts=(
            TakeoutRow("1", "", "making", ago(minutes=2), 3, 14),
            TakeoutRow("2", "Engdal Mejeri", "ready", ago(days=1), 41, 41, 2_500_000_000, NOW + timedelta(days=6)),
            TakeoutRow("3", "", "failed", ago(days=3)),
            TakeoutRow("4", "", "expired", ago(days=30)),
        ),
        organisations=(shell.OrganisationChoice("o1", "Engdal Mejeri"),),
        forwardings=(forwarding_views.RUNNING,),
        may_forward=True,
        checked_at=ago(hours=6),
        words_written=94,
        form=shell.Form({"own_words": "kept"}, {"taken": "Tick this first."}),
    )


def leaving() -> MyDataPage:
    return replace(my_data(), takeouts=(), organisations=(), due_at=NOW + timedelta(days=7), checked_at=None)

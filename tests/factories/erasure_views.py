"""Sample views of erasing and of retention."""

from dataclasses import replace
from datetime import timedelta

from statusportal.http.views import shell
from statusportal.http.views.erasures import (
    DoneErasure,
    ErasePage,
    ErasuresPage,
    KeptRow,
    RetentionPage,
    RunRow,
    WaitingErasure,
)
from tests.factories.views import NOW, ago

ORDERED = WaitingErasure(
    id="1",
    name="Mette Kragh",
    href="/admin/people/1/erasure",
    is_organisation=False,
    keeps_words=True,
    asked_at=ago(days=2),
    due_at=NOW + timedelta(days=5),
    ordered_by="Per Sand",
)
ASKED = replace(ORDERED, id="2", name="Engdal Mejeri", is_organisation=True, keeps_words=False, ordered_by="")


def erasures() -> ErasuresPage:
    done = (
        DoneErasure(is_organisation=True, keeps_words=False, asked_at=ago(days=30)),
        DoneErasure(is_organisation=False, keeps_words=True, asked_at=ago(days=90)),
    )
    return ErasuresPage((ORDERED, ASKED), shell.Pages(next_href="/admin/erasures?cursor=x"), done)


def erase_person() -> ErasePage:
    form = shell.Form({"own_words": "gone"}, {"sure": "Tick this first."})
    return ErasePage(name="Mette Kragh", back_href="/admin/people/1", action="/admin/people/1/erasure", form=form)


def erase_organisation() -> ErasePage:
    page = replace(erase_person(), name="Engdal Mejeri", is_organisation=True, people=3)
    return replace(page, needs_proof=True, form=shell.Form())


def waiting_already() -> ErasePage:
    return replace(erase_person(), wish=ORDERED, form=shell.Form())


def retention() -> RetentionPage:
    kept = (
        KeptRow("Values of machines", "400 days", ago(hours=6), 61_204_118),
        KeptRow("Sign-ins, after their end", "90 days", ago(hours=6), 0),
        KeptRow("The audit log, without names", "while the portal runs"),
    )
    runs = (RunRow("Values of machines", ago(hours=6), ago(days=400), 1_204), RunRow("Sign-ins", NOW, ago(days=90), 0))
    return RetentionPage(kept, runs, shell.Pages(next_href="/admin/retention?cursor=x"))

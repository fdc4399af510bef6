"""Sample view models of who looked."""

from statusportal.http.views import audit, shell
from tests.factories.views import NOW, ago


def looks() -> audit.LooksPage:
    one = audit.Look
    today = (
        one(NOW, "Looked at the machine", "eye", "Jonas Lindqvist", "engineer", "Compressor, filling hall"),
        one(ago(hours=2), "Made a link", "link", "Aisha Rahman", "support", why=("the customer asked for it",)),
    )
    before = (one(ago(hours=30), "Let somebody at the machine", "people", "Mette Kragh"),)
    return audit.LooksPage(
        name="Engdal Mejeri",
        days=(audit.LooksOfDay("18 November 2026", today), audit.LooksOfDay("17 November 2026", before)),
        back_href="/",
        filters=(shell.FilterLink("All", "?", is_current=True), shell.FilterLink("Looked", "?part=looked")),
        pages=shell.Pages("?cursor=2"),
        chain=audit.ChainState(ago(hours=6), 1204),
        csv_href="?format=csv",
        lines_href="?format=jsonl",
    )


def no_looks() -> audit.LooksPage:
    return audit.LooksPage("Engdal Mejeri", (), chain=audit.ChainState(ago(hours=6), 1204, 2))

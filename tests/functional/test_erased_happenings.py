"""A name that stands in what happened on a connection goes with its person, and the sentence stays one."""

from statusportal.access.actor import SYSTEM
from statusportal.connections.models import ConnectionHappening
from statusportal.connections.reporting import report_progress
from statusportal.connections.vocabulary import Happening, HappeningKind, Progress
from statusportal.erasure.vocabulary import ERASED_PERSON
from statusportal.erasure.wiping import Wiped, wipe
from statusportal.foundation.errors import Sentence
from tests.factories.accounts import make_organisation
from tests.factories.connections import make_connection


def test_name_in_a_happening_is_wiped_and_its_template_stays(works, clock):
    alpha = make_organisation(works, "alpha")
    connection_id = make_connection(works, alpha, "mqtt", {"host": "h", "topics": ["t"]})
    said = Sentence("%(given)s is not a number", given="'Søren Ågård'")
    progress = Progress(
        last_error=Sentence.quoting("Søren Ågård was here."),
        last_error_at=clock.now(),
        happenings=[Happening(HappeningKind.REFUSED, clock.now(), said)],
    )
    with works.writing(SYSTEM) as work:
        report_progress(work, alpha.id, connection_id, progress)

    with works.writing(SYSTEM) as work:
        rows = wipe(work, Wiped({"Søren Ågård": ERASED_PERSON}))

    with works.reading(SYSTEM) as work:
        kept = work.session.query(ConnectionHappening).one().detail
    assert rows == 2
    assert kept == f"'{ERASED_PERSON}' is not a number"
    assert kept.template == said.template

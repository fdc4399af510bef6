"""Sample view models of why a machine says what it says."""

from statusportal.http.views import why
from statusportal.http.views.shell import Form, Option
from tests.factories.views import ago

LENGTHS = (Option("hour", "1 hour"), Option("out_of_service", "Out of service", "until somebody brings it back"))


def why_page() -> why.WhyPage:
    return why.WhyPage(
        device_id="d1",
        name="Culture bank freezer",
        model="Polar 86",
        serial="PL86-0931",
        health="failure",
        reason="The compressor of stage 2 has drawn no current since 06:39, although the freezer asks for it.",
        since_at=ago(hours=4),
        meta="2 conditions are active. Failure is the worst, so the machine says so.",
        steps=(
            why.Because("The samples", "Stage 2 current read 0.0 A, 10:47."),
            why.Because("The rule", "Stage 2 current below 0.5 A for 1 min.", "From the model.", "P-302"),
        ),
        clearing=(why.Clearing("Stage 2 current at least 3.8 A", "Now 0.0 A."),),
        now=conditions(),
        standing=standings(),
        calm=(
            why.StandingRow(
                code="P-120",
                health="off_spec",
                state="normal",
                state_word="normal",
                says="Out of specification when inside is above −75 °C for 10 min.",
                stands="Normal since 04:00.",
                now="Now −79.8 °C.",
                samples_href="/devices/d1?signal=inside#chart",
                can_service=True,
            ),
        ),
        before=(why.ConditionRow(code="P-111", title="Cold.", health="off_spec", is_active=False, facts=("2 times",)),),
        history=(
            why.Passage("failure", ago(hours=4), None, "Stage 2 does not run."),
            why.Passage("normal", ago(days=27), 2_300_000.0, "All is inside its limits."),
        ),
        entry_href="/entries/e1",
        ask_href="/ask",
        lengths=LENGTHS,
    )


def standings() -> tuple[why.StandingRow, ...]:
    def one(code: str, state: str, word: str, stands: str, **more: object) -> why.StandingRow:
        says = "Failure when stage 2 current is below 0.5 A for 1 min."
        return why.StandingRow(
            code=code, health="failure", state=state, state_word=word, says=says, stands=stands, **more
        )

    return (
        one("P-302", "active", "active", "Active since 06:40.", now="Now 0.0 A.", takes="To clear: at least 3.8 A."),
        one("P-303", "recovering", "recovering", "Recovering since 10:40; it clears at 10:50 if it stays so.", done=80),
        one("P-304", "pending", "pending", "Pending since 10:47; it fires at 10:57 if it stays so.", done=10),
        one("P-305", "error", "cannot be judged", "Cannot be judged since 09:00: “x” is no value that it can use."),
        one("P-306", "no_data", "no data", "No data since 08:00: stage 2 current tells nothing."),
    )


def conditions() -> tuple[why.ConditionRow, ...]:
    one = why.ConditionRow
    refused = Form({"length": "hour", "reason": ""}, {"reason": "must not be empty"})
    return (
        one(
            code="P-302",
            title="Stage 2 does not run.",
            health="failure",
            is_active=True,
            facts=("active 4 h", "1 time"),
            said="Acknowledged by Aisha Rahman, today 06:52.",
            entry_href="/entries/e1",
        ),
        one(
            code="P-110",
            title="It is −66.8 °C inside, above the limit of −75 °C.",
            health="off_spec",
            is_active=True,
            facts=("active 2 h", "3 times"),
            entry_href="/entries/e2",
            can_acknowledge=True,
            can_shelve=True,
            can_service=True,
            form=refused,
        ),
        one(
            code="P-140",
            title="The door was opened 24 times.",
            health="maintenance_required",
            is_active=False,
            facts=("6 times", "over since Monday"),
            rests="Shelved by Mette Kragh until Monday: “Stocktaking this week”",
            can_shelve=True,
        ),
    )

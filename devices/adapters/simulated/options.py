"""What the simulated adapter must be told."""

from typing import Annotated

from msgspec import Meta

from devices.adapters.simulated.kinds import KINDS
from devices.adapters.simulated.machine import SILENT
from devices.errors import OptionInvalid
from devices.options import Hint, Options
from devices.sentence import Sentence


class SimulatedMachine(Options, frozen=True, kw_only=True):
    """One machine to simulate."""

    kind: Annotated[str, Hint("milk-analyser, ultra-low-freezer, air-compressor or laboratory-ups")]
    serial: Annotated[str, Meta(min_length=1, max_length=200), Hint("Its serial number")]
    seed: Annotated[int, Meta(ge=0, le=2**31), Hint("What makes it different from its sisters")] = 0
    failure_mode: Annotated[str, Hint("How it fails, from the start if nothing else is said; empty: it does not")] = ""
    begun_ms: Annotated[int, Meta(ge=0), Hint("Since when its counters count, in ms since 1970; 0: from now")] = 0
    failing_since_ms: Annotated[int, Meta(ge=0), Hint("Since when it fails, in ms since 1970; 0: from now")] = 0
    fails_after_s: Annotated[float, Meta(ge=0), Hint("Seconds from the start until it fails")] = 0.0
    fails_for_s: Annotated[float, Meta(ge=0), Hint("Seconds until it is repaired; 0: it never is")] = 0.0
    fails_every_s: Annotated[float, Meta(ge=0), Hint("Seconds from one failure to the next; 0: it fails once")] = 0.0

    def __post_init__(self) -> None:
        """Refuse machines that do not exist.

        Raises: OptionInvalid.
        """
        if self.kind not in KINDS:
            kinds = ", ".join(KINDS)
            raise OptionInvalid(
                "machines",
                Sentence("No machine is a %(kind)s; there are: %(kinds)s.", kind=repr(self.kind), kinds=kinds),
            )
        modes = KINDS[self.kind].failure_modes
        if self.failure_mode not in {"", SILENT, *modes}:
            known = ", ".join((*modes, SILENT))
            raise OptionInvalid("machines", Sentence("A %(kind)s fails by %(modes)s.", kind=self.kind, modes=known))


class SimulatedOptions(Options, frozen=True, kw_only=True):
    """The options of the simulated adapter."""

    machines: Annotated[tuple[SimulatedMachine, ...], Meta(min_length=1), Hint("The machines, one table each")]
    interval_s: Annotated[float, Meta(ge=0.05, le=86_400), Hint("Seconds between two readings")] = 5.0
    rounds: Annotated[int, Meta(ge=0), Hint("How often to read before ending; 0 never ends")] = 0

"""Everything that can go wrong between a machine and a reading, as one tree.

DeviceError
├── SettingInvalid
│   ├── OptionInvalid          a connection's option does not hold
│   ├── ConnectionFileInvalid  the file is no TOML, or lacks a table
│   ├── AdapterUnknown         no adapter has this name
│   ├── AdapterUnavailable     its extra is not installed
│   └── FormatUnknown          no format has this name
├── DataUnusable
│   ├── PayloadMalformed       the whole body cannot be read
│   ├── TimeUnusable           no moment can be read from it, or it is out of range
│   ├── UnitUnknown            the house does not know the symbol
│   └── UnitMismatch           two units of different quantities
├── LinkBroken
│   ├── ConnectionRefused      nobody answers, or not in this protocol
│   ├── ConnectionLost         it was there and is gone
│   ├── AuthenticationFailed   it answers, and does not want us
│   └── SubscriptionRefused    it wants us, but not on this topic
└── SinkFailed
    ├── SinkUnavailable        try the same readings again later
    └── SinkRefused            the sink will never take these readings
"""

from devices.sentence import Sentence, placed


class DeviceError(Exception):
    """Root of the tree; catch it where a connection's trouble becomes a stated gap. `sentence` is for a person."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class SettingInvalid(DeviceError):
    """A person has to change a setting before this can work."""


class OptionInvalid(SettingInvalid):
    """One option of a connection does not hold; the sentence says why and, where it can, what was meant."""

    def __init__(self, option: str, detail: Sentence) -> None:
        super().__init__(placed(option, detail))
        self.option = option
        self.detail = detail


class ConnectionFileInvalid(SettingInvalid):
    """The connection file as a whole cannot be used."""

    def __init__(self, detail: Sentence) -> None:
        super().__init__(detail)
        self.detail = detail


class AdapterUnknown(SettingInvalid):
    """No adapter goes by this name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(
            Sentence("No adapter is called %(name)s. There are: %(known)s.", name=repr(name), known=", ".join(known))
        )
        self.name = name
        self.known = known


class AdapterUnavailable(SettingInvalid):
    """The adapter exists, and a package it needs is not installed."""

    def __init__(self, name: str, package: str) -> None:
        super().__init__(
            Sentence(
                "The adapter %(name)s needs the package %(package)s: install it beside this program.",
                name=repr(name),
                package=repr(package),
            )
        )
        self.name = name
        self.package = package


class FormatUnknown(SettingInvalid):
    """No wire format goes by this name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(
            Sentence("No format is called %(name)s. There are: %(known)s.", name=repr(name), known=", ".join(known))
        )
        self.name = name
        self.known = known


class DataUnusable(DeviceError):
    """What arrived cannot become a reading."""


class PayloadMalformed(DataUnusable):
    """Nothing of the body can be used; `pointer` is the RFC 6901 place of the first fault, empty for the whole."""

    def __init__(self, detail: Sentence, pointer: str = "") -> None:
        super().__init__(placed(pointer, detail) if pointer else detail)
        self.detail = detail
        self.pointer = pointer


class TimeUnusable(DataUnusable):
    """A time is not in a form we take, or lies outside the range the caller allows."""

    def __init__(self, detail: Sentence) -> None:
        super().__init__(detail)
        self.detail = detail


class UnitUnknown(DataUnusable):
    """The symbol stands in no row of the unit table."""

    def __init__(self, symbol: str) -> None:
        super().__init__(Sentence("The unit %(symbol)s is not known.", symbol=repr(symbol)))
        self.symbol = symbol


class UnitMismatch(DataUnusable):
    """A value cannot be carried from one quantity to another."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(
            Sentence(
                "%(source)s cannot be converted to %(target)s: they measure different quantities.",
                source=repr(source),
                target=repr(target),
            )
        )
        self.source = source
        self.target = target


class LinkBroken(DeviceError):
    """The machine's side of the line is the trouble; `address` says which line."""

    def __init__(self, address: str, detail: Sentence) -> None:
        super().__init__(placed(address, detail))
        self.address = address
        self.detail = detail


class ConnectionRefused(LinkBroken):
    """Nobody answered at the address, or what answered speaks something else."""


class ConnectionLost(LinkBroken):
    """An open line ended before it was told to."""


class AuthenticationFailed(LinkBroken):
    """The other side knows us not, or does not let us in."""


class SubscriptionRefused(LinkBroken):
    """Every topic we asked for was refused."""


class SinkFailed(DeviceError):
    """The side that should keep the readings did not."""

    def __init__(self, detail: Sentence, retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_s = retry_after_s


class SinkUnavailable(SinkFailed):
    """Nothing was kept this time; the same readings may be sent again after `retry_after_s`."""


class SinkRefused(SinkFailed):
    """The sink will not keep these readings however often they come."""

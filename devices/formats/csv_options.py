"""What a table's reader must be told before it can read.

Source: RFC 4180 names no delimiter but the comma, no heading rule and no time; hence these options.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from msgspec import field

from devices.errors import OptionInvalid, TimeUnusable
from devices.options import Hint, Options
from devices.sentence import Sentence
from devices.times import parse_time

_DAY_S: Final = 86_400.0


class CsvLayout(StrEnum):
    """Whether a row holds one moment of many signals, or one sample."""

    WIDE = "wide"
    LONG = "long"


class CsvOptions(Options, frozen=True, kw_only=True):
    """The options of the csv format."""

    layout: Annotated[CsvLayout, Hint("wide: a column a signal; long: a row a sample")] = CsvLayout.WIDE
    delimiter: Annotated[str, Hint("What stands between cells; one blank means any run of blanks")] = ","
    columns: Annotated[tuple[str, ...], Hint("The columns' names, where the table has no heading")] = ()
    time_column: Annotated[str, Hint("The column of the time")] = "timestamp"
    time_format: Annotated[
        str,
        Hint("iso, ms, count, or a pattern such as %Y-%m-%d %H:%M:%S", likely=("iso", "ms", "count")),
    ] = "iso"
    time_zone: Annotated[str, Hint("The zone of times that name none, such as Europe/Copenhagen")] = ""
    time_start: Annotated[str, Hint("With count: the moment of count 0, RFC 3339")] = ""
    time_step_s: Annotated[float, Hint("With count: seconds from one count to the next")] = 1.0
    device_column: Annotated[str, Hint("The column of the serial number")] = ""
    serial: Annotated[str | None, Hint("The serial number of all rows, where no column names it")] = None
    signals: Annotated[dict[str, str], Hint("Columns to take and the signals they become; empty takes all")] = field(
        default_factory=dict,
    )
    text_columns: Annotated[tuple[str, ...], Hint("Columns whose cells are texts, not numbers")] = ()
    signal_column: Annotated[str, Hint("With long: the column that names the signal")] = "signal"
    value_column: Annotated[str, Hint("With long: the column of the value")] = "value"

    def __post_init__(self) -> None:
        """Refuse what cannot hold together.

        Raises: OptionInvalid.
        """
        if len(self.delimiter) != 1 or self.delimiter in '"\r\n\x00':
            raise OptionInvalid("delimiter", Sentence("One character was expected, and no quote or line end."))
        if self.time_zone:
            try:
                ZoneInfo(self.time_zone)
            except (KeyError, ValueError, OSError) as err:
                fault = Sentence("%(given)s is no zone of the tz database.", given=repr(self.time_zone))
                raise OptionInvalid("time_zone", fault) from err
        if self.time_format == "count":
            self._require_count()
        elif self.time_format not in {"iso", "ms"} and "%" not in self.time_format:
            raise OptionInvalid("time_format", Sentence("iso, ms, count, or a pattern with % was expected."))
        if len(set(self.columns)) != len(self.columns):
            raise OptionInvalid("columns", Sentence("A name is given more than once."))

    def _require_count(self) -> None:
        try:
            parse_time(self.time_start)
        except TimeUnusable as err:
            raise OptionInvalid(
                "time_start", Sentence("A count needs the moment of 0: %(trouble)s", trouble=err.detail)
            ) from err
        if not 0 < self.time_step_s <= 366 * _DAY_S:
            raise OptionInvalid("time_step_s", Sentence("More than 0 and at most a year was expected."))

    def named_columns(self) -> Iterator[str]:
        """Give every column that a table must have."""
        yield self.time_column
        if self.device_column:
            yield self.device_column
        if self.layout is CsvLayout.LONG:
            yield self.signal_column
            yield self.value_column
        else:
            yield from self.signals

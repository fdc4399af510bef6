"""What the files adapter must be told."""

from typing import Annotated

from msgspec import Meta

from devices.errors import OptionInvalid
from devices.options import Hint, Options
from devices.sentence import Sentence


class FilesOptions(Options, frozen=True, kw_only=True):
    """The options of the files adapter."""

    folder: Annotated[str, Meta(min_length=1), Hint("The folder to watch; done/ and refused/ are made in it")]
    pattern: Annotated[str, Meta(min_length=1), Hint("Which files to take")] = "*.csv"
    format: Annotated[str, Hint("The format of the files; its own options stand in [format]")] = "csv"
    settle_s: Annotated[float, Meta(ge=0.05, le=3_600), Hint("How long a file must be left alone to be finished")] = 2.0
    unfinished_s: Annotated[
        float,
        Meta(ge=0, le=86_400),
        Hint("How long to wait more for a file whose last line has no end"),
    ] = 30.0
    size_maximum_bytes: Annotated[int, Meta(ge=1), Hint("Larger files are refused")] = 64 * 1024 * 1024
    batch_maximum: Annotated[int, Meta(ge=1, le=100_000), Hint("Readings stored in one go")] = 5_000

    def __post_init__(self) -> None:
        """Refuse patterns that leave the folder.

        Raises: OptionInvalid.
        """
        if "/" in self.pattern or "\\" in self.pattern:
            raise OptionInvalid("pattern", Sentence("A file name's pattern was expected, without folders."))

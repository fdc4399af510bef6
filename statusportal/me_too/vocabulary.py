"""Words of me too."""

from enum import StrEnum


class SiteType(StrEnum):
    """Where an affected machine stands, as far as its owner chose to say."""

    PRODUCTION = "production"
    LABORATORY = "laboratory"
    WORKSHOP = "workshop"
    OFFICE = "office"
    OUTDOORS = "outdoors"

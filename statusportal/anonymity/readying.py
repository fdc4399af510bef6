"""Making ready what is looked for in texts about a model, and which words stay in them."""

from collections.abc import Sequence

from statusportal.anonymity.knowing import known_of_others, operators_name
from statusportal.anonymity.masks import Masker
from statusportal.anonymity.vocabulary import Known
from statusportal.catalogue.models import DeviceModel
from statusportal.work import Work


def told_about(
    work: Work, model: DeviceModel, known: Sequence[Known], facts: Sequence[str]
) -> tuple[Masker, Sequence[str]]:
    """Return the masker of texts about a model, and each fact, an owner's own word, empty unless it tells nothing.

    The model's name and the operator's stay in every text, and so do the facts that are left.
    """
    named = [model.name, model.slug, operators_name(work)]
    bare = Masker.of(known, named)
    left = [fact if bare.keeps(fact) else "" for fact in facts]
    return Masker.of(known, [*named, *left]), left


def others_named(work: Work, said: Sequence[str]) -> list[Known]:
    """Return the customers whom the operator's people name in these words; nobody learns who else is one by asking."""
    if not said:
        return []
    others = known_of_others(work)
    told = set(Masker.of(others).still_told(" \n".join(said)))
    return [one for one in others if one.text in told]

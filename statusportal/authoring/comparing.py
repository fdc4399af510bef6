"""Pure: what one model file would change of another."""

from typing import Any, NamedTuple

import msgspec

from statusportal.catalogue.filing import ModelFile, traits_in_file


class Difference(NamedTuple):
    """One thing that an import would do, and to what; as text it is a line of a report."""

    act: str
    place: str

    def __str__(self) -> str:
        """Write it as a line."""
        return f"{self.act} {self.place}"


def changes(before: ModelFile | None, wanted: ModelFile) -> list[Difference]:
    """Say what an import would do; nothing means that nothing would change."""
    if before is None:
        return [Difference("create", f"the model {wanted.slug}")]
    flat_before, flat_after = _flat(before), _flat(wanted)
    found = [
        _change(place, flat_before, flat_after)
        for place in sorted(flat_before.keys() | flat_after.keys())
        if _differs(place, flat_before, flat_after)
    ]
    orders = [[rule.code for rule in one.rules] for one in (before, wanted)]
    return found or ([Difference("change", "order of the rules")] if orders[0] != orders[1] else [])


def _flat(model: ModelFile) -> dict[str, Any]:
    apart = {"signals", "slug", "rules", "codes"}
    flat: dict[str, Any] = {name: getattr(model, name) for name in model.__struct_fields__ if name not in apart}
    for signal in model.signals:
        place = f"signal {signal.name}"
        flat[place] = (signal.kind, signal.unit, signal.label_en or signal.name, signal.decimals)
        flat[f"{place} label_da"] = signal.label_da or signal.label_en or signal.name
        flat[f"{place} traits"] = traits_in_file(signal)
        for limit in signal.limits:
            flat[f"{place} limit {limit.code}"] = msgspec.structs.astuple(limit)
    flat |= {f"rule {rule.code}": rule for rule in model.rules}
    flat |= {f"code {one.code}": one for one in model.codes}
    return flat


def _differs(place: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    return (place in before) != (place in after) or before.get(place) != after.get(place)


def _change(place: str, before: dict[str, Any], after: dict[str, Any]) -> Difference:
    if place not in before:
        return Difference("add", place)
    return Difference("change" if place in after else "remove", place)

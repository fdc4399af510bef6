"""Beginning to take data along, which stands in the log."""

from statusportal.audit.service import record_act
from statusportal.export.queries import DeviceHead, device_head
from statusportal.export.vocabulary import DeviceScope, Format
from statusportal.work import Work


def begin_device_export(work: Work, scope: DeviceScope, wanted: Format) -> DeviceHead:
    """Note that the device's data leave in a format, and return what stands over them.

    Raises: NotFound, Forbidden.
    """
    head = device_head(work, scope)
    for organisation_id in sorted(head.organisations):
        record_act(work, "device.exported", "device", head.id, organisation_id=organisation_id, format=wanted.value)
    return head

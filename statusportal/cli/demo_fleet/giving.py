"""What is given to others at the end of the demo's past: a link, a group, a machine to claim, a paused receiver.

Nothing of it leaves the machine: the receiver's address is this very machine's, which a portal calls only where its
operator allows it.
"""

from datetime import timedelta
from typing import Final

import msgspec

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import Right
from statusportal.claims.service import make_claim_secret
from statusportal.cli.demo_fleet.community import share_with_owners
from statusportal.cli.demo_fleet.world import World, actor_named
from statusportal.custody.queries import receiver_named
from statusportal.custody.vocabulary import ReceiverKind
from statusportal.fleet.service import create_device
from statusportal.forwarding.service import Receiver, begin_forwarding, pause_forwarding
from statusportal.forwarding.vocabulary import ForwardedKind
from statusportal.groups.grouping import add_to_group, create_group, grant_group
from statusportal.sharing.service import link_device
from statusportal.sharing.vocabulary import LinkScope
from statusportal.work import Works

IN_STOCK: Final = "AM3-20719"
_OWNER, _PARTNER, _OPERATOR = "engdal-mejeri", "trykluft-vest", "nordvaerk"
_HERE: Final = "127.0.0.1/32"


def give_to_others(works: Works, world: World) -> None:
    """Let each page of giving have something to show, made by those whose right it is."""
    _share_a_group(works, world)
    _send_a_link(works, world)
    _keep_one_in_stock(works, world)
    _forward_and_pause(works, world)
    share_with_owners(works, world)


def _share_a_group(works: Works, world: World) -> None:
    with works.writing(actor_named(works, world, "soren")) as work:
        group = create_group(work, world.organisations[_OWNER], "Cold store")
        for serial in ("PL86-0931", "VG20-1187"):
            add_to_group(work, group.id, world.devices[serial])
        receiver, rights = receiver_named(work, _PARTNER), Right.VIEW | Right.COMMENT
        grant_group(work, group.id, receiver, rights, None, None, ReceiverKind.SERVICE_PARTNER)


def _send_a_link(works: Works, world: World) -> None:
    with works.writing(actor_named(works, world, "soren")) as work:
        ends_at = work.now + timedelta(days=14)
        link_device(work, world.devices["PL86-0931"], LinkScope.COMMENT, ends_at, "Lene Friis, the insurer")


def _keep_one_in_stock(works: Works, world: World) -> None:
    with works.writing(SYSTEM) as work:
        device = create_device(work, world.organisations[_OPERATOR], world.models["aurora-m3"], IN_STOCK)
        world.devices[IN_STOCK] = device.id
    with works.writing(actor_named(works, world, "henrik")) as work:
        make_claim_secret(work, world.devices[IN_STOCK])


def _forward_and_pause(works: Works, world: World) -> None:
    inside = msgspec.structs.replace(works.settings, forwarding_allow=_HERE)
    allowing = Works(works.engine, works.clock, works.wiring, inside)
    with allowing.writing(actor_named(works, world, "soren")) as work:
        receiver = Receiver(
            name="Kilde Energi",
            address="https://127.0.0.1/inbox",
            kinds=(ForwardedKind.SAMPLE, ForwardedKind.STATUS),
            devices=(world.devices["BR37-2210"],),
        )
        row, _secret = begin_forwarding(work, world.organisations[_OWNER], receiver)
        pause_forwarding(work, row.id)

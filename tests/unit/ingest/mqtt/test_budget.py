import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor

from statusportal.ingest.mqtt.budget import Budget


def told(story):
    """Run a story in a thread of its own, since browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(story())).result()


def test_reader_waits_until_its_bytes_fit_and_a_larger_one_gets_in_alone():
    async def story():
        budget, order = Budget(100), []

        async def read(name, count):
            await budget.take(count)
            order.append(name)

        await read("first", 80)
        second, large = asyncio.create_task(read("second", 30)), asyncio.create_task(read("large", 500))
        await asyncio.sleep(0)
        before = list(order)
        budget.give_back(80)
        await second
        budget.give_back(30)
        await large
        return before, order

    assert told(story) == (["first"], ["first", "second", "large"])


def test_reader_that_is_cut_while_it_waits_holds_nothing():
    async def story():
        budget = Budget(100)
        await budget.take(100)
        cut = asyncio.create_task(budget.take(50))
        await asyncio.sleep(0)
        cut.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await cut
        budget.give_back(100)
        await asyncio.wait_for(budget.take(100), 1)
        return cut.cancelled()

    assert told(story)

"""Counters hold when many threads count at once, and each after a pause in which the library's timer has ended."""

import threading
import time

from limits import RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from statusportal.access.counting import Counters

THREADS = 16
ROUNDS = 8


def test_threads_that_count_at_once_all_get_an_answer():
    limiter = MovingWindowRateLimiter(Counters())
    item = RateLimitItemPerMinute(THREADS * ROUNDS)
    answers = []
    gate = threading.Barrier(THREADS)

    def count():
        for _round in range(ROUNDS):
            gate.wait()
            answers.append(limiter.hit(item, "somebody"))
            time.sleep(0.03)

    threads = [threading.Thread(target=count) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (answers, limiter.hit(item, "somebody")) == ([True] * THREADS * ROUNDS, False)

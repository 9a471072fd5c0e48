"""The other end of the line: sends requests over a few kept connections and tells how many were answered. A process of its own.

For every line of JSON on its standard input it sends requests and prints one line. Nothing but the standard library, so that it costs little.
"""

import contextlib
import http.client
import json
import sys
import threading
import time
from collections import Counter
from itertools import count
from typing import Any

FORM = "application/x-www-form-urlencoded"


def run(port: int, requests: list[list[Any]], connections: int, seconds: float, most: int, wanted: list[int]) -> dict[str, Any]:
    """Send `requests` ([method, path, body, cookie, headers], begun again at their end) until `most` are sent or the time is up."""
    place = count()
    barrier = threading.Barrier(connections + 1)
    answered: Counter[int] = Counter()
    lock = threading.Lock()
    until = [0.0]

    def work() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        mine: Counter[int] = Counter()
        line.connect()
        barrier.wait()
        while time.perf_counter() < until[0]:
            number = next(place)
            if number >= most:
                break
            method, path, body, cookie, headers = requests[number % len(requests)]
            line.request(method, path, body, {"Cookie": cookie, **({"Content-Type": FORM} if body is not None else {}), **headers})
            response = line.getresponse()
            response.read()
            mine[response.status] += 1
        line.close()
        with lock:
            answered.update(mine)

    threads = [threading.Thread(target=work) for _line in range(connections)]
    for thread in threads:
        thread.start()
    until[0] = time.perf_counter() + seconds
    begun = time.perf_counter()
    with contextlib.suppress(threading.BrokenBarrierError):
        barrier.wait(30)
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    return {
        "right": sum(number for status, number in answered.items() if status in wanted),
        "wrong": {str(status): number for status, number in answered.items() if status not in wanted},
        "seconds": took,
    }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run(**json.loads(line))), flush=True)

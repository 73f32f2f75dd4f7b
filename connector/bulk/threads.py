"""A bounded crew of threads, and results in the order of the inputs."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Crew:
    """So many threads; a context manager that waits for what they are at when it ends.

    It does not wait when it is interrupted, nor do they keep a program from ending: the next run takes up their work.
    """

    def __init__(self, workers: int) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name="bulk", daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._dismiss()
        if kind is not KeyboardInterrupt:
            for thread in self._threads:
                thread.join()

    def submit(self, work: Callable[[], R]) -> Future[R]:
        """Have it done when a thread is free."""
        future: Future[R] = Future()
        self._tasks.put(lambda: _fulfil(future, work))
        return future

    def _dismiss(self) -> None:
        """Let each thread end after what it is at."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._tasks.get_nowait()
        for _ in self._threads:
            self._tasks.put(None)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()


def _fulfil(future: Future[R], work: Callable[[], R]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever asks for the result
        future.set_exception(error)


def in_order(work: Callable[[int, T], R], inputs: Iterable[T], *, workers: int, ahead: int) -> Iterator[R]:
    """What `work` gives for each input and its position, in their order; it is at work on several at once.

    Inputs are asked for as there is room: at most `ahead` of them are begun or waiting for their turn to be given.
    """
    begun: deque[Future[R]] = deque()
    with Crew(workers) as crew:
        for position, one in enumerate(inputs):
            begun.append(crew.submit(lambda position=position, one=one: work(position, one)))  # type: ignore[misc]
            while begun and (begun[0].done() or len(begun) >= ahead):
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()

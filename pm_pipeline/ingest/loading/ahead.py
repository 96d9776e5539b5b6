"""Let a step of a load run ahead of the next one in a thread of its own, a few items and no more."""

from collections.abc import Generator, Iterable, Iterator
from queue import SimpleQueue
from threading import Semaphore, Thread
from types import TracebackType
from typing import Generic, Self, TypeVar

Item = TypeVar("Item")
DEPTH = 2


class _End:
    """What a thread says last: the error that ended it, if there was one."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class Ahead(Generic[Item]):
    """Iterates over ``items`` in a thread that is at most ``depth`` items ahead.

    A context manager and an iterator. An error of ``items`` is raised where the next item would have
    been. When the block ends the thread has ended too, and ``items`` is closed, however far it was.
    """

    def __init__(self, items: Iterable[Item], depth: int = DEPTH) -> None:
        self._items = items
        self._free = Semaphore(depth)
        self._made: SimpleQueue[Item | _End] = SimpleQueue()
        self._is_stopped = False
        self._is_over = False
        self._thread = Thread(target=self._run, name="ahead", daemon=True)

    def _run(self) -> None:
        end = _End()
        try:
            iterator = iter(self._items)
            try:
                while True:
                    self._free.acquire()
                    if self._is_stopped:
                        break
                    try:
                        item = next(iterator)
                    except StopIteration:
                        break
                    self._made.put(item)
                    del item
            finally:
                # A reader closes its file, and a step of this kind the one before it.
                if isinstance(iterator, Generator):
                    iterator.close()
        except BaseException as error:
            end = _End(error)
        self._made.put(end)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __iter__(self) -> Iterator[Item]:
        return self

    def __next__(self) -> Item:
        if self._is_over:
            raise StopIteration
        item = self._made.get()
        if isinstance(item, _End):
            self._is_over = True
            if item.error is not None:
                raise item.error
            raise StopIteration
        self._free.release()
        return item

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_stopped = True
        self._free.release()
        self._thread.join()

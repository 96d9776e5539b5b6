"""Dagster's storage on SQLite, with its files of events kept open.

A run of one municipality writes some nine hundred events, most of them into two files. Dagster (1.13)
opens and closes the file for each: the last one to close a file in WAL mode writes its log back and
removes it, so each event costs several waits for the disk. That was more than building the warehouse of
a small town. Same files, same tables: what an unchanged Dagster wrote is read, and the other way round.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.event_api import EventHandlerFn
from dagster._core.storage.event_log.polling_event_watcher import SqlPollingEventWatcher
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage, _event_logs_directory
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event

#: Files kept open at a time: the index and the runs of now. The UI may look at hundreds of runs.
_MOST_OPEN = 8


class OpenEventLog(SqliteEventLogStorage):
    """The event log with its files kept open, and without a wait for the disk at each event.

    A power cut may cost the last events of a run, which is then seen to have failed; no more.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._polling: SqlPollingEventWatcher | None = None
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        engine = self._engines.pop(shard, None) or _open(self.conn_string_for_shard(shard))
        self._engines[shard] = engine
        while len(self._engines) > _MOST_OPEN:
            self._engines.popitem(last=False)[1].dispose()
        return engine

    # Dagster waits for the file to be touched; one that stays open is not. So the page of a run asks.
    def watch(self, run_id: str, cursor: str | None, callback: EventHandlerFn) -> None:
        if self._polling is None:
            self._polling = SqlPollingEventWatcher(self)
        self._polling.watch_run(run_id, cursor, callback)

    def end_watch(self, run_id: str, handler: EventHandlerFn) -> None:
        if self._polling is not None:
            self._polling.unwatch_run(run_id, handler)

    def wipe(self) -> None:
        """As Dagster does it; a file that is removed must not be open."""
        self._close()
        super().wipe()

    def dispose(self) -> None:
        if self._polling is not None:
            self._polling.close()
            self._polling = None
        self._close()
        super().dispose()

    def _close(self) -> None:
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()


def _open(place: str) -> Engine:
    engine = create_engine(place, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})

    @event.listens_for(engine, "connect")
    def _(connection: Any, _: Any) -> None:
        connection.execute("pragma synchronous = normal")

    return engine


class OpenStorage(DagsterSqliteStorage):
    """Runs, events and schedules in ``base_dir``, where Dagster keeps them by default."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = OpenEventLog(_event_logs_directory(base_dir))

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Any
    ) -> "OpenStorage":
        return cls.from_local(inst_data=inst_data, **config_value)

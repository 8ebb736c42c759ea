"""Counts the database transactions of an unlocked vault."""

from sqlalchemy import event


class Transactions:
    """Within its block, how many read and write transactions were begun."""

    def __init__(self, lane):
        self.reads = self.writes = 0
        self._listening = ((lane.reader, self._read), (lane.writer, self._written))

    @property
    def all(self):
        return self.reads + self.writes

    def _read(self, _connection):
        self.reads += 1

    def _written(self, _connection):
        self.writes += 1

    def __enter__(self):
        for engine, heard in self._listening:
            event.listen(engine, "begin", heard)
        return self

    def __exit__(self, *_error):
        for engine, heard in self._listening:
            event.remove(engine, "begin", heard)

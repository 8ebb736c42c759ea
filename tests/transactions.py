"""Counts the database transactions of an unlocked vault."""

from sqlalchemy import event


class Transactions:
    """Within its block, how many read and write transactions were begun."""

    def __init__(self, lane):
        self.reads = self.writes = 0
        self._engine = lane.reader  # whose listeners hear the writer as well

    @property
    def all(self):
        return self.reads + self.writes

    def _begun(self, connection):
        if connection.get_execution_options().get("writes"):
            self.writes += 1
        else:
            self.reads += 1

    def __enter__(self):
        event.listen(self._engine, "begin", self._begun)
        return self

    def __exit__(self, *_error):
        event.remove(self._engine, "begin", self._begun)

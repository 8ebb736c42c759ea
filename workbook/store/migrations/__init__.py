"""How an older vault file becomes a present one: all of it, or nothing."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Engine

from workbook.domain.errors import DamagedVault
from workbook.store.connection import SCHEMA_VERSION


def migrate(writer: Engine) -> None:
    """Bring the file of ``writer`` to the present version in one transaction.

    Raises:
        DamagedVault: if its tables are not what its version says; the file is unchanged.

    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with writer.begin() as connection:
        config.attributes["connection"] = connection  # never a URL: it would hold the key
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise DamagedVault from None
        wrong = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        checked = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if wrong or checked != "ok":
            raise DamagedVault
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")

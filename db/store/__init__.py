"""The one writer of money, trades and orders: the engine's store on Postgres."""

from db.store.store import PostgresStore

__all__ = ["PostgresStore"]

"""The person's side of the database: who somebody is, what he chose, what he may read."""

from db.books.books import PostgresBooks

__all__ = ["PostgresBooks"]

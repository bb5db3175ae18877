"""The operational database: persons, queues, and what is kept about a conversation.

Functions take a connection, so that a caller composes them in one transaction:

    with store.begin() as connection:
        outbox.put_for(connection, person, Text("Bonjour").to_json(), now)
        incoming.finish(connection, update.id)
"""

from bot.store.engine import SchemaError, Store, migrate, open_engine
from bot.store.persons import Person

__all__ = ["Person", "SchemaError", "Store", "migrate", "open_engine"]

"""The database: engine, transaction, column types, migrations."""

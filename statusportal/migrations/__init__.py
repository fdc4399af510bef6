"""Migrations, for SQLite and PostgreSQL alike, from the first table on."""

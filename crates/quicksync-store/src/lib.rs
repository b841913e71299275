//! Rows: accounts, preferences, library and measurements in SQLite.

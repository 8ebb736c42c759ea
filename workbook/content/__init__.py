"""The tables (TOML) and the short strings, per language; loaded once, checked, never changed."""

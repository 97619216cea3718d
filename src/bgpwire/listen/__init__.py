"""Everything that is heard, in one form, and what becomes of it: sources, records, sinks (docs/listen.md)."""

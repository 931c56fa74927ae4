"""All that touches the disk: atomic writes, arrays, tables, archives, locks, unfinished work."""

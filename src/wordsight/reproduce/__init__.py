"""The tables of the papers drawn again, ours beside theirs; one paper a file."""

"""Named public data sets, and Emoji World, which ships with the package."""

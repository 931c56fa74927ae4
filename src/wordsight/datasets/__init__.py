"""Named public data sets, the check of a user's own files, and Emoji World, which ships with the package."""

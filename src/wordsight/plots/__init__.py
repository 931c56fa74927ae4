"""Every picture that the library draws, in one look."""

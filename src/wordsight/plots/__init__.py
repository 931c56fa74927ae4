"""The library's plots and contact sheets, in one style."""

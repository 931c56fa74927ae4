"""Reproductions of the papers' tables, our figures beside theirs; one folder for each paper."""

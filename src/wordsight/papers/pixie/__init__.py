"""PIXIE's tables: word similarity, controls, hidden words."""

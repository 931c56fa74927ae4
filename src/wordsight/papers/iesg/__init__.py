"""IESG's tables: matching words and images, similarity, errors."""

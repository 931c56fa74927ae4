"""ImageVec's tables: translation from pictures."""

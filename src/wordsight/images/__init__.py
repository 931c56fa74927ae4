"""Images: encoders, extraction, feature matrices on disk, and transforms of features."""

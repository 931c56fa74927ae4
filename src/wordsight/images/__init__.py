"""Pictures: encoders, feature matrices on disk, and transforms of features."""

"""WIELD's tables: captions and images, with and without sight."""

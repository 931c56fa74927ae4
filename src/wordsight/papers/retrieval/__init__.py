"""PIXIE's retrieval: captions for images and images for captions."""

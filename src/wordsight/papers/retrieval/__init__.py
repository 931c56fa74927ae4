"""The retrieval table of PIXIE: captions for images, and images for captions."""

"""Which image belongs to which word (VisualLexicon) or caption (ImageCaptions)."""

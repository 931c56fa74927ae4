"""Text: tokenizers, readers, vocabularies, corpora encoded on disk, parallel text."""

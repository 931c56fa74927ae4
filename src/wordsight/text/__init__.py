"""Words: tokenizers, vocabularies, and corpora encoded on disk."""

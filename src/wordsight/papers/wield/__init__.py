"""The tables of WIELD: captions, with and without images."""

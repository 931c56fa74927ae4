"""The tables of ImageVec: translation by images."""

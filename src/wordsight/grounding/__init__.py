"""Links from images to words (VisualLexicon), captions (ImageCaptions) and queries (QueryPairs)."""

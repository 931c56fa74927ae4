"""Which image belongs to which word (VisualLexicon), caption (ImageCaptions) or query (QueryPairs)."""

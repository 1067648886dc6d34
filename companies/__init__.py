"""Companies and their domains."""

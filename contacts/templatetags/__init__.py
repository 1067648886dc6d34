"""Template tags of the contacts app."""

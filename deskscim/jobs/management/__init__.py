"""Django management of the jobs app."""

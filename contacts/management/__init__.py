"""Django management of the contacts app."""

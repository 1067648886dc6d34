"""Contacts from a file: reading it, understanding its headings, judging its rows, and carrying it out."""

"""Contacts and everything that is theirs."""

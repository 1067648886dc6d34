"""The pages of contacts and tickets, a file for each."""

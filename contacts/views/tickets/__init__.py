"""The pages of tickets, a file for each."""

"""The pages of companies that show or move contacts, a file for each."""

"""The pages of companies that need nobody's contacts, a file for each."""

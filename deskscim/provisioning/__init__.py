"""What Entra ID pushes: connections, tokens, the log, and the SCIM plug-in."""

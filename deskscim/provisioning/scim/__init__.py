"""The SCIM 2.0 endpoint that Entra ID pushes to (RFC 7643, RFC 7644)."""

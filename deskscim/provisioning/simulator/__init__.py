"""A simulated Microsoft Entra ID: a directory of people and the HTTP client that provisions them over SCIM.

It knows the server only by its Tenant URL and token, so it can be pointed at any SCIM service provider.
"""

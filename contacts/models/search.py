"""What the search reads on PostgreSQL, beside the contact instead of in it."""

from django.db import models

from .contact import Contact


class SearchText(models.Model):
    """All the words of a contact in one text, under one trigram index (PostgreSQL only).

    Triggers keep it (migration search_text), whoever writes a contact, an address or the name of a company,
    so no write takes a statement more. In a table of its own, since an index on what the text is made of
    would end updates in place (HOT) of the contact. SQLite leaves it empty and has contacts.words instead.
    """

    contact = models.OneToOneField(Contact, models.CASCADE, primary_key=True, related_name="search_text")
    text = models.TextField()
    custom_fields = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.contact_id)

"""Words on pages of the admin that others wrote in English: Django's names of our tables, and unfold's."""

"""A mailbox for development: a real SMTP server on loopback that keeps every mail and shows it on a page.

It imports nothing of the product and sends nothing on. `script/server` starts it where EMAIL_URL is not set.
"""

"""`{% page_url "privacy" %}`: the path of a page of another app, by its role."""

from django import template

from web.page_urls import page_url

register = template.Library()
register.simple_tag(page_url)

"""What sessions are called on pages about places."""

from django import template

from registrations import names

register = template.Library()

register.filter("short_name", names.short_name)
register.filter("full_name", names.full_name)
register.filter("session_address", names.address)
register.filter("session_when", names.when)

"""Where pages find what they are made of."""

from django import template

from dibt.lib.styles import styles

register = template.Library()


@register.simple_tag
def stylesheet_url() -> str:
    """The address of all style sheets as one file."""
    return styles().url

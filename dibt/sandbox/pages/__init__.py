"""The few pages for people, so that links from the site lead somewhere real."""

"""Data is Better Together: the platform communities use to build the datasets open source lacks."""

"""Repositories: models, datasets and Spaces as things with a name, an owner, a visibility and refs."""

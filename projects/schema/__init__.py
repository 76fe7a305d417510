"""One task schema, several readers: pure Python, no models, no network.

The definition (`definition`, `fields`, `questions`, `show_if`) is checked by `validity`, answers to it by `answers`,
records for it by `records`. It is read as the workspace's page (`form`), a release's columns (`columns`),
Argilla's settings (`argilla`) and a part of the dataset card (`card`); `changes` compares two of them and
`presets` has some to start from.
"""

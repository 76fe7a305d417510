"""Records from files: read as a stream (`files`), mapped to a task (`mapping`, `drafts`), checked (`checking`).

Pure Python below the domain: no models, no network. Nothing here changes anything but the file that the
refused rows are written to.
"""

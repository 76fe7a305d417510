"""A cap on what is uploaded that counts before it is stored: the rest of a file that is too large is not kept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class CappedUpload(FileUploadHandler):
    """Put it before the other handlers. What is beyond IMPORT_MAX_BYTES is read and dropped; the file then is
    missing from the request, and `exceeded` is true."""

    exceeded = False
    _received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002  as Django calls it
        self._received += len(raw_data)
        if self._received > settings.IMPORT_MAX_BYTES:
            self.exceeded = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler makes the file."""

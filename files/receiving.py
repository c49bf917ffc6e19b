"""Receive posted files in memory, up to a limit: nothing of them is written to a disk in plain text."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MEGABYTE = 1024 * 1024
FILES_AT_ONCE = 2  # of the largest size; what comes beyond is counted and not kept


class BoundedUploadHandler(FileUploadHandler):
    """Keeps what fits. A file that does not fit is handed on with its true size and without its content."""

    kept = 0  # bytes, of all files of the request

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > 10 * self.most:
            raise RequestDataTooBig("A request larger than any of our forms.")

    @property
    def most(self) -> int:
        return FILES_AT_ONCE * int(settings.UPLOADS_LARGEST_MB) * MEGABYTE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = BytesIO()
        self.is_whole = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.is_whole and self.kept + len(raw_data) > self.most:
            self.is_whole = False
            self.kept -= self.file.tell()
            self.file = BytesIO()
        if self.is_whole:
            self.file.write(raw_data)
            self.kept += len(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

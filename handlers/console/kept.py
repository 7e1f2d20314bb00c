"""Handing out a file that somebody sent."""

import io
from pathlib import Path

from flask import Response, send_file

from bot import kept_files

OPENED = frozenset(
    {
        *("image/jpeg", "image/png", "image/gif", "image/webp"),
        *("audio/mpeg", "audio/mp4", "audio/amr", "video/mp4"),
    }
)
"""What a browser may show by itself; it holds no script.  Anything else is only saved."""
UNKNOWN = "application/octet-stream"
SAFE = {
    # Whatever the bytes are taken for: no script, no form, no frame of ours around them.
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def shown(path: Path, content_type: str, *, save_as: str = "") -> Response:
    """Return the file as it was sent; with *save_as* it is saved under that name, never opened."""
    opened = not save_as and content_type in OPENED
    response = send_file(
        io.BytesIO(kept_files.read(path)),
        mimetype=content_type if opened or save_as else UNKNOWN,
        as_attachment=not opened,
        download_name=save_as or path.name,
    )
    response.headers.update(SAFE)
    return response

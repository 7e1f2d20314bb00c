"""Handing out a file that somebody sent."""

import io
from pathlib import Path

from flask import Response, send_file

from bot import kept_files


def shown(path: Path, content_type: str, *, save_as: str = "") -> Response:
    """Return the file as it was sent; with *save_as* it is saved under that name, never opened."""
    return send_file(
        io.BytesIO(kept_files.read(path)),
        mimetype=content_type,
        as_attachment=bool(save_as),
        download_name=save_as or path.name,
    )

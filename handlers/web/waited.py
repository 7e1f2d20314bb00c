"""How long a call has been waiting for us before we came to read it."""

import socket
import struct
from typing import Any

_INFO_BYTES = 104
_LAST_DATA_RECEIVED = 52
"""Where Linux keeps, in its tcp_info, the milliseconds since data came on a connection."""
_LONGEST_SECONDS = 60.0


def waited(environ: dict[str, Any]) -> float:
    """
    Return the seconds since the last byte of this call arrived; 0 where nobody can say.

    A call that comes while every thread is busy waits in the server's queue or in the
    kernel's, where no clock of ours runs; WeChat's five seconds do.
    """
    connection = environ.get("gunicorn.socket")
    if connection is None or not hasattr(socket, "TCP_INFO"):
        return 0.0
    try:
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
        (milliseconds,) = struct.unpack_from("I", info, _LAST_DATA_RECEIVED)
    except (OSError, struct.error):
        return 0.0
    return min(float(milliseconds) / 1000, _LONGEST_SECONDS)

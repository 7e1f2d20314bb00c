"""
Identity numbers are masked on every page; whoever needs one opens the printout, on record.

Whatever a page is made of, this looks at what it says at the end: a new template
cannot forget it.  What somebody is editing stays as it is, or saving it would
write the mask into the story.
"""

import re

from flask import Flask, Response, request

from bot.casefile.masking import identity_masked

PRINTED = frozenset({"file.print_out"})
"""It has a choice of its own, which is put on record."""
_APART = re.compile(r"(<(textarea|script|style)\b.*?</\2\s*>|<[^>]*>)", re.DOTALL | re.IGNORECASE)


def protect(app: Flask) -> None:
    """Mask identity numbers in every page and part of a page the app sends."""
    app.after_request(_masked)


def in_page(html: str) -> str:
    """Return the page with identity numbers masked in what is read, not in what is edited."""
    if identity_masked(html) == html:
        return html
    found, at = [], 0
    for apart in _APART.finditer(html):
        found += [identity_masked(html[at : apart.start()]), apart.group()]
        at = apart.end()
    return "".join([*found, identity_masked(html[at:])])


def _masked(response: Response) -> Response:
    if response.mimetype != "text/html" or response.is_streamed or request.endpoint in PRINTED:
        return response
    html = response.get_data(as_text=True)
    masked = in_page(html)
    if masked != html:
        response.set_data(masked)
    return response

"""
The staff console: another Flask app on another port than the public side.

How a page is made.  A module gives `make_blueprint()`, which names its routes;
the views are plain functions.  `access.py` says who may call which route, and a
route it does not name is refused.  Every view but the public ones runs with
somebody logged in and with one open database session: read-only for GET,
one transaction for POST, committed when the view answers below 400 and undone
otherwise.  A view asks `db()` for the session, `me()` for the person and
`tools()` for the clock, the settings and the knowledge search, calls a service
in `bot/`, and lets its errors rise: `problems.py` turns them into pages.
"""

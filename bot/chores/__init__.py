"""Work that is not a message: files, conversions, reports, backups, training.

The table is the truth.  The queue carries numbers only, so that whatever is
lost in it, or with a host, is found in the table and handed out again.
"""

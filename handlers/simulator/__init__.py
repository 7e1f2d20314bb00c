"""
A WeChat platform on this machine, for trying the service and for its tests.

It plays both sides over real HTTP.  As the platform it signs, encrypts and
POSTs what residents do to our callback, waits five seconds, tries three times
with one MsgId, and shows the grey line when that fails.  As api.weixin.qq.com
it serves tokens, messages, media, menus, QR codes and user data, with the
quota ledger and the platform's error codes.

Two clocks.  The callback refuses a push whose timestamp is ten minutes off, so
the `timestamp` in the address and CreateTime are always real time.  The clock
that can be moved is the platform's own ledger: quota windows, token and media
expiry, typing, consent, and the grey time lines in the chat.

Nothing here is used by the service itself, and a production configuration
cannot start it.  The envelope in `crypto.py` shares no code with the service,
so that each checks the other.
"""

"""The gateway process: the only way out of every sandbox.

Each deployment has a unix socket of its own (`Settings.outside`), mounted in its sandbox alone: who asks is known by
the socket that was asked, never by a word of the request. The event loop does the talking, threads the database.
"""

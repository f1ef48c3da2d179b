"""Journeys: what a user of the backend does, over real sockets, with clients that know nothing of this server."""

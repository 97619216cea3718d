"""Real BGP daemons on loopback, unprivileged: each is configured with peers and routes, and started."""

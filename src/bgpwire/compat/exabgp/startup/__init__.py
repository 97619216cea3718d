"""A directory for PYTHONPATH: its ``sitecustomize`` waits for ExaBGP in child processes."""

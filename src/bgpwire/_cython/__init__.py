"""The compiled kernels: twins, by file and name, of those in ``_python``."""

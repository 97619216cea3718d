"""The kernels in pure Python: twins, by file and name, of those in ``_cython``."""

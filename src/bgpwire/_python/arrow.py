"""The structures of Arrow's C data and stream interfaces, handed out in capsules.

https://arrow.apache.org/docs/format/CDataInterface.html, CStreamInterface.html and PyCapsuleInterface.html. Here they
are made by ctypes. Whoever moves a structure out of its capsule frees it by its ``release``, from any thread; a capsule
that nobody took frees what is in it.
"""

from __future__ import annotations

import ctypes
from itertools import count
from typing import TYPE_CHECKING, Any

from bgpwire.columns.kinds import LAYOUTS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bgpwire._python.batch import Batch
    from bgpwire._python.rows import Values
    from bgpwire.columns.kinds import Layout

__all__ = ["schema_capsule", "stream_capsule"]

_NULLABLE = 2
_FAILED = 5
"""EIO."""

_KEPT: dict[int, Any] = {}
"""What each structure that is out refers to, until it is released."""
_KEYS = count(1)

_Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_take_exception = ctypes.PYFUNCTYPE(ctypes.c_void_p)(("PyErr_GetRaisedException", ctypes.pythonapi))


class _Schema(ctypes.Structure):
    _fields_ = (
        ("format", ctypes.c_char_p),
        ("name", ctypes.c_char_p),
        ("metadata", ctypes.c_char_p),
        ("flags", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", _Release),
        ("private_data", ctypes.c_void_p),
    )


class _Array(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.c_void_p),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", _Release),
        ("private_data", ctypes.c_void_p),
    )


_Fill = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_Say = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)


class _Stream(ctypes.Structure):
    _fields_ = (
        ("get_schema", _Fill),
        ("get_next", _Fill),
        ("get_last_error", _Say),
        ("release", _Release),
        ("private_data", ctypes.c_void_p),
    )


def schema_capsule(names: Sequence[str], kinds: Sequence[int]) -> Any:
    """A capsule ``arrow_schema``: a structure of columns of these names and kinds."""
    return _capsule(_schema(names, kinds), b"arrow_schema")


def array_capsule(length: int, columns: Sequence[Values]) -> Any:
    """A capsule ``arrow_array``: a structure of ``length`` rows whose children are ``columns``."""
    return _capsule(_array_with(length, 0, (None,), [_array_of(column) for column in columns], None), b"arrow_array")


def stream_capsule(names: Sequence[str], kinds: Sequence[int], batches: Iterator[Batch]) -> Any:
    """A capsule ``arrow_array_stream`` of ``batches``, each made when it is asked for.

    What they raise is an error of the stream, with its text. Their ``close()``, if they have one, is called when
    the stream is released.
    """
    stream = _Stream(_GIVE_SCHEMA, _GIVE_NEXT, _LAST_ERROR, _RELEASE_STREAM)
    stream.private_data = _keep(_Source(names, kinds, batches))
    return _capsule(stream, b"arrow_array_stream")


class _Source:
    """What a stream gives, and what it said last."""

    __slots__ = ("batches", "kinds", "names", "said")

    def __init__(self, names: Sequence[str], kinds: Sequence[int], batches: Iterator[Batch]) -> None:
        self.names = names
        self.kinds = kinds
        self.batches = batches
        self.said = b""

    def schema(self, place: int) -> None:
        _move(_schema(self.names, self.kinds), place)

    def next(self, place: int) -> None:
        batch = next(self.batches, None)
        if batch is None:
            ctypes.memset(place, 0, ctypes.sizeof(_Array))  # an array that is released already: the end
            return
        capsule = batch.capsule()
        found = _pointer_in(capsule, b"arrow_array")
        ctypes.memmove(place, found, ctypes.sizeof(_Array))
        _Array.from_address(found).release = _Release()


def _source(stream: int) -> _Source:
    source: _Source = _KEPT[_Stream.from_address(stream).private_data]
    return source


def _asked(stream: int, give: Callable[[_Source, int], None], place: int) -> int:
    source = _source(stream)
    try:
        give(source, place)
    except BaseException as error:
        source.said = f"{type(error).__name__}: {error}".encode("utf-8", "replace").replace(b"\0", b"")
        return _FAILED
    return 0


def _last_error(stream: int) -> int | None:
    said = _source(stream).said
    return ctypes.cast(ctypes.c_char_p(said), ctypes.c_void_p).value if said else None


def _release_stream(stream: int) -> None:
    """What ``release`` of a stream does.

    A consumer that fails lets its stream go while its exception is under way, with which no line of Python can run, and
    which does not survive a call from C: it is set aside, and named on standard error by ctypes.
    """
    pending = _take_exception()
    closing = getattr(_source(stream).batches, "close", None)
    _release(_Stream, stream)
    if closing is not None:
        closing()
    if pending:
        error = ctypes.cast(pending, ctypes.py_object).value
        ctypes.pythonapi.Py_DecRef(ctypes.c_void_p(pending))
        raise error


_GIVE_SCHEMA = _Fill(lambda stream, place: _asked(stream, _Source.schema, place))
_GIVE_NEXT = _Fill(lambda stream, place: _asked(stream, _Source.next, place))
_LAST_ERROR = _Say(_last_error)
_RELEASE_STREAM = _Release(_release_stream)


def _keep(what: Any) -> int:
    key = next(_KEYS)
    _KEPT[key] = what
    return key


def _schema(names: Sequence[str], kinds: Sequence[int]) -> _Schema:
    columns = zip(names, (LAYOUTS[Kind(kind)] for kind in kinds), strict=True)
    return _schema_of(b"+s", "", [_schema_of_layout(name, layout) for name, layout in columns], None, 0)


def _schema_of_layout(name: str, layout: Layout) -> _Schema:
    inside = [_schema_of_layout(*child) for child in layout.children]
    return _schema_of(layout.format, name, inside, LAYOUTS[Kind.TEXT] if layout.names else None, _NULLABLE)


def _schema_of(format: bytes, name: str, children: list[_Schema], names: Layout | None, flags: int) -> _Schema:
    schema = _Schema(format, name.encode(), None, flags)
    dictionary = None if names is None else _schema_of_layout("", names)
    _tie(schema, children, dictionary, (format, schema.name))
    schema.release = _RELEASE_SCHEMA
    return schema


def _array_of(values: Values) -> _Array:
    inside = [_array_of(child) for child in values.children]
    names = None if values.names is None else _array_of(values.names)
    return _array_with(values.length, values.nulls, values.buffers, inside, names)


def _array_with(
    length: int, nulls: int, buffers: Sequence[Any], children: list[_Array], dictionary: _Array | None
) -> _Array:
    places = (ctypes.c_void_p * len(buffers))()
    for index, buffer in enumerate(buffers):
        if buffer is not None:
            places[index] = _address(buffer)
    array = _Array(length, nulls, 0, len(buffers))
    array.buffers = ctypes.addressof(places)
    _tie(array, children, dictionary, (places, buffers))
    array.release = _RELEASE_ARRAY
    return array


def _address(buffer: Any) -> int:
    """Where the octets of ``bytes`` or of an array stand; both stay where they are while they are kept."""
    if isinstance(buffer, bytes):
        found = ctypes.cast(ctypes.c_char_p(buffer), ctypes.c_void_p).value
        assert found is not None
        return found
    address: int = buffer.buffer_info()[0]
    return address


def _tie(structure: Any, children: list[Any], dictionary: Any, kept: Any) -> None:
    """Fill in what stands inside, and keep all that the structure points at."""
    pointers = (ctypes.c_void_p * len(children))(*(ctypes.addressof(child) for child in children))
    structure.n_children = len(children)
    structure.children = ctypes.addressof(pointers) if children else None
    structure.dictionary = None if dictionary is None else ctypes.addressof(dictionary)
    structure.private_data = _keep((kept, children, dictionary, pointers))


def _move(structure: Any, place: int) -> None:
    """Copy a structure to where a consumer wants it; what it refers to goes with it."""
    ctypes.memmove(place, ctypes.addressof(structure), ctypes.sizeof(structure))


def _release(kind: Any, address: int) -> None:
    """What ``release`` of each structure does: let go what it refers to, and mark it as released."""
    structure = kind.from_address(address)
    kept = _KEPT.pop(structure.private_data or 0, None)
    if kept is not None and kind is not _Stream:
        _, children, dictionary, _ = kept
        for inside in children if dictionary is None else (*children, dictionary):
            if inside.release:  # a child that was moved away is marked as released
                inside.release(ctypes.addressof(inside))
    structure.release = _Release()


_RELEASE_SCHEMA = _Release(lambda address: _release(_Schema, address))
_RELEASE_ARRAY = _Release(lambda address: _release(_Array, address))

_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype = ctypes.c_void_p
_pointer.argtypes = (ctypes.c_void_p, ctypes.c_char_p)
_pointer_in = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)
_name = ctypes.pythonapi.PyCapsule_GetName
_name.restype = ctypes.c_char_p
_name.argtypes = (ctypes.c_void_p,)


def _capsule(structure: Any, name: bytes) -> Any:
    key = ctypes.addressof(structure)
    _KEPT[-key] = structure, name
    return _new_capsule(key, name, ctypes.cast(_FREE, ctypes.c_void_p))


def _free(capsule: int) -> None:
    """The destructor of a capsule; it gets the address of an object that is no more to be referred to."""
    address = _pointer(capsule, _name(capsule))
    structure, _ = _KEPT.pop(-address)
    if structure.release:
        structure.release(address)


_FREE = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(_free)

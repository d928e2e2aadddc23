"""libtdxpamt from Python: how a Linux host gives memory to Intel's TDX module.

One file without dependencies: copy it beside your program. It loads the library from TDXPAMT_LIBRARY, or by its name.

    >>> import tdxpamt
    >>> plan = tdxpamt.plan(open("boot.log", "rb").read(), name="boot.log")
    >>> plan["status"], plan["pamtKiB"]
    ('constructed', 1050636)

Each function takes what the command of its name takes (a boot log, /proc/iomem, a collected machine or a host document,
as bytes, str or a dict) and returns the document that it prints with --format json, as a dict. Options are the command's:
tdxpamt.plan(log, kernel="cmr-holes", maxReservedAreas=17). Input that cannot be read raises tdxpamt.Error with the line
that the command would print. Safe for many threads.
"""
import ctypes
import json
import os

__all__ = ["Error", "check", "compare", "cost", "doctor", "plan", "simulate", "version"]


class Error(ValueError):
    """An input or an option that cannot be read; its text is one line that names it and says why."""


def _load():
    library = ctypes.CDLL(os.environ.get("TDXPAMT_LIBRARY", "libtdxpamt.so"))
    for name in ("plan", "check", "compare", "simulate", "cost", "doctor"):
        function = getattr(library, "tdxpamt_" + name)
        function.restype = ctypes.c_int
        function.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_char_p,
                             ctypes.POINTER(ctypes.c_uint64)]
    library.tdxpamt_text_read.restype = ctypes.c_int
    library.tdxpamt_text_read.argtypes = [ctypes.c_uint64, ctypes.POINTER(ctypes.c_void_p),
                                          ctypes.POINTER(ctypes.c_size_t)]
    library.tdxpamt_text_free.restype = ctypes.c_int
    library.tdxpamt_text_free.argtypes = [ctypes.c_uint64]
    for name in ("version", "last_error"):
        getattr(library, "tdxpamt_" + name).restype = ctypes.c_char_p
    return library


_library = _load()


def version():
    """The library's version."""
    return _library.tdxpamt_version().decode()


def _answer(command, source, name, options):
    if isinstance(source, dict):
        source = json.dumps(source)
    if isinstance(source, str):
        source = source.encode()
    text = ctypes.c_uint64()
    result = getattr(_library, "tdxpamt_" + command)(
        source, len(source), name.encode(), json.dumps(options).encode(), ctypes.byref(text))
    if result not in (0, 1):
        raise Error(_library.tdxpamt_last_error().decode())
    try:
        data, length = ctypes.c_void_p(), ctypes.c_size_t()
        _library.tdxpamt_text_read(text, ctypes.byref(data), ctypes.byref(length))
        return json.loads(ctypes.string_at(data, length.value))
    finally:
        _library.tdxpamt_text_free(text)


def plan(source, name="input", **options):
    """The TDMRs, PAMTs and reserved areas of a host; options kernel, strategy, dynamicPamt, maxTdmrs, maxReservedAreas."""
    return _answer("plan", source, name, options)


def check(source, name="input", **options):
    """What the TDX module says of a plan; options moduleRelease, physicalAddressBits, dynamicPamt, maxTdmrs,
    maxReservedAreas."""
    return _answer("check", source, name, options)


def compare(source, name="input", **options):
    """Every kernel and every strategy on a host; options headroom, dynamicPamt, maxTdmrs, maxReservedAreas."""
    return _answer("compare", source, name, options)


def simulate(source, name="input", **options):
    """How likely PAMTs still find room; options unmovable, runLength, trials, seed, allocator, kernel, and those of plan."""
    return _answer("simulate", source, name, options)


def cost(source, name="input", **options):
    """What TDX costs a host in memory; options private4K, kernel, dynamicPamt, maxTdmrs, maxReservedAreas."""
    return _answer("cost", source, name, options)


def doctor(source, name="input", **options):
    """The checks of a machine, in the order in which TDX starts."""
    return _answer("doctor", source, name, options)

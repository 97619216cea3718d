"""Functions of SQL that DuckDB lacks and questions about routes need, as macros of SQL: no call of Python in a query.

Addresses are text that sorts as they do: the version, and all their hexadecimal digits.
"""

from __future__ import annotations

__all__ = ["MACROS"]

# A macro is written out wherever it stands, its arguments wherever they are used. What is used more than once is
# therefore the argument of a lambda function, which is worked out once: planning takes a tenth of the time.

_DIGITS = "'0123456789ABCDEF'"

# Of IPv6: each group padded to four digits.
_PADDED = (
    "regexp_replace(regexp_replace({0}, '([0-9a-fA-F]+)', '000\\1', 'g'),"
    " '[0-9a-fA-F]*([0-9a-fA-F]{{4}})(:|$)', '\\1', 'g')"
)

MACROS = (
    # The groups left of `::` and those right of it, zeros between.
    f"""
    create macro _digits6(a) as list_transform(
        [{{'l': {_PADDED.format("split_part(a, '::', 1)")}, 'r': {_PADDED.format("split_part(a, '::', 2)")}}}],
        lambda h: upper(h.l || repeat('0', 32 - length(h.l) - length(h.r)) || h.r)
    )[1]
    """,
    # All digits of an address; null for what is none.
    """
    create macro _digits(address) as list_transform([address], lambda a: case
        when regexp_full_match(a, '[0-9]{1,3}(\\.[0-9]{1,3}){3}') then list_transform([string_split(a, '.')],
            lambda p: printf('%02X%02X%02X%02X', p[1]::int, p[2]::int, p[3]::int, p[4]::int))[1]
        when regexp_full_match(a, '[0-9a-fA-F:]*:[0-9a-fA-F:]*') then _digits6(a)
    end)[1]
    """,
    # The first n bits of the digits d as they are, the others all zeros (fill '0') or ones (fill 'F').
    f"""
    create macro _filled(d, n, fill) as left(d, n // 4)
        || case when n % 4 = 0 then '' else list_transform(
            [strpos({_DIGITS}, substr(d, n // 4 + 1, 1)) - 1],
            lambda v: substr({_DIGITS}, 1 + case fill when '0' then (v >> (4 - n % 4)) << (4 - n % 4)
                else v | ((1 << (4 - n % 4)) - 1) end, 1)
        )[1] end
        || repeat(fill, length(d) - (n + 3) // 4)
    """,
    """
    create macro _end(prefix, fill) as list_transform(
        [{
            'd': _digits(split_part(prefix, '/', 1)),
            'n': case when contains(prefix, '/') then split_part(prefix, '/', 2)::int
                when contains(prefix, ':') then 128 else 32 end
        }],
        lambda p: case when length(p.d) = 8 then '4' else '6' end || _filled(p.d, p.n, fill)
    )[1]
    """,
    "create macro first_address(prefix) as _end(prefix, '0')",
    "create macro last_address(prefix) as _end(prefix, 'F')",
    """
    create macro covers(outer_prefix, inner_prefix) as
        first_address(outer_prefix) <= first_address(inner_prefix)
        and last_address(outer_prefix) >= last_address(inner_prefix)
    """,
)
"""Statements that make them, in this order."""

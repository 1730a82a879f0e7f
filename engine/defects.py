"""What a broken invariant raises: caught only where it must not become everybody's trouble."""

import msgspec

DEFECTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    msgspec.MsgspecError,
)

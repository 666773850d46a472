"""A visit log carried home as letters and figures: lines that are typed without a mistake, or say where it is."""

from casework.domain.errors import CaseworkError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which are read for others. Those who type I, L or O mean 1, 1 and 0."""

DATA, CHECKS, GROUP = 18, 2, 4
LINE = DATA + CHECKS
MOST_SIGNS = 40_000
_MEANT = str.maketrans("ILO", "110")
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
_PRIME, _TIMES = 1021, 31


def write(content: bytes) -> str:
    """The bytes as lines of five groups of four signs; the last two signs of each line prove that line."""
    number, bits = int.from_bytes(content, "big"), 8 * len(content)
    over = -bits % 5
    number <<= over
    signs = "".join(ALPHABET[number >> at & 31] for at in range(bits + over - 5, -1, -5))
    pieces = (signs[at : at + DATA] for at in range(0, len(signs), DATA))
    return "\n".join(_in_groups(piece + _proof(row, piece)) for row, piece in enumerate(pieces, 1))


def read(typed: str) -> bytes:
    """The bytes of such lines. Raises CaseworkError that names the line with the mistake."""
    if len(typed) > MOST_SIGNS:
        raise CaseworkError(
            "This is too long for a visit log. Choose the file, or type the code alone.", field="code"
        )
    lines = [found for line in typed.splitlines() if (found := _tidy(line))]
    if not lines:
        raise CaseworkError("Choose the file with the visit log, or type its code.", field="code")
    if len(lines) == 1:  # pasted from where line ends were lost
        lines = [lines[0][at : at + LINE] for at in range(0, len(lines[0]), LINE)]
    signs = "".join(_checked(row, line, is_last=row == len(lines)) for row, line in enumerate(lines, 1))
    number = 0
    for sign in signs:
        number = number << 5 | _VALUES[sign]
    bits = 5 * len(signs)
    return (number >> bits % 8).to_bytes(bits // 8, "big")


def _tidy(line: str) -> str:
    plain = "".join(sign for sign in line if not sign.isspace() and sign not in "-‐‑–.")
    return plain.upper().translate(_MEANT)


def _checked(row: int, line: str, *, is_last: bool) -> str:
    piece, proof = line[:-CHECKS], line[-CHECKS:]
    known = all(sign in _VALUES for sign in line)
    whole = len(line) == LINE or (is_last and CHECKS < len(line) < LINE)
    if not (known and whole and _proof(row, piece) == proof):
        raise CaseworkError(
            f"There is a mistake in line {row}, or a line before it is missing. Look at it again: each line has five "
            "groups of four, the last line may be shorter.",
            field="code",
        )
    return piece


def _proof(row: int, piece: str) -> str:
    """Two signs by which one wrong sign, two that changed places, and a line in another's place are noticed."""
    found = row % _PRIME
    for sign in piece:
        found = (found * _TIMES + _VALUES[sign] + 1) % _PRIME
    return ALPHABET[found >> 5] + ALPHABET[found & 31]


def _in_groups(line: str) -> str:
    return " ".join(line[at : at + GROUP] for at in range(0, len(line), GROUP))

"""Templates that were made into code stay made, those of letters and of pages, for every application of this process.

Else they would be made anew for each set of letters, and after a door was locked and opened again. Nothing of it is
written to the disk, where somebody could change it.
"""

from collections import OrderedDict
from threading import Lock
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

MOST = 512  # a group may write words without end; the oldest are forgotten


class Compiled(BytecodeCache):
    """What the same words became, for environments that are all alike: the code follows from both."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, str], CodeType] = OrderedDict()
        self._lock = Lock()

    def load_bytecode(self, bucket: Bucket) -> None:
        with self._lock:
            key = (bucket.key, bucket.checksum)
            if key in self._made:
                self._made.move_to_end(key)
                bucket.code = self._made[key]

    def dump_bytecode(self, bucket: Bucket) -> None:
        with self._lock:
            if bucket.code is not None:
                self._made[bucket.key, bucket.checksum] = bucket.code
            while len(self._made) > MOST:
                self._made.popitem(last=False)

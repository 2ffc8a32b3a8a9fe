"""Which requests are captured."""

from __future__ import annotations

from hashlib import blake2b


class Sampler:
    """Keeps a share of the requests, the same ones wherever their ids are the same.

    A kept request stands for ``weight`` requests, one over the share.
    """

    def __init__(self, share: float = 1.0) -> None:
        if not 0 < share <= 1:
            raise ValueError(f"the share of requests must be above 0, at most 1, found {share}")
        self.share = share
        self.weight = 1.0 / share
        self._below = int(share * 2**64)

    def keeps(self, id: str) -> bool:
        """Whether the request of this id is captured."""
        if self.share == 1.0:
            return True
        digest = blake2b(id.encode("utf-8", "replace"), digest_size=8).digest()
        return int.from_bytes(digest, "little") < self._below

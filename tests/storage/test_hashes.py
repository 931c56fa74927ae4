import numpy as np

from wordsight.storage.hashes import fingerprint


def test_fingerprints_tell_things_apart() -> None:
    array = np.arange(6)
    things = [
        ("a",),
        ("b",),
        ("a", "b"),
        ("ab",),
        (array,),
        (array.reshape(2, 3),),
        (array.astype(np.int32),),
        (array[::-1],),
    ]
    assert len({fingerprint(*parts) for parts in things}) == len(things)
    assert fingerprint("a", array) == fingerprint(b"a", array.copy())
    assert fingerprint(array.reshape(2, 3).T) == fingerprint(np.ascontiguousarray(array.reshape(2, 3).T))
    assert len(fingerprint("a")) == 16

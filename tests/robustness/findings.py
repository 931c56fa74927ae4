"""Files that a fuzzer found to end in something other than a result or an error of one line, by reader."""

from __future__ import annotations


def npy(header: bytes) -> bytes:
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(48)


FINDINGS: list[tuple[str, bytes]] = [
    # NumPy reads headers of old Pythons with Python's own tokenizer, which has its own errors and warnings.
    ("npy", npy(b"{'descr': '<: '<f4'(" + b"(\n")),
    ("npy", npy(b"\0: '<f4', 'fortran_order': False, 'shape': (4, 3), }\n")),
    ("npy", npy(b"{'descr': '<f4', 'fortran_order': \t'*\n\x0e\x83{'shape': (4, 3), }\n")),
    ("npy", npy(b"{'descr': '<f4', 'fortran_order': False, 'shape': (4L, 3L), }\n")),
    ("npy", npy(b"{'descr': '<f4', 'fortran_order': False, 'shape': (" + b"(" * 3000 + b"\n")),
    # What the readers' review found before the fuzzer ran.
    ("lexicon table", b"word,image\ngoose\rduck,1.png\n"),
    ("lexicon table", b"word,image\n" + b"x" * (1 << 24) + b"x,1.png\n"),
    ("coco", b"[" * 100_000),
    ("coco", b'{"images": ' + b"9" * 5000 + b"}"),
    ("config", b'{"kind": "vectors", "format_version": "1"}'),
    ("recipe", b"a = " + b"[" * 100_000),
    ("captions table", b"image\tcaption\n1.png\t\xed\xa0\x80\n"),
]

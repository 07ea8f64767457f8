"""Verify a file of a release without Lumbung: python verify_release.py FILE releases.pub (pip install cryptography)."""

import sys
from base64 import b64decode
from hashlib import blake2b
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

file, key = Path(sys.argv[1]), Path(sys.argv[2])
public = b64decode(key.read_text().splitlines()[1])
_untrusted, first, trusted, second = Path(f"{file}.minisig").read_text().splitlines()
signature, comment = b64decode(first), trusted.removeprefix("trusted comment: ")
if signature[:10] != b"ED" + public[2:10]:
    sys.exit("signed by another key")
signer = Ed25519PublicKey.from_public_bytes(public[10:])
signer.verify(signature[10:], blake2b(file.read_bytes()).digest())
signer.verify(b64decode(second), signature[10:] + comment.encode())
print("good:", comment)

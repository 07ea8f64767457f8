"""A passkey in software, as a browser and its device answer together: enough to try what is taken and what is not."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

USER_PRESENT, USER_VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """``verifies``: it asks for the finger or the PIN. ``counts`` by one each time it signs."""

    origin: str = "http://localhost:8000"
    rp_id: str = "localhost"
    verifies: bool = True
    counter: int = 0
    identity: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict) -> str:
        data = self._data(HAS_KEY) + bytes(16) + len(self.identity).to_bytes(2, "big") + self.identity + self._cose()
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = {"attestationObject": bytes_to_base64url(made), "transports": ["internal"]}
        return self._answer(said | {"clientDataJSON": self._client("webauthn.create", options)})

    def get(self, options: dict) -> str:
        self.counter += 1
        client, data = self._client("webauthn.get", options), self._data()
        signed = data + hashlib.sha256(base64url_to_bytes(client)).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        said = {"authenticatorData": bytes_to_base64url(data), "signature": bytes_to_base64url(signature)}
        return self._answer(said | {"clientDataJSON": client})

    def _data(self, more: int = 0) -> bytes:
        flags = USER_PRESENT | (USER_VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, options: dict) -> str:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return bytes_to_base64url(json.dumps(said).encode())

    def _cose(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = (part.to_bytes(32, "big") for part in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _answer(self, response: dict) -> str:
        name = bytes_to_base64url(self.identity)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

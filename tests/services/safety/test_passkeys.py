"""A passkey counts once a question, at its own address, for its owner, and alone only if its holder was checked."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Role
from casework.services.safety import passkeys
from casework.services.safety.passkeys import Place
from tests.factories import make_user, signed_in

PLACE = Place("localhost", "http://localhost")
PRESENT, VERIFIED, MADE = 0x01, 0x04, 0x40


def text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


class Device:
    """A phone with one passkey in it."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.uses = b"invented-credential", 0

    def answer(
        self, kind: str, challenge: bytes, origin: str = PLACE.origin, flags: int = PRESENT | VERIFIED
    ) -> str:
        told = json.dumps(
            {"type": f"webauthn.{kind}", "challenge": text(challenge), "origin": origin}
        ).encode()
        self.uses += 1
        head = sha256(b"localhost").digest()
        if kind == "create":
            point = self.key.public_key().public_numbers()
            public = cbor2.dumps(
                {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
            )
            made = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
            data = head + bytes([flags | MADE]) + self.uses.to_bytes(4, "big") + made
            response = {
                "attestationObject": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}))
            }
        else:
            data = head + bytes([flags]) + self.uses.to_bytes(4, "big")
            signature = self.key.sign(data + sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
            response = {"authenticatorData": text(data), "signature": text(signature), "userHandle": None}
        credential = {"id": text(self.id), "rawId": text(self.id), "type": "public-key"}
        return json.dumps({**credential, "response": {**response, "clientDataJSON": text(told)}})


@pytest.fixture
def ada(app):
    user = make_user(Role.VOLUNTEER, "Ada Mensah")
    signed_in(user)
    return user


@pytest.fixture
def phone(ada):
    """Ada's phone, with her passkey."""
    device, asked = Device(), passkeys.question_for_new(ada, PLACE)
    assert (
        len(
            passkeys.add(ada, PLACE, asked.challenge, device.answer("create", asked.challenge), "phone") or ()
        )
        == 10
    )
    return device


def ask(user=None) -> bytes:
    return passkeys.question_for_sign_in(user, PLACE).challenge


def test_its_owner_gets_in_by_it_alone_and_after_the_password(ada, phone):
    for user in (None, ada):
        challenge = ask(user)
        assert passkeys.owner_of(PLACE, challenge, phone.answer("get", challenge), user) is ada


def test_an_answer_that_was_overheard_works_no_second_time(ada, phone):
    challenge = ask()
    answer = phone.answer("get", challenge)
    passkeys.owner_of(PLACE, challenge, answer, None)
    for again in (challenge, ask(), b""):
        with pytest.raises(CaseworkError, match="does not fit"):
            passkeys.owner_of(PLACE, again, answer, None)


def test_without_a_finger_or_a_pin_it_is_no_more_than_a_second_factor(ada, phone):
    challenge = ask()
    with pytest.raises(CaseworkError, match="does not fit"):
        passkeys.owner_of(PLACE, challenge, phone.answer("get", challenge, flags=PRESENT), None)
    challenge = ask(ada)
    assert passkeys.owner_of(PLACE, challenge, phone.answer("get", challenge, flags=PRESENT), ada) is ada


def test_a_false_page_another_person_and_a_copied_key_get_nobody_in(ada, phone, organiser):
    challenge = ask()
    with pytest.raises(CaseworkError, match="does not fit"):
        passkeys.owner_of(
            PLACE, challenge, phone.answer("get", challenge, "http://localhost.example.org"), None
        )
    challenge = ask(organiser)
    with pytest.raises(CaseworkError, match="does not fit"):
        passkeys.owner_of(PLACE, challenge, phone.answer("get", challenge), organiser)
    challenge, phone.uses = ask(), 0
    with pytest.raises(CaseworkError, match="does not fit"):
        passkeys.owner_of(PLACE, challenge, phone.answer("get", challenge), None)
    ada.active = False
    challenge, phone.uses = ask(), 50
    with pytest.raises(CaseworkError, match="does not fit"):
        passkeys.owner_of(PLACE, challenge, phone.answer("get", challenge), None)


@pytest.mark.parametrize("answer", ["", "x", "{}", "[]", '{"id": 5}', "null"])
def test_what_is_no_answer_is_refused_in_words(app, answer):
    with pytest.raises(CaseworkError, match="does not fit"):
        passkeys.owner_of(PLACE, ask(), answer, None)

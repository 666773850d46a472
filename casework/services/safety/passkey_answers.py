"""What a browser is asked for a passkey and what it answers, by the library that knows the standard (WebAuthn).

The library takes a moment to load: `services/safety/passkeys.py` loads this when the first passkey is asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

REQUIRED, PREFERRED = UserVerificationRequirement.REQUIRED, UserVerificationRequirement.PREFERRED


class NoPasskey(Exception):
    """What came is no passkey, or not one that fits."""


@dataclass(frozen=True)
class Made:
    """A new passkey: its id, its public half, and how often it was used."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def ask_for_new(site: str, name: str, sign_in_name: str, handle: bytes, have: Iterable[bytes]) -> Any:
    """What to ask a browser that is to make a passkey; none that somebody has already."""
    return webauthn.generate_registration_options(
        rp_id=site,
        rp_name="Casework",
        user_name=sign_in_name,
        user_display_name=name,
        user_id=handle,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in have],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=PREFERRED
        ),
    )


def ask_to_show(site: str, have: Iterable[bytes], *, alone: bool) -> Any:
    """What to ask a browser that is to show a passkey. Alone it does only if whoever holds it is checked."""
    return webauthn.generate_authentication_options(
        rp_id=site,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in have] or None,
        user_verification=REQUIRED if alone else PREFERRED,
    )


def as_json(options: Any) -> str:
    """A question as a browser takes it."""
    return webauthn.options_to_json(options)


def read_new(answer: str, challenge: bytes, site: str, origin: str) -> Made:
    """The passkey that was made. Raises NoPasskey."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site,
            expected_origin=origin,
        )
    except Exception as error:  # whatever the library stumbles over in what a browser sent
        raise NoPasskey from error
    return Made(made.credential_id, made.credential_public_key, made.sign_count)


def read_name(answer: str) -> tuple[bytes, bytes | None]:
    """The id of the passkey that answered, and whom it says that it belongs to. Raises NoPasskey."""
    try:
        told = parse_authentication_credential_json(answer)
    except Exception as error:  # as above
        raise NoPasskey from error
    return told.raw_id, told.response.user_handle


def read_shown(answer: str, challenge: bytes, site: str, origin: str, kept: Made, *, alone: bool) -> int:
    """How often the passkey was used now, when the answer is its own and to this question. Raises NoPasskey."""
    try:
        shown = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site,
            expected_origin=origin,
            credential_public_key=kept.public_key,
            credential_current_sign_count=kept.sign_count,
            require_user_verification=alone,
        )
    except Exception as error:  # as above
        raise NoPasskey from error
    return int(shown.new_sign_count)

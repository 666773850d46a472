"""Go-bags: who may take what out of the house, what is on record of it, and what happens when less is agreed to."""

import json
import re
from base64 import b64decode
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework import clock
from casework.domain.accounts import Role
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.go_bags import Ended
from casework.domain.publicity import Audience
from casework.services import cases, consent, correspondence, go_bags, letters, need_to_know, recall
from casework.services.consent import NewAuthority
from casework.services.correspondence import NewPaper
from casework.domain.correspondence import Kind as PaperKind
from casework.services.go_bags import NewBag
from casework.services.scans import keep_scan
from casework.storage import go_bag_files
from casework.storage.go_bag_files import key_from
from casework.pdf import make_pdf
from casework.storage.models import Case, GoBag, User
from tests.factories import detained_at, home, make_case, make_user

PASSPHRASE = "abcd-efgh-jkmn-pqrs-tuvw-xyz2"


@pytest.fixture
def case(organiser: User) -> Case:
    """Samira, who said yes to MPs and signed a form of authority."""
    case = make_case(organiser, home(), detained_at(), name="Samira", official_name="Samira Ahmadi", languages="Dari")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    signed = NewAuthority(signed_on=clock.today() - timedelta(1), scope=("ask",), withheld=("health",))
    consent.record_authority(case, signed, organiser)
    return case


def bag(case: Case, actor: User, audience: Audience = Audience.OFFICE, **more: object) -> tuple[GoBag, str]:
    asked = NewBag(audience, "Idris Vane", clock.today() + timedelta(14), **more)
    row, pieces = go_bags.make(case, asked, PASSPHRASE, actor)
    return row, b"".join(pieces).decode()


def opened(file: str, number: int, passphrase: str = PASSPHRASE) -> bytes:
    """One part of the file, as a browser opens it."""
    header = re.search(r'<script id="header" type="application/json">(.*?)</script>', file)[1]
    told = json.loads(header)
    key = key_from(passphrase, b64decode(told["salt"]), told["iterations"])
    sealed = b64decode(re.search(rf'data-part="{number}">([^<]+)<', file)[1])
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], f"{header}\n{number}".encode())


def test_smoke(case, organiser):
    row, file = bag(case, organiser)
    for n in range(0, 6):
        print(opened(file, n).decode()[:3000])
    print(len(file))

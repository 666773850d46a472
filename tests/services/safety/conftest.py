"""A case with something of everything, to hand over."""

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import clock
from casework.app import create_app
from casework.demo import make_demo
from casework.services.campaign import supporters
from casework.services.letters import pack_items, packs
from casework.storage.database import db
from casework.storage.models import (
    Batch,
    Case,
    CaseEvent,
    OwnViewLink,
    User,
)
from tests.conftest import settings_for
from tests.services.safety.case_files import ruth


@pytest.fixture(scope="session")
def rich_folder(tmp_path_factory, empty_instance):
    """The demo, whose first case has a pack besides, a supporter with a link, a batch under way and an event."""
    folder = tmp_path_factory.mktemp("rich") / "instance"
    shutil.copytree(empty_instance, folder)
    with create_app(settings_for(folder)).app_context():
        make_demo()
        _enrich(db.session.scalars(select(Case).where(Case.reference == "DEMO-1")).one(), ruth())
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def rich(rich_folder, tmp_path):
    """The demo's first case, in an instance of its own."""
    shutil.copytree(rich_folder, tmp_path / "rich")
    with create_app(settings_for(tmp_path / "rich")).app_context():
        yield db.session.scalars(select(Case).where(Case.reference == "DEMO-1")).one()
        db.session.remove()
        db.engine.dispose()


def _enrich(case: Case, ruth: User) -> None:
    items = [
        item
        for item in pack_items.offered(case, packs.PackKind.PACK, packs.Audience.LAWYER)
        if not item.stops
    ]
    if items:
        packs.make(
            case,
            packs.PackKind.PACK,
            packs.Audience.LAWYER,
            "For the lawyer",
            [items[0].key],
            ruth,
            looked=True,
        )
    friend = supporters.add_supporter(case, ruth, name="Łukasz 🧡", postcode="S1 2HH")
    supporters.make_stop_link(case, friend.id, ruth)
    db.session.add(CaseEvent(
        case_id=case.id, name="bail_granted", happened_on=clock.today(), told={"places": [case.places[1].id]},
        recorded_at=clock.now(), recorded_by_id=ruth.id,
    ))  # fmt: skip
    db.session.add(Batch(
        case_id=case.id, template="supporter-to-own-mp", template_sha256="0" * 64, state="running", order_by="surname",
        dated=clock.today(), made_at=clock.now(), made_by_id=ruth.id,
    ))  # fmt: skip
    db.session.add(OwnViewLink(
        case_id=case.id, token_hash="a" * 64, made_at=clock.now(), made_by_id=ruth.id,
        expires_at=clock.now() + timedelta(days=9),
    ))  # fmt: skip
    db.session.commit()

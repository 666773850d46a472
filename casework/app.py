"""The application: settings, storage, sign-in, rooms and errors put together."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

from casework import clock
from casework.services import (
    accounts,
    import_taking_back,
    letting_go,
    older_papers,
    rule_changes,
    submissions,
)
from casework.settings import Settings, load_settings, resource_dir
from casework.storage import lasting_keys, migrate, rotation
from casework.storage.database import connect, db, engine_options
from casework.storage.gate import through_gate
from casework.storage.instance import Instance, open_instance
from casework.web.cookies import SealedCookie
from casework.web.errors import show_errors
from casework.web.filters import add_filters
from casework.web.guards import guard
from casework.web.headers import close_pages
from casework.web.once import save_once
from casework.web.requests import read_requests
from casework.web.rooms import open_rooms
from casework.web.stop import erase_in_time

# Besides the file itself a form carries its fields; this is room enough for the longest letter.
FORM_ROOM_BYTES = 1024 * 1024


def create_app(settings: Settings | None = None, *, count_anew: bool = True) -> Flask:
    """The application on its instance, with the database and the dates in it brought up to date.

    Without `count_anew` the dates and the group's own changes of rules stay as they are: for taking back one that
    no longer fits. Raises SettingsError, with the mend, when a setting is wrong or the key does not open the database.
    """
    settings = settings or load_settings()
    instance = open_instance(settings)
    app = Flask(__name__, template_folder=str(resource_dir("templates")), static_folder="static")
    app.config.update(
        SECRET_KEY=instance.keys.cookies,
        SESSION_COOKIE_NAME="casework",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=settings.upload_limit_mb * 1024 * 1024 + FORM_ROOM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_ROOM_BYTES,
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{instance.database_path}",
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(app, instance),
    )
    app.session_interface = SealedCookie(instance.keys.sessions)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["casework"] = instance
    read_requests(app)
    db.init_app(app)
    _sign_in(app)
    CSRFProtect(app)
    show_errors(app)
    add_filters(app)
    close_pages(app)
    open_rooms(app)
    erase_in_time(app)
    guard(app)
    save_once(app)
    with app.app_context():
        migrate.upgrade(instance)
        with db.engine.connect() as connection:
            instance.keys = lasting_keys.with_lasting(instance.keys, lasting_keys.kept(connection))
        older_papers.move(instance)
        submissions.forget_old()
        import_taking_back.empty_old()
        if count_anew:
            rule_changes.bring_up_to_date(instance)
            letting_go.let_go_old(clock.today())
    return app


def _engine_options(app: Flask, instance: Instance) -> dict[str, Any]:
    """How the database is opened, also after its key was changed while this program ran."""

    def use_new_key() -> None:
        instance.keys = rotation.keys_now(instance.database_path, rotation.take_over(instance.settings))
        app.secret_key = instance.keys.cookies
        app.session_interface = SealedCookie(instance.keys.sessions)

    options = engine_options(instance.database_path, instance.keys.database)
    options["creator"] = lambda: connect(instance.database_path, instance.keys.database)
    return through_gate(instance.gate, options, use_new_key)


def _sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(accounts.user_of_session)

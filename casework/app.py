"""The application: settings, storage, sign-in, rooms and errors put together."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from casework.services.case import search_index
from casework.services.letters import older_papers
from casework.services.safety import key_changes, sessions, sweeping
from casework.services.timing import rule_changes
from casework.settings import Settings, load_settings, resource_dir
from casework.storage import (
    audit_chain,
    hosted,
    hosted_key,
    lasting_keys,
    leftovers,
    migrate,
    rotation,
    tenants,
)
from casework.storage.database import connect, db, engine_options
from casework.storage.gate import through_gate
from casework.storage.instance import Instance
from casework.storage.opening import open_instance
from casework.web.asking import ask_for_whoever_it_is
from casework.web.case.recent_items import note_what_is_shown
from casework.web.cookies import SealedCookie
from casework.web.errors import show_errors
from casework.web.filters import add_filters
from casework.web.guards import guard
from casework.web.headers import close_pages
from casework.web.language.glossary import link_terms
from casework.web.language.tour import show_the_way
from casework.web.once import save_once
from casework.web.origins import refuse_other_sites
from casework.web.reading import read_in_other_languages
from casework.web.requests import read_requests
from casework.web.rooms import open_rooms
from casework.web.safety.sweep import sweep_in_time
from casework.web.tables import offer_tables

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
    app.config.update(**_configuration(settings, instance), **_database(app, instance))
    app.session_interface = SealedCookie(instance.keys.sessions)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["casework"] = instance
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.trusted_proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    read_in_other_languages(app)
    read_requests(app)
    db.init_app(app)
    _sign_in(app)
    ask_for_whoever_it_is(app)
    refuse_other_sites(app)
    CSRFProtect(app)
    show_errors(app)
    add_filters(app)
    link_terms(app)
    show_the_way(app)
    close_pages(app)
    offer_tables(app)
    open_rooms(app)
    sweep_in_time(app)
    guard(app)
    save_once(app)
    note_what_is_shown(app)
    with app.app_context():
        _bring_up_to_date(instance, count_anew=count_anew)
    return app


def _bring_up_to_date(instance: Instance, *, count_anew: bool) -> None:
    """Bring the database to the tables of today, and what is in it to this day."""
    leftovers.sweep(instance.settings.instance)
    if hosted.is_postgres(db.engine):
        hosted.keep_plans(db.engine)
        tenants.ask_for_one_group(db.engine)
        hosted.let_one_write(db.engine)
    migrate.upgrade(instance)
    if hosted.is_postgres(db.engine):
        hosted_key.let_in_by_this_key_alone(db.engine, instance)
    with db.engine.connect() as connection:
        instance.keys = lasting_keys.with_lasting(instance.keys, lasting_keys.kept(connection))
        audit_chain.look_for_head(connection)
    key_changes.tell_of_unfinished()
    older_papers.move(instance)
    if count_anew:
        rule_changes.bring_up_to_date(instance)
        sweeping.sweep()
        search_index.take_in()


def _configuration(settings: Settings, instance: Instance) -> dict[str, Any]:
    """What Flask and its helpers have to know: the cookie, the forms, and how much may be sent."""
    return {
        "SECRET_KEY": instance.keys.cookies,
        # A name that browsers take from this very site alone, and by https alone.
        "SESSION_COOKIE_NAME": "__Host-casework" if settings.https else "casework",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.https,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "WTF_CSRF_TIME_LIMIT": None,
        # Pages send no referrer: where a form comes from is looked at in web/origins.py.
        "WTF_CSRF_SSL_STRICT": False,
        "MAX_CONTENT_LENGTH": settings.upload_limit_mb * 1024 * 1024 + FORM_ROOM_BYTES,
        "MAX_FORM_MEMORY_SIZE": FORM_ROOM_BYTES,
    }


def _database(app: Flask, instance: Instance) -> dict[str, Any]:
    """How Flask-SQLAlchemy opens the database: PostgreSQL where the settings name one, else the encrypted file.

    The file is opened through a gate, so that this program goes on when its key is changed meanwhile.
    """
    address = instance.settings.database
    if address:
        return {
            "SQLALCHEMY_DATABASE_URI": address,
            "SQLALCHEMY_ENGINE_OPTIONS": hosted.engine_options(address),
        }

    def use_new_key() -> None:
        instance.keys = rotation.keys_now(instance.database_path, rotation.take_over(instance.settings))
        app.secret_key = instance.keys.cookies
        app.session_interface = SealedCookie(instance.keys.sessions)

    path = instance.database_path
    options = engine_options(path, instance.keys.database)
    options["creator"] = lambda: connect(path, instance.keys.database)
    return {
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}",
        "SQLALCHEMY_ENGINE_OPTIONS": through_gate(instance.gate, options, use_new_key),
    }


def _sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(sessions.user_of)

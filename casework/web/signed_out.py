"""A sign-in that ended while somebody typed: they sign in again, and their words come back to the form.

They come back to whoever had opened the form and to nobody else, and nothing is saved before that person has looked
at them and sent them again.
"""

from typing import Any

from flask import g, redirect, render_template, request, session, url_for
from flask_login import current_user

from casework.web import kept_words
from casework.web.kept_words import GIVEN_BACK, Typed
from casework.web.once import is_of
from casework.web.safety.account_forms import SignInForm
from casework.web.safety.passkey_place import passkey_place


def ask_to_sign_in() -> Any:
    """The way to the sign-in page for somebody who is not signed in; it carries along what they typed, if anything."""
    here = request.full_path.rstrip("?")
    # What the last page was about to say is for whoever was signed in then.
    session.pop("_flashes", None)
    words = kept_words.typed()
    if words is None:
        return redirect(url_for("accounts.sign_in", next=here if request.method == "GET" else None))
    form = SignInForm(formdata=None, kept=kept_words.seal(words))
    return render_template(
        "accounts/sign_in.html",
        form=form,
        is_new=False,
        next=here,
        too_much=not form.kept.data,
        by_passkey=passkey_place() is not None,
    ), 401


def rescue() -> Any:
    """An answer to a form whose token no longer fits, with what was typed; None where there is nothing to keep.

    Somebody was signed out, or signed in again in another window. Only a form that this person opened here carries
    their mark: one that another site made them send does not.
    """
    words = kept_words.typed()
    if words is None:
        return None
    return _given_back(words) if current_user.is_authenticated else ask_to_sign_in()


def give_back() -> Any:
    """The page that leads back to the form, for whoever has just signed in; None where no words of theirs came."""
    words = kept_words.unseal(request.form.get("kept", "")) if request.method == "POST" else None
    return _given_back(words) if words else None


def _given_back(words: Typed) -> Any:
    if not is_of(words.once, current_user.id):
        return None
    # The token of this page belongs to the session that has just begun.
    g.pop("csrf_token", None)
    return render_template("accounts/given_back.html", words=words, given_back=GIVEN_BACK)

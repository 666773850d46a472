"""The forms of signing in and of the people of the group."""

from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired

from casework.domain.safety.accounts import ROLE_WORDS
from casework.domain.safety.sign_in import LEAST_LETTERS
from casework.web.fields import line, one_of, whole_number
from casework.web.forms import HouseForm

PASSWORD_HINT = f"At least {LEAST_LETTERS} letters. Four words that do not belong together are good."
NAME_HINT = "An email address, or any word that you will remember. Nothing is sent to it."


def _password(label: str, *, hint: str = "", required: str, new: bool = False) -> PasswordField:
    """A password as it was typed: nothing is trimmed, and it is never sent back to the page."""
    return PasswordField(
        label,
        description=hint,
        validators=[InputRequired(required)],
        render_kw={"autocomplete": "new-password" if new else "current-password", "required": False},
    )


def _code(required: str | None = None) -> StringField:
    """A code from an app or from paper."""
    return line(
        "Your code",
        hint="The six figures that your app shows now, or one of your recovery codes.",
        required=required,
        most=64,
        autocomplete="one-time-code",
        autocapitalize="none",
        spellcheck="false",
    )


class RepeatableForm(HouseForm):
    """A form that may be sent again as it is: a wrong password saves a count, and that must not use the form up."""

    once = None


class SignInForm(RepeatableForm):
    sign_in_name = line(
        "Your name to sign in",
        required="Type your name to sign in.",
        autocomplete="username",
        autocapitalize="none",
    )
    password = _password("Password", required="Type your password.")
    # What was typed elsewhere when a sign-in had ended, sealed: see kept_words.
    kept = HiddenField()


class CodeForm(RepeatableForm):
    code = _code(required="Type your code.")
    kept = HiddenField()


class AnswerForm(RepeatableForm):
    """What a browser answers with a passkey; a script fills it in."""

    answer = HiddenField()
    kept = HiddenField()


class ConfirmForm(RepeatableForm):
    password = _password("Your password", required="Type your password.")
    code = _code()
    answer = HiddenField()


class AppForm(RepeatableForm):
    code = line(
        "The code that the app shows now",
        hint="Six figures. A new one comes every half minute.",
        required="Type the six figures that the app shows.",
        most=64,
        autocomplete="one-time-code",
        inputmode="numeric",
    )


class PasskeyForm(RepeatableForm):
    name = line(
        "What do you want to call it?",
        hint="So that you know it again in the list: “my phone”, “the blue stick”.",
        required="Give it a name.",
        most=60,
    )
    answer = HiddenField()


class NewPasswordForm(RepeatableForm):
    password = _password("New password", hint=PASSWORD_HINT, required="Choose a password.", new=True)


class FirstForm(RepeatableForm):
    name = line("Your name", hint="As the others in your group know you.", required="Type your name.")
    sign_in_name = line(
        "Your name to sign in",
        hint=NAME_HINT,
        required="Choose a name to sign in with.",
        autocomplete="username",
        autocapitalize="none",
    )
    password = _password("Password", hint=PASSWORD_HINT, required="Choose a password.", new=True)


class PasswordForm(RepeatableForm):
    old = _password("Your password now", required="Type your password as it is now.")
    password = _password("New password", hint=PASSWORD_HINT, required="Choose a new password.", new=True)


_ROLES = [(str(role), words) for role, words in ROLE_WORDS.items()]


class PersonForm(HouseForm):
    name = line("Their name", hint="As the others in your group know them.", required="Type their name.")
    sign_in_name = line("Their name to sign in", hint=NAME_HINT, required="Type a name to sign in with.")
    role = one_of("What they do in the group", _ROLES, required="Choose what they do.")


class RoleForm(HouseForm):
    role = one_of("What they do in the group", _ROLES, required="Choose what they do.")


class TeamForm(HouseForm):
    user = RadioField("Let somebody work on this case", choices={}, validate_choice=False)

    @property
    def user_id(self) -> int:
        """Who was chosen; 0, which is nobody, when nobody was."""
        return whole_number(self.user.data)

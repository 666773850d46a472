"""Every setting: its name, kind, default and one line of help."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casework.domain.errors import SettingsError
from casework.settings.values import database_address

STORES = ("folder", "database", "s3")
DEMO = "demo"  # the name of the folder in which everybody is invented


def _facts(
    kind: str, default: str, meaning: str, *, least: int = 0, most: int = 0, words: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What the README and the checks need to know of a setting. Of a text, least and most are its length."""
    return {
        "kind": kind,
        "default": default,
        "meaning": meaning,
        "least": least,
        "most": most,
        "words": words,
    }


@dataclass(frozen=True)
class Settings:
    """What this instance runs with, checked."""

    instance: Path = field(
        metadata=_facts(
            "folder",
            "`instance/` in the checkout, else `~/.local/share/casework`",
            "where the database, the papers, the key and `settings.toml` lie",
        )
    )
    key_file: Path = field(
        metadata=_facts(
            "file",
            "`key` in the instance folder",
            "the key that opens the database and the papers; made at the first start",
        )
    )
    passphrase_file: Path | None = field(
        default=None,
        metadata=_facts(
            "file",
            "none",
            "the file whose first line is the passphrase of the key, for a machine that starts by itself",
        ),
    )
    archive_store: str = field(
        default="folder",
        metadata=_facts(
            "one of",
            "`folder`",
            "where the papers lie, encrypted: a folder of the instance, its database, or storage that speaks S3",
            words=STORES,
        ),
    )
    s3_endpoint: str = field(
        default="",
        metadata=_facts("web address", "empty", 'for `archive_store = "s3"`: the address of that storage'),
    )
    s3_bucket: str = field(
        default="",
        metadata=_facts("text", "empty", "the bucket of that storage, for the papers alone", most=63),
    )
    s3_region: str = field(
        default="us-east-1",
        metadata=_facts("text", "`us-east-1`", "the region of that storage, if it has any", least=1, most=40),
    )
    s3_key_file: Path | None = field(
        default=None,
        metadata=_facts("file", "none", "the file with the access key of that storage, and its secret below"),
    )
    group_name: str = field(
        default="", metadata=_facts("text", "empty", "your group's name, on pages and letters", most=120)
    )
    host: str = field(
        default="127.0.0.1",
        metadata=_facts("text", "`127.0.0.1`", "the address to listen on", least=1, most=253),
    )
    port: int = field(
        default=8000, metadata=_facts("number", "`8000`", "the port to listen on", least=1, most=65535)
    )
    https: bool = field(
        default=False,
        metadata=_facts(
            "yes or no", "no", "yes when people reach it by https; then cookies travel no other way"
        ),
    )
    directory_dir: Path | None = field(
        default=None,
        metadata=_facts(
            "folder",
            "the directory in the package",
            "a newer directory of MPs and postcodes, made with `casework directory build`",
        ),
    )
    workers: int = field(
        default=2,
        metadata=_facts(
            "number",
            "`2`",
            "how many processes make the letters of batches while there are any; 0 leaves it to `casework work`",
            least=0,
            most=16,
        ),
    )
    upload_limit_mb: int = field(
        default=20, metadata=_facts("number", "`20`", "the largest upload, in megabytes", least=1, most=50)
    )
    session_hours: int = field(
        default=12,
        metadata=_facts(
            "number",
            "`12`",
            "after how many hours somebody has to sign in again, however busy they are",
            least=1,
            most=168,
        ),
    )
    idle_minutes: int = field(
        default=60,
        metadata=_facts(
            "number",
            "`60`",
            "after how many minutes without a click somebody is signed out; what they typed comes back",
            least=5,
            most=1440,
        ),
    )
    second_factor: str = field(
        default="offered",
        metadata=_facts(
            "one of",
            "`offered`",
            "who needs more than a password to sign in: a code from an app on their phone, or a passkey. Who needs one "
            "and has none is led to set it up before anything else",
            words=("organisers", "everybody", "offered"),
        ),
    )
    supporter_months: int = field(
        default=12,
        metadata=_facts(
            "number",
            "`12`",
            "after how many months without contact a supporter is let go of",
            least=1,
            most=60,
        ),
    )
    backup_days: int = field(
        default=7,
        metadata=_facts(
            "number",
            "`7`",
            "after how many days without a good backup organisers are reminded",
            least=1,
            most=90,
        ),
    )
    backup_keep_days: int = field(
        default=90,
        metadata=_facts(
            "number",
            "`90`",
            "for how many days a backup is kept when nobody says otherwise",
            least=1,
            most=3650,
        ),
    )
    board_names: str = field(
        default="names",
        metadata=_facts(
            "one of", "`names`", "how the board of dates names people", words=("names", "initials")
        ),
    )
    base_url: str = field(
        default="",
        metadata=_facts(
            "web address",
            "empty",
            "where people reach this Casework, such as `https://casework.example.org`: for links in mail and calendars",
        ),
    )
    trusted_proxies: int = field(
        default=0,
        metadata=_facts(
            "number",
            "`0`",
            "how many web servers of yours stand in front, one behind the other; then the address that each visitor "
            "comes from is taken from `X-Forwarded-For`, which nobody else may set",
            least=0,
            most=5,
        ),
    )
    quick_exit_url: str = field(
        default="https://www.bbc.co.uk/weather",
        metadata=_facts(
            "web page",
            "`https://www.bbc.co.uk/weather`",
            "the page of somebody else to which “Leave quickly” goes",
        ),
    )
    scan_command: str = field(
        default="",
        metadata=_facts(
            "text",
            "empty",
            "a program that looks for viruses: it gets every upload on its standard input, and refuses it by ending "
            "with anything but 0, as `clamdscan --no-summary -` does",
            most=500,
        ),
    )
    smtp_host: str = field(
        default="",
        metadata=_facts(
            "text",
            "empty",
            "the mail server for the morning digest; while it is empty no mail is sent",
            most=253,
        ),
    )
    smtp_port: int = field(
        default=587, metadata=_facts("number", "`587`", "the port of the mail server", least=1, most=65535)
    )
    smtp_security: str = field(
        default="starttls",
        metadata=_facts(
            "one of",
            "`starttls`",
            "how mail travels to the mail server: encrypted after a greeting, encrypted at once, or in clear",
            words=("starttls", "tls", "none"),
        ),
    )
    smtp_user: str = field(
        default="",
        metadata=_facts("text", "empty", "the name to sign in to the mail server, if any", most=200),
    )
    smtp_password_file: Path | None = field(
        default=None,
        metadata=_facts("file", "none", "the file whose first line is the password for the mail server"),
    )
    mail_from: str = field(
        default="", metadata=_facts("mail address", "empty", "the address that the digest comes from")
    )
    # Its password is printed nowhere.
    database_url: str = field(
        default="",
        repr=False,
        metadata=_facts(
            "database address",
            "empty: SQLCipher in the instance folder",
            "a PostgreSQL database of your own, `postgresql://name:password@host/casework`: see docs/hosting.md",
        ),
    )
    database_url_file: Path | None = field(
        default=None,
        metadata=_facts(
            "file", "none", "the file whose first line is that address, since it holds a password"
        ),
    )
    database_in_clear: bool = field(
        default=False,
        metadata=_facts(
            "yes or no",
            "no",
            "yes when the way to a PostgreSQL on another machine is closed by other means than TLS",
        ),
    )

    @property
    def is_demo(self) -> bool:
        """Whether everybody in it is invented: `casework serve --demo` keeps them in a folder of that name."""
        return self.instance.name == DEMO

    @property
    def database(self) -> str | None:
        """The address of the PostgreSQL database; None where the database is the encrypted one in the folder.

        Raises SettingsError when the file that holds it cannot be read or holds something else.
        """
        if not self.database_url_file:
            return self.database_url or None
        try:
            if self.database_url_file.stat().st_mode & 0o077:
                raise SettingsError(
                    f"Other accounts on this machine can read {self.database_url_file}, which holds a password. "
                    f"Mend it: chmod 600 {self.database_url_file}"
                )
            first = self.database_url_file.read_text(encoding="utf-8").partition("\n")[0]
            return database_address(first) or None
        except (OSError, UnicodeDecodeError):
            raise SettingsError(
                f"The file {self.database_url_file} (database_url_file) cannot be read."
            ) from None
        except ValueError as error:
            raise SettingsError(f"The first line of {self.database_url_file} {error}") from None

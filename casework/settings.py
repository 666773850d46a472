"""Every setting: its name, kind, default and one line of help; where it is read from, and the checks."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from casework.domain.errors import SettingsError
from casework.setting_values import database_address, listed, read_value

PREFIX = "CASEWORK_"
STORES = ("folder", "database", "s3")
DEMO = "demo"  # the name of the folder in which everybody is invented
FILE_NAME = "settings.toml"
_PACKAGE = Path(__file__).resolve().parent
_AT_HOME = frozenset({"127.0.0.1", "::1", "localhost"})


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


_FIELDS = {item.name: item for item in fields(Settings)}


def load_settings(environ: Mapping[str, str] = os.environ, **given: object) -> Settings:
    """The settings of this instance, checked.

    A default gives way to settings.toml, that to CASEWORK_<NAME>, and that to what is given here.
    Relative paths in settings.toml start at the instance folder; all others start at the current folder.
    Raises SettingsError with every complaint at once.
    """
    complaints: list[str] = []
    from_environ = _read_environ(environ, complaints)
    asked = {**from_environ, **{name: (name, value) for name, value in given.items() if value is not None}}
    values: dict[str, Any] = {}
    instance = _default_instance(environ)
    if "instance" in asked:
        instance = _checked("instance", *asked.pop("instance"), Path.cwd(), complaints) or instance
    values["instance"] = instance
    values["key_file"] = instance / "key"
    from_file = _read_file(instance / FILE_NAME, complaints)
    for source, base in ((from_file, instance), (asked, Path.cwd())):
        for name, (said_as, value) in source.items():
            values[name] = _checked(name, said_as, value, base, complaints)
    if not complaints:
        complaints += _about_mail(settings := Settings(**values))
        complaints += [*_about_papers(settings), *_about_database(settings)]
    if complaints:
        raise SettingsError("\n".join(complaints))
    return settings


def load_demo_settings(environ: Mapping[str, str] = os.environ, **given: object) -> Settings:
    """The settings of the demo: the folder `demo` in the instance folder, unless that is one already.

    Its invented people never get into the group's own database, wherever that is.
    """
    instance = load_settings(environ).instance
    environ = {name: value for name, value in environ.items() if not name.startswith(f"{PREFIX}DATABASE_")}
    folder = instance if instance.name == DEMO else instance / DEMO
    return load_settings(environ, **{**given, "instance": folder})


def resource_dir(name: str) -> Path:
    """The folder of "templates", "letters", "migrations" or "docs".

    In a wheel it lies inside the package, in a checkout beside it.
    """
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise SettingsError(f"The folder {name} is missing from this installation. Install Casework again.")


def settings_table() -> str:
    """Every setting as a row of a Markdown table, for the README."""
    rows = [
        "| in `settings.toml` | in the environment | kind | default | what it is |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, item in _FIELDS.items():
        facts = item.metadata
        in_file = "not there" if name == "instance" else f"`{name}`"
        kind = facts["kind"]
        if kind == "number":
            kind = f"number, {facts['least']} to {facts['most']}"
        if kind == "one of":
            kind = listed(f"`{word}`" for word in facts["words"])
        rows.append(
            f"| {in_file} | `{PREFIX}{name.upper()}` | {kind} | {facts['default']} | {facts['meaning']} |"
        )
    return "\n".join(rows)


def _default_instance(environ: Mapping[str, str]) -> Path:
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file():
        return checkout / "instance"
    data = environ.get("XDG_DATA_HOME", "")
    base = Path(data) if data.startswith("/") else Path.home() / ".local" / "share"
    return base / "casework"


def _read_environ(environ: Mapping[str, str], complaints: list[str]) -> dict[str, tuple[str, object]]:
    """Each setting that the environment names: setting -> (its name there, what it says)."""
    found: dict[str, tuple[str, object]] = {}
    known = {PREFIX + name.upper(): name for name in _FIELDS}
    for said_as in sorted(environ):
        if not said_as.startswith(PREFIX):
            continue
        if said_as in known:
            found[known[said_as]] = (said_as, environ[said_as])
        elif said_as == PREFIX + "KEY":
            complaints.append(
                f"Take {said_as} out of the environment, where other programs can read it: "
                f"put the key into a file and its path into {PREFIX}KEY_FILE."
            )
        else:
            complaints.append(_unknown(said_as, known))
    return found


def _read_file(path: Path, complaints: list[str]) -> dict[str, tuple[str, object]]:
    """Each setting that the file names: setting -> (how to speak of it, what it says)."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as error:
        complaints.append(f"{path} cannot be understood: {error}.")
        return {}
    except OSError as error:
        complaints.append(f"{path} cannot be read: {error.strerror}.")
        return {}
    found: dict[str, tuple[str, object]] = {}
    for name, value in content.items():
        if name == "instance":
            complaints.append(
                f"Take instance out of {path}: only {PREFIX}INSTANCE can say where the instance is."
            )
        elif name in _FIELDS:
            found[name] = (f"{name} in {path}", value)
        else:
            complaints.append(
                _unknown(name, [known for known in _FIELDS if known != "instance"], where=f" in {path}")
            )
    return found


def _unknown(name: str, known: Iterable[str], where: str = "") -> str:
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    hint = f" Did you mean {near[0]}?" if near else " The README lists every setting."
    return f"There is no setting {name}{where}.{hint}"


def _checked(name: str, said_as: str, value: object, base: Path, complaints: list[str]) -> Any:
    """The value in its own kind; where it is wrong, None and a complaint more."""
    try:
        return read_value(name, _FIELDS[name].metadata, value, base)
    except ValueError as error:
        complaints.append(f"{said_as} {error}")
    except OSError as error:  # a path that the system refuses to look at, such as one that is too long
        complaints.append(f"{said_as} names a path that cannot be used: {error.strerror}.")
    return None


def _about_database(settings: Settings) -> list[str]:
    """What would send everything in clear, and what says two things at once."""
    if settings.database_url and settings.database_url_file:
        return ["Set database_url or database_url_file, not both."]
    try:
        parts = urlsplit(settings.database or "")
    except SettingsError as error:
        return [error.message]
    asked = parse_qs(parts.query)
    named = [parts.netloc.rpartition("@")[2], *asked.get("host", []), *asked.get("hostaddr", [])]
    hosts = {_host(one) for some in named for one in some.split(",")} - {""}
    if "service" in asked:  # it may name any machine
        hosts.add("service")
    is_near = all(host in _AT_HOME or host.startswith("/") for host in hosts)
    if (
        is_near
        or settings.database_in_clear
        or asked.get("sslmode", [""])[-1] in ("verify-full", "verify-ca")
    ):
        return []
    return [
        "The database is on another machine, and all that goes there could be read on the way. Put "
        "?sslmode=verify-full&sslrootcert=/path/of/ca.pem at the end of database_url."
    ]


def _host(text: str) -> str:
    """The host of what may have a port after it: in brackets where it is one of IPv6."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text if text.count(":") > 1 else text.partition(":")[0]


def _about_mail(settings: Settings) -> list[str]:
    """What is lacking before mail can be sent, and what would send a password in clear."""
    if not settings.smtp_host:
        return []
    complaints = []
    if not settings.mail_from:
        complaints.append("smtp_host is set, so set mail_from too: the address that mail comes from.")
    if not settings.base_url:
        complaints.append("smtp_host is set, so set base_url too: the address that mail leads to.")
    if bool(settings.smtp_user) != bool(settings.smtp_password_file):
        complaints.append("Set smtp_user and smtp_password_file together, or neither of them.")
    if settings.smtp_user and settings.smtp_security == "none" and settings.smtp_host not in _AT_HOME:
        complaints.append(
            "With smtp_security none the password would travel in clear. Set it to starttls or tls."
        )
    return complaints


def _about_papers(settings: Settings) -> list[str]:
    """What is lacking before papers can go to other storage, and what would show them on their way."""
    if settings.archive_store != "s3":
        return []
    lacking = [name for name in ("s3_endpoint", "s3_bucket", "s3_key_file") if not getattr(settings, name)]
    if lacking:
        return [f"archive_store is s3, so set {' and '.join(lacking)} too."]
    host = urlsplit(settings.s3_endpoint).hostname
    if settings.s3_endpoint.startswith("http://") and host not in _AT_HOME:
        return ["The s3_endpoint must begin with https: or its key could be overheard."]
    return []

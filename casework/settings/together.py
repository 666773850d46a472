"""What settings say together: what is lacking beside another, and what would go over a network in clear."""

from urllib.parse import parse_qs, urlsplit

from casework.domain.errors import SettingsError
from casework.settings.known import Settings

_AT_HOME = frozenset({"127.0.0.1", "::1", "localhost"})


def complaints_about(settings: Settings) -> list[str]:
    """Every complaint about settings that are each well by themselves."""
    return [*_about_mail(settings), *_about_papers(settings), *_about_database(settings)]


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

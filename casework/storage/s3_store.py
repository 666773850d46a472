"""Papers on storage that speaks S3, whoever runs it: it gets sealed bytes and names that tell nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from casework.domain.errors import SettingsError
from casework.settings import Settings
from casework.storage.archive import WrongPlace

# Each thing is tried twice, a moment apart: that is over before others give up waiting (`hosted.BUSY_SECONDS`).
CONNECT_SECONDS = 2
ANSWER_SECONDS = 4
TRIES = 2


class S3Store:
    """Sealed papers as objects of one bucket."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def names(self, folder: str = "") -> set[str]:
        return set(self.sizes(folder))

    def sizes(self, folder: str = "") -> dict[str, int]:
        return self._listed(f"{folder}/" if folder else "")

    def has(self, name: str) -> bool:
        # The answer to a HEAD has no body, and so does not say whether the paper or the whole bucket is missing.
        return name in self._listed(name)

    def _listed(self, prefix: str) -> dict[str, int]:
        found: dict[str, int] = {}
        pages = self._client.get_paginator("list_objects_v2")
        with _as_os_error():
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                found |= {one["Key"]: one["Size"] for one in page.get("Contents", ())}
        return found

    def read_sealed(self, name: str) -> bytes:
        with _as_os_error():
            sealed: bytes = self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()
        return sealed

    def write_sealed(self, name: str, sealed: bytes) -> None:
        with _as_os_error():
            self._client.put_object(Bucket=self._bucket, Key=name, Body=sealed)

    def remove(self, name: str) -> None:
        with _as_os_error():
            self._client.delete_object(Bucket=self._bucket, Key=name)

    def remove_folder(self, folder: str) -> None:
        for name in self.names(folder):
            self.remove(name)


def open_s3(settings: Settings) -> S3Store:
    """The bucket of these settings. Raises SettingsError when its library is missing, or its key file is no such."""
    try:
        from boto3.session import Session
        from botocore.config import Config
    except ImportError:
        raise SettingsError(
            "archive_store is s3, and the library for it is missing. Install it: pip install 'casework[hosting]'"
        ) from None
    user, secret = _key(settings.s3_key_file)
    client = Session(aws_access_key_id=user, aws_secret_access_key=secret).client(
        "s3",
        endpoint_url=settings.s3_endpoint,
        region_name=settings.s3_region,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            # Storage of other makers does not know the newer ones; each paper is checked by its own seal.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
    return S3Store(client, settings.s3_bucket)


def _key(path: Path | None) -> tuple[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").strip().splitlines() if path else []
        mode = path.stat().st_mode & 0o077 if path else 0
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"The s3_key_file {path} cannot be read.") from None
    if mode:
        raise SettingsError(f"Other accounts on this machine can read {path}. Mend it: chmod 600 {path}")
    if len(lines) != 2:
        raise SettingsError(f"The s3_key_file {path} must hold two lines: the access key and its secret.")
    return lines[0].strip(), lines[1].strip()


@contextmanager
def _as_os_error() -> Iterator[None]:
    """What a disk would say, so that nobody above has to know which place it is."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "NoSuchKey":
            raise FileNotFoundError("The storage has no such paper") from None
        if code == "NoSuchBucket":
            raise WrongPlace("there is no bucket of the name that s3_bucket says") from None
        raise OSError(f"The storage refused: {code}") from None
    except BotoCoreError as error:
        raise OSError(f"The storage did not answer as it should: {type(error).__name__}") from None

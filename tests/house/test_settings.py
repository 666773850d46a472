"""Every setting is in the README, read in the right order, and checked."""

from pathlib import Path

import pytest

from casework.domain.errors import SettingsError
from casework.settings import Settings, load_demo_settings, load_settings, resource_dir, settings_table

ROOT = Path(__file__).parents[2]


def in_folder(folder: Path, toml: str = "", **environ: str) -> Settings:
    if toml:
        (folder / "settings.toml").write_text(toml)
    return load_settings({"CASEWORK_INSTANCE": str(folder), **environ})


def complaints(folder: Path, toml: str = "", **environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        in_folder(folder, toml, **environ)
    return caught.value.message.splitlines()


def test_the_readme_lists_every_setting_as_the_program_knows_it():
    assert settings_table() in (ROOT / "README.md").read_text()


def test_every_setting_is_a_row_of_the_table():
    rows = settings_table().splitlines()[2:]
    assert len(rows) == len(Settings.__dataclass_fields__)
    for name in Settings.__dataclass_fields__:
        assert any(f"`CASEWORK_{name.upper()}`" in row for row in rows)


def test_without_any_setting_the_instance_lies_beside_the_checkout_and_listens_at_home():
    settings = load_settings({})
    assert settings.instance == ROOT / "instance"
    assert settings.key_file == ROOT / "instance" / "key"
    assert (settings.host, settings.port, settings.https) == ("127.0.0.1", 8000, False)


def test_the_environment_goes_before_the_file_and_the_command_line_before_both(tmp_path):
    (tmp_path / "settings.toml").write_text("port = 8001\nupload_limit_mb = 5\nsession_hours = 3\n")
    environ = {"CASEWORK_INSTANCE": str(tmp_path), "CASEWORK_PORT": "8002", "CASEWORK_SESSION_HOURS": "4"}
    settings = load_settings(environ, port=8003, host=None)
    assert (settings.port, settings.session_hours, settings.upload_limit_mb) == (8003, 4, 5)
    assert settings.host == "127.0.0.1"


def test_the_key_follows_the_instance_unless_it_is_named(tmp_path):
    assert in_folder(tmp_path).key_file == tmp_path / "key"
    assert in_folder(tmp_path, CASEWORK_KEY_FILE="/media/stick/key").key_file == Path("/media/stick/key")


def test_a_path_in_the_file_starts_at_the_instance_folder(tmp_path):
    (tmp_path / "newer").mkdir()
    assert in_folder(tmp_path, 'directory_dir = "newer"').directory_dir == tmp_path / "newer"


def test_a_home_folder_may_be_written_short(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings({"CASEWORK_INSTANCE": "~/group"}).instance == tmp_path / "group"


@pytest.mark.parametrize("word", ["yes", "TRUE", "on", "1"])
def test_https_is_switched_on_by_any_word_for_yes(tmp_path, word):
    assert in_folder(tmp_path, CASEWORK_HTTPS=word).https is True


def test_every_complaint_is_made_at_once(tmp_path):
    said = complaints(tmp_path, 'port = "many"\nhttps = "perhaps"\n', CASEWORK_SESSION_HOURS="0")
    assert said == [
        f"port in {tmp_path}/settings.toml must be a whole number from 1 to 65535, not 'many'.",
        f"https in {tmp_path}/settings.toml must be yes or no, not 'perhaps'.",
        "CASEWORK_SESSION_HOURS must be a whole number from 1 to 168, not '0'.",
    ]


def test_a_misspelt_setting_is_answered_with_the_nearest_one(tmp_path):
    said = complaints(tmp_path, "upload_limit = 5", CASEWORK_PROT="8001")
    assert said[0] == "There is no setting CASEWORK_PROT. Did you mean CASEWORK_PORT?"
    assert said[1].endswith("settings.toml. Did you mean upload_limit_mb?")


def test_a_setting_like_no_other_points_to_the_readme(tmp_path):
    assert complaints(tmp_path, "colour = 1")[0].endswith("The README lists every setting.")


def test_the_instance_cannot_be_moved_from_inside_itself(tmp_path):
    assert "only CASEWORK_INSTANCE can say" in complaints(tmp_path, 'instance = "elsewhere"')[0]


def test_a_key_in_the_environment_is_refused_and_not_repeated(tmp_path):
    said = complaints(tmp_path, CASEWORK_KEY="hunter2")
    assert "CASEWORK_KEY_FILE" in said[0]
    assert "hunter2" not in said[0]


@pytest.mark.parametrize(
    ("toml", "part"),
    [
        ("port = ", "cannot be understood"),
        ("port = true", "must be a whole number"),
        ("port = 65536", "from 1 to 65535"),
        ("port = 80.5", "must be a whole number"),
        ("group_name = 5", "must be text in quotes"),
        ('group_name = "two\\nlines"', "one line"),
        (f'group_name = "{"x" * 121}"', "at most 120"),
        ('host = " "', "must not be empty"),
        ('key_file = ""', "must be a path"),
        ('key_file = "."', "must name a file"),
        ('directory_dir = "gone"', "casework directory build"),
        ("upload_limit_mb = 51", "from 1 to 50"),
        ('base_url = "casework.example.org"', "must be an address such as https://"),
        ('base_url = "https://user@example.org"', "must be an address such as https://"),
        ('base_url = "https://example.org/casework"', "must be an address such as https://"),
        ('base_url = "https://exa mple.org"', "must be an address such as https://"),
        ('base_url = "https://example.org:0"', "must be an address such as https://"),
        ('base_url = "https://[::1"', "must be an address such as https://"),
        ('mail_from = "Casework <casework@example.org>"', "must be a mail address"),
        ('mail_from = "casework@example"', "must be a mail address"),
        ('smtp_security = "ssl"', "must be starttls, tls or none, not 'ssl'"),
        ('smtp_password_file = "."', "must name a file"),
    ],
)
def test_a_wrong_value_is_refused_in_words(tmp_path, toml, part):
    assert part in complaints(tmp_path, toml)[0]


MAIL = 'smtp_host = "mail.example.org"\nmail_from = "casework@example.org"\nbase_url = "https://casework.example.org/"\n'


def test_mail_needs_an_address_to_come_from_and_one_to_lead_to(tmp_path):
    said = complaints(tmp_path, 'smtp_host = "mail.example.org"')
    assert [line.split(":")[0] for line in said] == [
        "smtp_host is set, so set mail_from too",
        "smtp_host is set, so set base_url too",
    ]


def test_mail_is_encrypted_unless_it_is_said_otherwise_and_an_address_ends_without_a_stroke(tmp_path):
    settings = in_folder(tmp_path, MAIL)
    assert (settings.smtp_port, settings.smtp_security) == (587, "starttls")
    assert settings.base_url == "https://casework.example.org"
    assert in_folder(tmp_path, MAIL, CASEWORK_SMTP_SECURITY="TLS").smtp_security == "tls"


def test_a_password_for_mail_is_in_a_file_and_never_a_setting(tmp_path):
    said = complaints(tmp_path, MAIL, CASEWORK_SMTP_PASSWORD="hunter2", CASEWORK_SMTP_USER="casework")
    assert said == [
        "There is no setting CASEWORK_SMTP_PASSWORD. Did you mean CASEWORK_SMTP_PASSWORD_FILE?",
    ]
    assert complaints(tmp_path, MAIL, CASEWORK_SMTP_USER="casework") == [
        "Set smtp_user and smtp_password_file together, or neither of them."
    ]


def test_a_password_never_travels_in_clear_but_to_this_machine_itself(tmp_path):
    signed_in = MAIL + 'smtp_user = "casework"\nsmtp_password_file = "mail-password"\n'
    assert "in clear" in complaints(tmp_path, signed_in, CASEWORK_SMTP_SECURITY="none")[0]
    settings = in_folder(tmp_path, signed_in, CASEWORK_SMTP_SECURITY="none", CASEWORK_SMTP_HOST="localhost")
    assert settings.smtp_password_file == tmp_path / "mail-password"


def test_a_file_cannot_be_the_instance(tmp_path):
    file = tmp_path / "notes.txt"
    file.touch()
    with pytest.raises(SettingsError, match="must name a folder"):
        load_settings({"CASEWORK_INSTANCE": str(file)})


def test_the_demo_lies_inside_the_instance_and_never_inside_another_demo(tmp_path):
    demo = load_demo_settings({"CASEWORK_INSTANCE": str(tmp_path)}, port=8005)
    assert (demo.instance, demo.key_file, demo.port) == (tmp_path / "demo", tmp_path / "demo" / "key", 8005)
    assert load_demo_settings({"CASEWORK_INSTANCE": str(tmp_path / "demo")}).instance == tmp_path / "demo"


@pytest.mark.parametrize("name", ["templates", "letters", "migrations"])
def test_the_resources_of_a_checkout_lie_beside_the_package(name):
    assert resource_dir(name) == ROOT / name


def test_a_missing_resource_says_to_install_again():
    with pytest.raises(SettingsError, match="Install Casework again"):
        resource_dir("pictures")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://casework:secret@localhost/casework",
        "postgres://casework:secret@127.0.0.1:5433/casework",
        "postgresql://casework@/casework?host=/run/postgresql",
        "postgresql://casework:secret@db.example.org/casework?sslmode=verify-full&sslrootcert=/etc/ca.pem",
    ],
)
def test_a_database_of_ones_own_near_by_or_over_tls_is_taken(tmp_path, address):
    settings = in_folder(tmp_path, CASEWORK_DATABASE_URL=address)
    assert settings.database.startswith("postgresql+psycopg://casework")
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://casework:secret@db.example.org/casework",
        "postgresql://casework:secret@db.example.org/casework?sslmode=require",
        "postgresql://casework:secret@localhost/casework?host=db.example.org",
        "postgresql://casework:secret@localhost/casework?host=localhost,db.example.org",
        "postgresql://casework:secret@localhost/casework?hostaddr=192.0.2.1",
        "postgresql://casework:secret@localhost,db.example.org/casework",
    ],
)
def test_no_database_is_reached_over_a_network_in_clear_unless_somebody_says_so(tmp_path, address):
    (said,) = complaints(tmp_path, CASEWORK_DATABASE_URL=address)
    assert "could be read on the way" in said
    assert "secret" not in said
    assert in_folder(tmp_path, CASEWORK_DATABASE_URL=address, CASEWORK_DATABASE_IN_CLEAR="yes").database


def test_the_address_of_a_database_is_read_from_a_file_and_its_password_told_nowhere(tmp_path):
    file = tmp_path / "address"
    file.write_text("postgresql://casework:secret@localhost/casework\nmore\n")
    (open_to_all,) = complaints(tmp_path, CASEWORK_DATABASE_URL_FILE=str(file))
    assert "chmod 600" in open_to_all
    file.chmod(0o600)
    settings = in_folder(tmp_path, CASEWORK_DATABASE_URL_FILE=str(file))
    assert settings.database == "postgresql+psycopg://casework:secret@localhost/casework"
    (both,) = complaints(
        tmp_path,
        CASEWORK_DATABASE_URL_FILE=str(file),
        CASEWORK_DATABASE_URL="postgresql://localhost/casework",
    )
    assert "not both" in both
    for wrong in ("mysql://casework:secret@localhost/casework", "postgresql://casework:secret@localhost"):
        (said,) = complaints(tmp_path, CASEWORK_DATABASE_URL=wrong)
        assert "must be an address" in said
        assert "secret" not in said
        file.write_text(wrong)
        (said,) = complaints(tmp_path, CASEWORK_DATABASE_URL_FILE=str(file))
        assert "must be an address" in said
        assert "secret" not in said


def test_the_demo_never_gets_into_the_database_of_the_group(tmp_path):
    environ = {"CASEWORK_INSTANCE": str(tmp_path), "CASEWORK_DATABASE_URL": "postgresql://localhost/casework"}
    assert load_settings(environ).database
    assert load_demo_settings(environ).database is None

"""Facts of members that further tables bring: officers of all-party groups, and first elections before the records."""

from collections.abc import Mapping

from casework.domain.parliament.directory import Fact
from casework.reference.directory.tables import Row, Source

GROUP = "all-party group"
GROUPS_FILE, OFFICERS_FILE = "appgs_relevant.csv", "appg_officers_relevant.csv"
FIRST_ELECTED = "first elected"
_BEFORE = "elected before 1997-05-01"


def has_groups(source: Source) -> bool:
    """Whether the folder has the tables of all-party groups; without them nothing is said of any."""
    return (source.folder / OFFICERS_FILE).is_file()


def read_groups(source: Source, origin: str) -> dict[int, list[Fact]]:
    """The offices that members hold in all-party groups, by Parliament's number of the member.

    Only members of the Commons count, and only those whom the table knows by their number. The register names officers,
    so that a member who is not here may still belong to a group.
    """
    titles = {row.text("slug"): row.required("title") for row in source.rows(GROUPS_FILE, "slug title")}
    found: dict[int, list[Fact]] = {}
    columns = "appg name officer_role member_type member_id sitting_mp last_updated url_source"
    for row in source.rows(OFFICERS_FILE, columns):
        if row.text("member_type") != "mp" or row.text("sitting_mp") != "yes":
            continue
        member_id, title = row.integer("member_id"), titles.get(row.text("appg"), "")
        if not title:
            row.complain("appg", f"{row.text('appg')!r} is not among the groups of {GROUPS_FILE}")
        if member_id is None:
            row.complain("member_id", "is empty, although the row says that this member sits")
        elif title:
            found.setdefault(member_id, []).append(_office(row, title, origin))
    return found


def _office(row: Row, title: str, origin: str) -> Fact:
    day = row.day("last_updated")
    if day is None:
        row.complain("last_updated", "is empty")
    return Fact(
        kind=GROUP,
        text=f"{title}: {row.required('officer_role').replace(' & ', ' and ')}",
        dated=day.isoformat() if day else "undated",
        source=f"{origin}, {row.text('url_source')}".rstrip(", "),
    )


def read_early_elections(source: Source, origin: str, as_of: str) -> dict[str, list[Fact]]:
    """Of which seats' members only this is known, that they were first elected before 1 May 1997; by gss_code."""
    return {
        row.text("gss_code"): [Fact(FIRST_ELECTED, "First elected before 1 May 1997.", as_of, origin)]
        for row in source.rows("mps.csv", "gss_code first_elected")
        if not row.text("first_elected")
        and (row.values.get("first_elected_basis") or "").strip().startswith(_BEFORE)
    }


def all_of(found: Mapping[int, list[Fact]], member_id: int | None) -> tuple[Fact, ...]:
    """The facts of one member."""
    return tuple(found.get(member_id, ())) if member_id else ()

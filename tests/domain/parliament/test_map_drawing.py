"""A map of constituencies drawn as SVG."""

import xml.etree.ElementTree as ET

from casework.domain.parliament.map_drawing import BANDS, Map, Shown, draw

SQUARES = {f"W0700000{n}": f"M{n * 10} 0l8 0 0 8-8 0z" for n in range(5)}
LAND = Map(
    60, 20, SQUARES, "M0 0h60v8h-60z", "M10 0l0 8", "M30 0l0 8", [("M1 1h9v9h-9z", "Isles & more", 1, 1)]
)
WORDS = ["Nobody", "1 to 2", "3 to 9", "10 to 29", "30 or more"]
SHOWN = {
    "W07000001": Shown(1, "Ynys Môn: 2 signers"),
    "W07000002": Shown(2, "Here & <there>: 5 signers"),
    "W07000003": Shown(4, "There: 40 signers"),
    "W07000004": Shown(0, "Nowhere: none"),
}


def drawn(shown=SHOWN):
    return draw(
        LAND, shown, name="reach", title="Signers & seats", says="The table says the same.", bands=WORDS
    )


def parsed(text):
    return ET.fromstring(text.replace(' xmlns="http://www.w3.org/2000/svg"', ""))


def test_a_map_is_xml_with_a_title_a_description_and_no_style():
    svg = parsed(drawn()).find("svg")
    assert svg.get("role") == "img"
    assert svg.find("title").text == "Signers & seats"
    assert svg.find("title").get("id") == svg.get("aria-labelledby")
    assert svg.find("desc").get("id") == svg.get("aria-describedby")
    assert (svg.get("viewBox"), svg.get("width")) == ("0 0 60 20", None)
    assert "style" not in drawn()
    assert [text.text for text in svg.iter("text")] == ["Isles & more"]


def test_each_band_but_the_first_has_a_pattern_and_no_two_are_alike():
    patterns = list(parsed(drawn()).iter("pattern"))
    assert [pattern.get("id") for pattern in patterns] == [f"reach-{band}" for band in range(1, BANDS)]
    marks = {tuple(ET.tostring(mark) for mark in list(pattern)[1:]) for pattern in patterns}
    assert len(marks) == BANDS - 1


def test_only_seats_with_something_to_show_have_a_title_and_names_are_escaped():
    seats = [path for path in parsed(drawn()).find("svg").iter("path") if path.get("class") == "map__seat"]
    assert [seat.find("title").text for seat in seats] == [
        "Ynys Môn: 2 signers",
        "Here & <there>: 5 signers",
        "There: 40 signers",
    ]
    assert [seat.get("fill") for seat in seats] == ["url(#reach-1)", "url(#reach-2)", "url(#reach-4)"]


def test_the_legend_says_in_words_how_many_seats_are_in_each_band():
    legend = ["".join(line.itertext()).strip() for line in parsed(drawn()).iter("li")]
    assert legend == [
        "Nobody: 2 constituencies",
        "1 to 2: 1 constituency",
        "3 to 9: 1 constituency",
        "10 to 29: 0 constituencies",
        "30 or more: 1 constituency",
    ]


def test_a_seat_that_leads_somewhere_is_a_link_with_its_name_and_the_map_is_a_group():
    tree = parsed(drawn({"W07000001": Shown(3, "Ynys Môn: 12", "/reach?seat=1&all=1")}))
    (link,) = tree.iter("a")
    assert (link.get("href"), link.find("title").text) == ("/reach?seat=1&all=1", "Ynys Môn: 12")
    assert tree.find("svg").get("role") == "group"


def test_a_map_with_nothing_to_show_is_the_land_alone():
    tree = parsed(drawn({}))
    assert [path.get("class") for path in tree.find("svg").findall("path")] == [
        "map__land",
        "map__border",
        "map__region",
        "map__frame",
    ]
    assert "Nobody: 5 constituencies" in "".join(tree.itertext())

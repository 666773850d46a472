"""What a name sounds like, and how a text is looked through."""

import pytest
from anyascii import anyascii
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.case import search
from casework.domain.case.search import SOUND, wanted, words_of
from casework.domain.case.sounds import sounds_of

# Spellings of one name as they stand on papers of one person, or of two who bear it.
ONE_NAME = """\
Mohammed Muhammad Mohamed Mohamad Muhammed Mohammad Mahamed Maxamed Mehmet محمد
Hussein Husain Hussain Hossein Hüseyin Xuseen Husseyn حسين
Kovalenko Kowalenko Коваленко Kovalienko
Tsehay Tsehaye Tsehai Sehay ፀሐይ
Yusuf Yousef Youssef Yusef Jusuf Iusuf يوسف
Shevchenko Szewczenko Ševčenko Chevchenko Schewtschenko Шевченко
Khalid Khaled Kalid Halid Khaalid خالد
Jamal Djamal Gamal Cemal Jamaal جمال
Hassan Hasan Xasan Hasen Hassen حسن
Ahmed Ahmad Ahmet Axmed Achmed احمد
Fatima Fatemeh Fadima Fatma Fatimah Faatima
Abdullah Abdallah Abdulla Abdalla Cabdulla Abdulah عبدالله
Aisha Ayesha Aysha Ayşe Aicha Caasha
Michael Mikael Mikail Mikhail Mikhael
Dawud Daoud Dawood Daud Daut داود
Zeynab Zainab Zaynab Zeinab Zeineb
Hoxha Hoja Hodja
Sarah Sara Saara سارة
Said Saeed Sa’id Saïd سعيد
Aziz Azeez Asis
Nguyen Nguyễn
"""
NOT_ONE = [
    ("Mohammed", "Ahmed"),
    ("Hussein", "Hashem"),
    ("Samira", "Amira"),
    ("Kovalenko", "Kovalchuk"),
    ("Ali", "Omar"),
]


def sound_alike(one: str, other: str) -> bool:
    return not set(sounds_of(one)).isdisjoint(sounds_of(other))


def plain(word: str) -> str:
    return "".join(words_of(word, anyascii))


@pytest.mark.parametrize(
    "names", [line.split() for line in ONE_NAME.splitlines()], ids=lambda names: names[0]
)
def test_spellings_of_one_name_sound_alike(names):
    first = plain(names[0])
    assert [one for one in names if not sound_alike(first, plain(one))] == []


@pytest.mark.parametrize(("one", "other"), NOT_ONE)
def test_other_names_do_not(one, other):
    assert not sound_alike(plain(one), plain(other))


def test_one_consonant_is_no_sound_to_look_for():
    assert sounds_of("lee") == sounds_of("a") == sounds_of("") == ()


@given(st.text(max_size=40))
def test_a_spelling_finds_itself(name):
    kept = search.kept_of_names([name], anyascii)
    for word in words_of(name, anyascii):
        assert word in kept
        assert all(SOUND + key in kept for key in sounds_of(word))
    plain = [word.removeprefix(SOUND) for word in kept]
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in plain)


def test_a_double_name_is_found_in_one_and_in_two():
    kept = search.kept_of_names(["Abd al-Rahman O’Neill"], anyascii)
    assert {"abd", "al", "rahman", "alrahman", "oneill"} <= set(kept)
    assert wanted("abd-al rahman", anyascii).joined == "abdalrahman"


def test_a_number_is_found_with_and_without_its_signs():
    assert search.kept_of_numbers(["A1234567/2 003", "LS11 0ES"], anyascii) == [
        "a1234567", "2", "003", "a12345672003", "ls11", "0es", "ls110es",
    ]  # fmt: skip


def test_an_excerpt_shows_the_word_as_it_is_written():
    long = "word " * 60
    found = search.excerpt(
        ["Nothing", f"{long}Señor Łukasz’s tribunal {long}"], wanted("lukas", anyascii), anyascii
    )
    assert found.found == "Łukasz’s"
    assert found.before.startswith("… word")
    assert found.before.endswith("Señor ")
    assert found.after.startswith(" tribunal")
    assert len(found.before + found.after) < 200
    assert search.excerpt(["As it begins"], wanted("x", anyascii), anyascii).before == "As it begins"

"""Many supporters, all invented, each with a letter to their own MP."""

import random
from collections.abc import Iterator
from dataclasses import replace

from casework.domain.letters.letter_values import LetterValues, MemberAddressed, Sender
from casework.pdf.letters import Letters

KEY = "supporter-to-own-mp"
_FIRST = (
    *("Ruth", "Idris", "Zoë", "Tamás", "Siân", "Łukasz", "Ayşe", "Grace", "Fatou", "Wm.", "Jo", "Anne-Marie"),
    *("Ștefan", "Ffion", "Áine", "José", "Bartholomew"),
)
_LAST = (
    *(
        "Ellery",
        "O’Brien",
        "Vaughan-Williams",
        "Fforde",
        "Kowalczyk",
        "Yılmaz",
        "To",
        "Okonkwo-Featherstonehaugh",
    ),
    *("Lee", "Pryce", "Avery", "Țepeș"),
)
_STREETS = (
    "Example Road",
    "Sample Street",
    "Inventor’s Yard",
    "Far Lane",
    "The Old Waterworks, Upper Invented Way",
)
_TOWNS = ("Leeds", "Exampleton", "Great Sampleford", "Llanfairexample", "Newcastle upon Invented")
_POSTCODES = ["LS11 7DD", "ZZ1 1ZZ", "ZZ99 3VZ", "W1A 0AX", "AV2 7TY"]
_KNOWN = (
    "{name} taught my daughter to swim",
    "I have known {name} since our children started school together, and that is eight years now",
    "We sing in the same choir on Tuesdays",
    "I met {name} on 3 May 2021 at the breakfast club, where we both wash up, and have seen her most weeks since then",
    "{name} is my neighbour; when I broke my hip she did my shopping for 6 weeks (and my mother’s, too)",
)
_OWN = (
    "She runs the Saturday breakfast at St Luke’s with two others",
    "My mother-in-law is 84, and it was {name} who noticed, at 7.30 in the morning, that her curtains were still drawn",
    "“Nobody is a stranger twice”, she says; I have seen her prove it with people who had slept at the bus station",
    "People here want her home",
    "Our office – the whole of it, 12 people – wrote a card. We had £240.50 within an hour for her phone",
    "I am not a person who writes letters, and this is my first to a Member of Parliament. I write because the choir "
    "is half as loud without her, because the children ask where she is, and because I do not know what to tell them",
    "She has **never once** been late",
    "To me she is family. Yes, family",
)  # fmt: skip


def supporters(letters: Letters, count: int, seed: int = 1) -> Iterator[LetterValues]:
    """The values of so many letters, from one sample."""
    lot = random.Random(seed)
    sample = letters.sample(KEY)
    name = sample.person.name
    for number in range(count):
        first, last = lot.choice(_FIRST), lot.choice(_LAST)
        street = f"{lot.randrange(1, 300)}{lot.choice(['', '', '', 'a', 'b'])} {lot.choice(_STREETS)}"
        lines = (
            *([f"Flat {lot.randrange(1, 40)}"] if lot.random() < 0.2 else []),
            street,
            lot.choice(_TOWNS),
        )
        mp = f"{lot.choice(['', '', '', 'Dr ', 'Sir '])}{lot.choice(_FIRST)} {lot.choice(_LAST)}"
        email = f"{first.lower()}.{number}@example.org".encode("ascii", "ignore").decode()
        yield replace(
            sample,
            member=MemberAddressed(
                name=mp, address_as=f"{mp} MP", constituency=f"{lot.choice(_TOWNS)} North"
            ),
            sender=Sender(
                name=f"{first} {last}",
                lines=lines,
                postcode=lot.choice(_POSTCODES),
                email=email if lot.random() < 0.9 else "",
                phone=f"07700 900{lot.randrange(1000):03}"
                if lot.random() < 0.5 or lot.random() > 0.95
                else "",
                how_known=lot.choice(_KNOWN).format(name=name),
            ),
            own_words=". ".join(one.format(name=name) for one in lot.sample(_OWN, lot.randrange(1, 4))),
        )


def pages(letters: Letters, count: int, seed: int = 1) -> Iterator[str]:
    """The HTML of so many letters, without its stylesheet."""
    for values in supporters(letters, count, seed):
        yield letters.page(KEY, letters.prefill(KEY, values), values)

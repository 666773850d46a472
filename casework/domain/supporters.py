"""Supporters: what they may offer, and how they came to the list."""

JOINED = {
    "hand": "added by hand",
    "stall": "at a stall",
    "import": "from a spreadsheet",
    "page": "on the campaign page",
}

# The ladder of things that somebody can do for a person, smallest first.
OFFERS = {
    "sign": "Sign a letter or a petition",
    "card": "Write a card",
    "bring": "Bring one more person",
    "translate": "Translate",
    "drive": "Drive",
    "cook": "Cook",
    "childcare": "Look after children",
    "surgery": "Come to the MP’s surgery",
    "visit": "Visit somebody in detention",
    "letter_of_support": "Write a letter of support",
    "host": "Host a meeting",
    "role": "Take on a role in the group",
}

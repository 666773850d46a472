"""Which words of an expression are the program's own: known by the name that they have in a template.

`{{ door.label }}` is a word of ours, `{{ case.person_name }}` is somebody's. So the attributes, methods and filters
that say words are listed here, and those that never do. What is not listed is marked by hand: `{{ text | words }}`.
"""

from typing import Any

from jinja2 import nodes

# What a rule or a list of the program calls itself: never the name of a person.
WORDS_OF_OURS = frozenset(
    {
        "because",
        "cannot_say",
        "caution",
        "condition",
        "confidence",
        "help",
        "hint",
        "label",
        "meaning",
        "message",
        "moved",
        "note",
        "notice",
        "one",
        "question",
        "reason",
        "remark",
        "role_words",
        "says",
        "settled_said",
        "stated_said",
        "status",
        "summary",
        "takes",
        "title_words",
        "what",
        "why",
        "words",
    }
)
MAY_BE_TYPED = frozenset({"what", "why", "status", "note", "one", "reason", "title", "summary", "remark"})
# What somebody typed, and is called like words of ours.
TYPED = frozenset(
    {
        ("batch", "because"),
        ("call", "words"),
        ("feed", "label"),
        ("message", "words"),
        ("need", "words"),
        ("page", "words"),
        ("read", "words"),
        ("theirs", "words"),
    }
)
TITLED = frozenset({"entry", "template"})  # what has a title of ours, and not of somebody
SAYING = frozenset({"when", "warning", "nearness_words"})  # methods that answer in words
WITH_WORDS = frozenset({"day", "short_day", "moment", "default", "d"})  # filters that say their argument
CHANGING = frozenset({"upper", "lower", "capitalize", "trim", "string", "title", "first", "sort", "list"})
# Functions that take no words, and names under which none is given.
NO_WORDS = frozenset(
    {
        "url_for",
        "can",
        "can_send",
        "csrf_token",
        "script_mark",
        "get_flashed_messages",
        "strftime",
        "get",
        "as_spreadsheet",
    }
)
FIRST_ALONE = frozenset({"help"})  # what follows the first are names in the glossary
NO_WORD_NAMES = frozenset(
    {"id", "name", "class", "class_", "value", "tag", "type", "key", "kind", "which", "_anchor"}
)


def is_of_ours(node: Any) -> bool:
    if isinstance(node, nodes.Name):
        return node.ctx == "load" and node.name in WORDS_OF_OURS
    if (getattr(node.node, "attr", "") or getattr(node.node, "name", ""), node.attr) in TYPED:
        return False
    is_label = node.attr == "text" and isinstance(node.node, nodes.Getattr) and node.node.attr == "label"
    if is_label and isinstance(node.node.node, nodes.Name) and node.node.node.name == "choice":
        return False  # it may be the name of somebody
    of_words = node.attr == "name" and isinstance(node.node, nodes.Getattr) and node.node.attr == "words"
    is_title = node.attr == "title" and isinstance(node.node, nodes.Name) and node.node.name in TITLED
    return is_label or of_words or is_title or node.attr in WORDS_OF_OURS

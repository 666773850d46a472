"""The words that people write above the columns of a list of supporters. Data alone.

Each heading is written in small letters. A heading in a sheet is one of these without regard to case, spaces,
punctuation and the order of its words.
"""

from enum import StrEnum


class Field(StrEnum):
    """What is kept of a supporter, and what a column may hold."""

    NAME = "name"
    GIVEN = "given"
    FAMILY = "family"
    POSTCODE = "postcode"
    ADDRESS = "address"
    EMAIL = "email"
    PHONE = "phone"
    CONNECTION = "connection"
    HOW_KNOWN = "how_known"
    OWN_WORDS = "own_words"
    TO_MEMBER = "to_member"
    LANGUAGES = "languages"
    OFFERS = "offers"
    TABLE = "table"
    NOTICE_GIVEN_ON = "notice_given_on"
    WRITES = "writes"


FIELD_WORDS = {
    Field.NAME: "Name",
    Field.GIVEN: "First name",
    Field.FAMILY: "Surname",
    Field.POSTCODE: "Postcode",
    Field.ADDRESS: "Address",
    Field.EMAIL: "Email",
    Field.PHONE: "Phone",
    Field.CONNECTION: "Who they are to the person",
    Field.HOW_KNOWN: "How they know the person, in their own words",
    Field.OWN_WORDS: "Why it matters to them, in their own words",
    Field.TO_MEMBER: "Who they are to their MP",
    Field.LANGUAGES: "Languages",
    Field.OFFERS: "Can help with",
    Field.TABLE: "Table",
    Field.NOTICE_GIVEN_ON: "Told what we keep, on",
    Field.WRITES: "Will write",
}

HEADINGS = {
    Field.NAME: (
        "name|names|full name|fullname|name in full|first name and surname|first and last name|signatory|signed by"
        "|supporter|supporters|volunteer|who|print name|name printed|contact name|display name|name and surname"
    ),
    Field.GIVEN: "first name|first names|forename|forenames|given name|given names|first|given|christian name|fname",
    Field.FAMILY: "surname|last name|family name|second name|last|family|lname|sname",
    Field.POSTCODE: (
        "postcode|post code|pcode|p code|pc|postal code|zip|zip code|postcodes|home postcode|address postcode"
        "|post code zip|zip postal code|postcode of home"
    ),
    Field.ADDRESS: (
        "address|addr|home address|full address|postal address|street|street address|street name|road|house"
        "|house number|house name|house name or number|house no|number and street|flat|flat number|building"
        "|address line|address line 1|address line 2|address line 3|address line 4|address 1|address 2|address 3"
        "|address 4|addr 1|addr 2|addr 3|line 1|line 2|line 3|1st line of address|first line of address"
        "|second line of address|town|city|town city|city town|town or city|post town|village|county|locality|area"
    ),
    Field.EMAIL: (
        "email|e mail|email address|e mail address|mail|mail address|emails|email id|eml|email 1|email 2"
        "|home email|personal email|work email|email home|email work|other email|second email"
    ),
    Field.PHONE: (
        "phone|phone number|phone no|telephone|telephone number|telephone no|tel|tel no|tel number|mobile"
        "|mobile number|mobile no|mobile phone|mob|mob no|cell|cell phone|home phone|landline|work phone|contact number"
        "|contact no|ph|whatsapp|whatsapp number|phone 1|phone 2|mobile tel|tel mobile|tel home|home tel"
        "|telephone mobile|other phone|second phone|day phone|evening phone"
    ),
    Field.CONNECTION: (
        "connection|relationship|relation|relation to person|relationship to person|link|who are they to the person"
        "|who they are to the person|connection to person|connection to the case|friend of"
    ),
    Field.HOW_KNOWN: (
        "how known|knows from|how they know the person|how they know them|how i know them|knows them from|known through"
        "|how they know the person in their own words"
    ),
    Field.OWN_WORDS: (
        "own words|in your own words|in their own words|why it matters|why it matters to me|why it matters to them"
        "|why this matters|words for the letter|message to mp|message to their mp|your message|personal message"
        "|personal statement|why it matters to them in their own words"
    ),
    Field.TO_MEMBER: (
        "who they are to their mp|who they are to mp|to mp|role for mp|connection to mp|relationship to mp|link to mp"
        "|knows mp|how they know their mp|standing with mp"
    ),
    Field.LANGUAGES: (
        "language|languages|languages spoken|language spoken|speaks|spoken languages|other languages|mother tongue"
        "|first language|preferred language|langs|lang|language s"
    ),
    Field.OFFERS: (
        "can help with|can help|offers|offer|help offered|offering|skills|skill|help|can do|volunteering for"
        "|will help with|would help with|happy to help with|willing to|able to help with|ways to help|what can they do"
    ),
    Field.TABLE: "table|table name|table no|table number|table at the hall|tbl|seat|seated at|table in hall",
    Field.NOTICE_GIVEN_ON: (
        "told what we keep on|told what we keep|notice given on|notice given|notice|privacy notice|date of notice"
        "|notice date|date told|told on|privacy notice given|privacy notice given on|date privacy notice given"
        "|data notice|paper c|paper c given|paper c given on|date notice given|gdpr notice date|date of privacy notice"
    ),
    Field.WRITES: (
        "will write|writes|will write to mp|will write to their mp|wants to write|happy to write|will sign"
        "|will sign letter|letter|letter to mp|write to mp|will they write|writes to mp|signing|sign a letter"
    ),
}

BEGINNINGS = {
    Field.CONNECTION: ("who are you to",),
    Field.HOW_KNOWN: ("how do you know", "how do they know", "how does", "how you know", "how long"),
    Field.OWN_WORDS: (
        "why does it matter",
        "why does this matter",
        "why it matters",
        "what would be lost",
        "in your own words",
    ),
    Field.TO_MEMBER: ("who are you to your mp", "how do you know your mp", "do you know your mp"),
    Field.LANGUAGES: ("which language", "what language", "do you speak"),
    Field.OFFERS: (
        "how can you help",
        "what can you",
        "can you help",
        "could you help",
        "how would you like to help",
    ),
    Field.WRITES: ("will you write", "would you write", "would you like to write", "do you want to write"),
}
"""How a heading begins that is a whole question. The longer beginning wins."""

HOLDS = {
    Field.EMAIL: ("email", "e mail"),
    Field.POSTCODE: ("postcode", "post code", "postal code"),
    Field.PHONE: ("phone", "mobile", "telephone"),
    Field.GIVEN: ("first name", "forename"),
    Field.FAMILY: ("surname", "last name", "family name"),
    Field.LANGUAGES: ("language",),
}
"""Words so plain that a heading which only holds them is meant, where no other column says it better."""

FILLERS = (
    "a|an|and|is|of|please|s|the|their|they|this|type|what|which|your|you|enter|in|capitals|optional"
    "|required|supporter|supporters|person|persons|attendee|details"
)
"""Words that say nothing about what a column holds."""

POLITICS = "how a person votes is their own, and no letter to an MP needs it"
REASONS = "a reason can tell what a person believes, and a letter carries it only in their own words"
IMMIGRATION = "it could harm the supporter, and no letter to an MP needs it"
SELF = "no letter to an MP needs it"
MONEY = "Casework has no use for it, and it could be stolen"

NEVER_KEPT = {
    POLITICS: (
        "party|political party|party member|party membership|votes|vote|votes for|voted|voted for|voting"
        "|voting intention"
        "|how they vote|how vote|vote last time|voted last time|politics|political views|political opinion|leaning"
        "|supports party|party supported|labour|conservative|canvass|canvassing|will vote|promise"
    ),
    REASONS: (
        "reason|reasons|why|why support|why they support|why i support|reason for supporting|reasons for supporting"
        "|reason for support|why are supporting|beliefs|belief|opinion|views|motivation"
    ),
    IMMIGRATION: (
        "home office reference|home office ref|home office number|home office ref no|ho ref|ho reference"
        "|ho number|horef"
        "|immigration number|immigration status|immigration|immigration ref|visa|visa status|visa type|visa number"
        "|asylum"
        "|asylum status|leave to remain|right to work|passport|passport number|passport no|brp|brp number|arc"
        "|arc number|uan|gwf|gwf number|case id|settled status|share code|refugee|port reference|port ref"
    ),
    SELF: (
        "date of birth|dob|birth date|birthdate|birthday|d o b|born|year of birth|age|nationality|citizenship"
        "|country of origin|country of birth|place of birth|born in|religion|faith|church|mosque|ethnicity|ethnic group"
        "|ethnic origin|race|sexuality|sexual orientation|gender identity|health|disability|disabilities|medical"
        "|medical conditions|union|trade union|union member|convictions|criminal record|ni number|national insurance"
        "|national insurance number|nino|nhs number|marital status"
    ),
    MONEY: "bank|bank account|account number|sort code|card number|iban|salary|income|benefits",
}

NEVER_HOLDS = {
    POLITICS: (
        "political",
        "party",
        "do you vote",
        "did you vote",
        "vote for",
        "voting intention",
        "will you vote",
    ),
    REASONS: ("why do you", "why are you", "why did you", "reason for", "reasons for", "reason you"),
    IMMIGRATION: ("home office", "immigration", "passport", "visa", "asylum", "leave to remain"),
    SELF: (
        "date of birth",
        "nationality",
        "religio",
        "ethnic",
        "disabilit",
        "country of origin",
        "national insurance",
    ),
    MONEY: ("bank account", "sort code"),
}
"""How a word, or several, begin in a longer heading that is never kept."""

WORKED_OUT = (
    "mp|member|member of parliament|constituency|name of mp|mps name|your mp|their mp|mp name|ward|region|council"
    "|constituency name|parliamentary constituency"
)
"""What Casework finds by itself."""

BLANKS = (
    "-|–|—|--|---|.|..|...|?|??|/|n/a|na|n.a.|n.a|n\\a|none|nil|null|unknown|tbc|tbd|tba|nan|#n/a|#ref!|#value!|#name?"
    "|#div/0!|#null!|#num!|not given|not known|no answer|not applicable|don't know|left blank|(blank)|[blank]"
)
"""What people type into a cell that has nothing in it."""

YES = "y|yes|true|t|1|x|✓|✔|☑|ok|okay|will|sure|definitely|tick|ticked|yes please|will write|will sign|of course"
NO = "n|no|false|f|0|✗|✘|☐|not|no thanks|no thank you|will not|won't"

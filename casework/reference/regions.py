"""The three parts of the UK that have bank holidays of their own."""

REGIONS = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}
DEFAULT_REGION = "england-and-wales"

"""A flat plane for drawing the United Kingdom: transverse Mercator around 2° west, as on British maps.

The formulae are those for the sphere in J. P. Snyder, "Map Projections: A Working Manual" (US Geological
Survey Professional Paper 1395, 1987), 8-1 and 8-3. A sphere in place of the ellipsoid, and no change of
datum, put a place up to some hundred metres from where the National Grid has it: enough for a picture, not
for placing an address.
"""

from math import atan, atanh, cos, radians, sin, tan

EARTH_RADIUS_M = 6_371_000.0
CENTRAL_MERIDIAN = -2.0
TRUE_ORIGIN_LATITUDE = 49.0
FALSE_EASTING_M = 400_000.0
FALSE_NORTHING_M = -100_000.0
SCALE = 0.9996013


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Metres to the east and to the north of a point off Cornwall, much as the National Grid counts them."""
    aside, up = radians(longitude - CENTRAL_MERIDIAN), radians(latitude)
    east = EARTH_RADIUS_M * SCALE * atanh(cos(up) * sin(aside))
    north = EARTH_RADIUS_M * SCALE * (atan(tan(up) / cos(aside)) - radians(TRUE_ORIGIN_LATITUDE))
    return FALSE_EASTING_M + east, FALSE_NORTHING_M + north

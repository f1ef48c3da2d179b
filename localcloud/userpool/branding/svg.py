"""SVG pictures that draw and do nothing else.

Source of both lists: Cognito developer guide, "The branding editor and customizing managed login", image assets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

_ELEMENT_NAMES = """
svg a altglyph altglyphdef altglyphitem animatecolor animatemotion animatetransform audio canvas circle clippath
defs desc ellipse filter font g glyph glyphref hkern image line lineargradient marker mask metadata mpath path
pattern polygon polyline radialgradient rect stop style switch symbol text textpath title tref tspan video view
vkern feblend fecolormatrix fecomponenttransfer fecomposite feconvolvematrix fediffuselighting fedisplacementmap
fedistantlight feflood fefunca fefuncb fefuncg fefuncr fegaussianblur femerge femergenode femorphology feoffset
fepointlight fespecularlighting fespotlight fetile feturbulence
"""
_ATTRIBUTE_NAMES = """
accent-height accumulate additive alignment-baseline ascent attributename attributetype azimuth
basefrequency baseline-shift begin bias by class clip clip-path clip-rule color color-interpolation
color-interpolation-filters color-profile color-rendering cx cy d dx dy diffuseconstant direction display divisor
dur edgemode elevation end fill fill-opacity fill-rule filter filterunits flood-color flood-opacity font-family
font-size font-size-adjust font-stretch font-style font-variant font-weight fx fy g1 g2 glyph-name glyphref
gradientunits gradienttransform height href id image-rendering in in2 k k1 k2 k3 k4 kerning keypoints keysplines
keytimes lang lengthadjust letter-spacing kernelmatrix kernelunitlength lighting-color local marker-end marker-mid
marker-start markerheight markerunits markerwidth maskcontentunits maskunits max mask media method mode min name
numoctaves offset operator opacity order orient orientation origin overflow paint-order path pathlength
patterncontentunits patterntransform patternunits points preservealpha preserveaspectratio r rx ry radius refx refy
repeatcount repeatdur restart result rotate scale seed shape-rendering specularconstant specularexponent
spreadmethod stddeviation stitchtiles stop-color stop-opacity stroke-dasharray stroke-dashoffset stroke-linecap
stroke-linejoin stroke-miterlimit stroke-opacity stroke stroke-width style surfacescale tabindex targetx targety
transform text-anchor text-decoration text-rendering textlength type u1 u2 unicode values viewbox visibility
vert-adv-y vert-origin-x vert-origin-y width word-spacing wrap writing-mode xchannelselector ychannelselector x x1
x2 xmlns y y1 y2 z zoomandpan
"""
_ELEMENTS, _ATTRIBUTES = frozenset(_ELEMENT_NAMES.split()), frozenset(_ATTRIBUTE_NAMES.split())

_INSIDE = re.compile(r"#.*|data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/=\s]*", re.DOTALL)
"""What a link may point to: a part of the picture, or pixels."""


def is_harmless(data: bytes) -> bool:
    """Whether this is SVG of the listed elements and attributes, without a DOCTYPE and without a link to anywhere.

    Attack: a logo with a script, an event handler or a `javascript:` link in it; entities that swell to gigabytes.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = _check_element
    parser.StartDoctypeDeclHandler = _refuse_doctype
    names: list[str] = []
    parser.EndElementHandler = names.append
    try:
        # As text: a declared encoding or a byte order mark changes nothing then.
        parser.Parse(data.decode(), True)
    except (UnicodeDecodeError, expat.ExpatError, ValueError):
        return False
    return names[-1] == "svg"


def _check_element(name: str, attributes: Mapping[str, str]) -> None:
    if name.lower() not in _ELEMENTS:
        raise ValueError(name)
    for attribute, value in attributes.items():
        lower = attribute.lower()
        if lower not in _ATTRIBUTES or (lower == "href" and not _INSIDE.fullmatch(value.strip())):
            raise ValueError(attribute)


def _refuse_doctype(*_: object) -> None:
    raise ValueError("DOCTYPE")

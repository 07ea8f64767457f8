"""QR codes as SVG in the page. Only who draws one imports this: it loads `segno`."""

import segno
from markupsafe import Markup, escape

MOST = 1_000
"""Letters in one code: more makes modules a phone cannot tell apart on paper."""


def svg(text: str, scale: int = 4, label: str = "") -> Markup:
    """`text` (an address, as a rule) as an inline drawing, `scale` units a module.

    `label` is said by screen readers; without it the drawing is silent, so write the address beside it.
    Raises `ValueError` for more than 1,000 letters.
    """
    if len(text) > MOST:
        raise ValueError(f"{len(text)} letters do not fit into a QR code: at most {MOST}")
    drawn = segno.make(text, error="m", micro=False)
    inline = drawn.svg_inline(scale=max(1, min(int(scale), 20)), border=2, light="#fff", svgclass="qr")
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    # S704: the drawing holds only numbers that segno computed; the text is in the pattern, not in the markup.
    return Markup(inline.replace("<svg ", f"<svg {role} ", 1))  # noqa: S704

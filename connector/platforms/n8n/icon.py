"""The nodes' icon: two sheets and an arrow between them, an own drawing."""

ICON = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="10" fill="#b8321a"/>
<path d="M10 14h18v24H10zM36 26h18v24H36z" fill="#fff"/>
<path d="M14 20h10M14 26h10M40 32h10M40 38h10" stroke="#f6c8ba" stroke-width="3"/>
<path d="M34 12h10v7h6l-10 10-10-10h6z" fill="#781e0e" transform="translate(3 -6) scale(.9)"/>
</svg>
"""

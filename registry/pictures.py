"""Pictures that people upload: decoded within limits, without anything that came with them.

What is kept is always written anew from the pixels: where and with what a picture was taken, comments
and whatever else a file can carry stay behind.
"""

from __future__ import annotations

import io
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MEGABYTE = 1_000_000
LARGEST_FILE = 2 * MEGABYTE
MOST_PIXELS = 16_000_000


def read(
    file: BinaryIO,
    *,
    formats: tuple[str, ...] = ("PNG", "JPEG"),
    largest: int = LARGEST_FILE,
    most_pixels: int = MOST_PIXELS,
) -> Image.Image:
    """The picture, upright, in RGBA; the first one where the file holds several.

    ``largest`` in bytes, ``most_pixels`` as the file declares them: known before anything is decoded.
    Raises ValueError, with a sentence that says how to mend it.
    """
    content = file.read(largest + 1)
    if len(content) > largest:
        raise ValueError(
            _("The file is too large. Save the picture with less than %(most)s MB.")
            % {"most": largest // MEGABYTE}
        )
    try:
        with Image.open(io.BytesIO(content), formats=formats) as opened:
            fits = opened.width * opened.height <= most_pixels
            made = ImageOps.exif_transpose(opened).convert("RGBA") if fits else None
    except Exception as error:  # what strangers made can break a decoder in any way
        raise ValueError(
            _("This is no picture that can be read. Save it as PNG (an SVG too) and choose that.")
        ) from error
    if made is None:
        raise ValueError(_("The picture is too large. Save it with fewer pixels."))
    made.info = {}
    return made

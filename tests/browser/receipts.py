"""What somebody holds in the hand after sending: the number, the code to scan, the PDF."""

from __future__ import annotations

from io import BytesIO

import pdfplumber
import zxingcpp
from PIL import Image

from tests.browser.visitor import Visitor

PRINTED = 150
"""Dots per inch at which the receipt is looked at: less than any printer or phone has."""


def keeps_the_receipt(visitor: Visitor) -> str:
    """Look at everything on the last page; returns the number of the application.

    The codes on the page and on the PDF are read from their pixels, as a phone would.
    """
    visitor.arrives("已提交")
    application = visitor.application
    number = visitor.page.locator(".receipt-number").inner_text()
    address = f"{visitor.address}/q/{number}"
    assert scanned(visitor.page.locator(".receipt-code svg").screenshot()) == address
    with pdfplumber.open(BytesIO(_downloaded(visitor))) as receipt:
        (sheet,) = receipt.pages
        assert number in sheet.extract_text()
        assert _decoded(sheet.to_image(resolution=PRINTED).original) == address
    visitor.go(address)
    assert visitor.path == f"/applications/{application}"
    return number


def scanned(picture: bytes) -> str:
    """What the one QR code on a picture says."""
    return _decoded(Image.open(BytesIO(picture)))


def _downloaded(visitor: Visitor) -> bytes:
    link = visitor.page.get_by_role("link", name="下载回执").get_attribute("href")
    pdf = visitor.page.request.get(visitor.address + str(link))
    assert pdf.headers["content-type"] == "application/pdf"
    return pdf.body()


def _decoded(picture: Image.Image) -> str:
    (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert code.format == zxingcpp.BarcodeFormat.QRCode
    return code.text

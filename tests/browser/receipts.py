"""What somebody holds in the hand after sending: the number, the code to scan, the PDF."""

from __future__ import annotations

from io import BytesIO

import pdfplumber
import segno

from tests.browser.visitor import Visitor


def keeps_the_receipt(visitor: Visitor) -> str:
    """Look at everything on the last page; returns the number of the application.

    A code is what its maker draws for one text, so it is compared as drawn.
    """
    visitor.arrives("已提交")
    application = visitor.application
    number = visitor.page.locator(".receipt-number").inner_text()
    address = f"{visitor.address}/q/{number}"
    assert visitor.page.locator(".receipt-code path.qrline").get_attribute("d") == drawn(address)
    link = visitor.page.get_by_role("link", name="下载回执").get_attribute("href")
    pdf = visitor.page.request.get(visitor.address + str(link))
    assert pdf.headers["content-type"] == "application/pdf"
    with pdfplumber.open(BytesIO(pdf.body())) as receipt:
        assert number in receipt.pages[0].extract_text()
    visitor.go(f"/q/{number}")
    assert visitor.path == f"/applications/{application}"
    return number


def drawn(address: str) -> str | None:
    """The path of a QR code that holds an address, in a frame of two modules."""
    inline = segno.make(address, error="m").svg_inline(border=2)
    return inline.partition(' d="')[2].partition('"')[0]

"""The form as HTML, fast: templates rendered once when a release is compiled, joined per request.

What a form's HTML is made of hardly changes between requests. Each question's template is rendered
with marks where value, state and problem go; the pieces between the marks are kept and joined with
the escaped values at request time. Designers change templates, never this package.
"""

from __future__ import annotations

from runtime.web.render.form import FormPieces, compile_form
from runtime.web.render.view import FileShown, FormView

__all__ = ["FileShown", "FormPieces", "FormView", "compile_form"]

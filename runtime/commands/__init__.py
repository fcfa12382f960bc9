"""The command line, a small module per command; `app.py` joins them."""

"""An application's own pages: the form, the papers, the check, the parties, what becomes of it."""

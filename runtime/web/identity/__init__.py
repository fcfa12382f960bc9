"""Who is here: signing in and out, for whom a person acts, and what a stranger had typed."""

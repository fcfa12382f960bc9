"""HTTP only: applicants' pages, later officers' and the API. It decides nothing itself."""

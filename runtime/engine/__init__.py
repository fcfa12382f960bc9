"""Pure decisions: form state, prefill, papers, working days. Time and data come in as arguments."""

"""The public part: find a service, read its guide, see what one's situation leads to."""

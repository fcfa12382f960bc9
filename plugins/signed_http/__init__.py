"""What plugins that talk signed HTTP have in common: signatures, a careful client, a connector.

No plugin itself. `signing` is the agreement, `client` sends and reads, `webhooks` checks what
comes by itself, and `connector` makes a connector of a file of operations.
"""

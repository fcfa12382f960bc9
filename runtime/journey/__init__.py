"""What happens to an application, from its first question to its receipt. No HTTP here.

Pages and the API call these; they read and write through `runtime.store`, decide through
`runtime.engine`, and ask outside through `plugins`.
"""

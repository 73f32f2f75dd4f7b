"""CloudConvert's API v2 over requests: one session, the retry policy, endpoints, streaming transfer."""

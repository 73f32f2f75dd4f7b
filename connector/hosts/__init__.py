"""Where our Python runs inside something else, or in place of something else: each host in a room of its own."""

"""Where our Python runs inside something else, each host in a room of its own."""

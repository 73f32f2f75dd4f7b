"""What several engines share and no library is needed for: sizes, page ranges, stamps, file facts."""

"""The custom connector of Power Platform."""

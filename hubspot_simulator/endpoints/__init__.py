"""What each address of the API does: one module per area, each function (portal, request) -> answer."""

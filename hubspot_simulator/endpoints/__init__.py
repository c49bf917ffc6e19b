"""The endpoints of the API: one module per area, each function (portal, request) -> answer."""

"""Health checks of every part of the product: for `script/manage doctor` and the operators' home page."""

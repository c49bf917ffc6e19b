"""Settings of what runs beside the product: logs, watching, backups."""

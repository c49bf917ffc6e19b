"""How moments are written where Django's own way leaves a doubt: see settings.FORMAT_MODULE_PATH."""

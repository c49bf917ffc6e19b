"""`python -m tests.game_day`, on services of its own: migrate, then play every case."""

import os
import subprocess
import sys
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
django.setup()
sys.exit(import_module("tests.game_day.cases").main())

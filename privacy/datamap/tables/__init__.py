"""Where personal data lives: every column of every table, its class, and what time does to it.

Scrub, purge and export iterate this table; nothing is scrubbed by code of its own elsewhere. A test
compares it with the database, and `script/manage check` with the models: a column that is not listed here
fails the build. The words are explained in privacy/datamap/vocabulary.py.
"""

from privacy.datamap.tables.assessments import ASSESSMENTS, RIGHTS
from privacy.datamap.tables.deliveries import DELIVERIES
from privacy.datamap.tables.people import PEOPLE
from privacy.datamap.tables.questionnaires import EXPERIMENTS, QUESTIONNAIRES
from privacy.datamap.tables.records import RECORDS, WITHOUT_PEOPLE
from privacy.datamap.vocabulary import Table

__all__ = ["TABLES", "WITHOUT_PEOPLE"]

TABLES: dict[str, Table] = ASSESSMENTS | RIGHTS | DELIVERIES | EXPERIMENTS | QUESTIONNAIRES | PEOPLE | RECORDS

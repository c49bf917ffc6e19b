"""The data map: every column of every table, with its class of data and what its retention does to it.

Scrub, purge and export iterate over this map; no table is scrubbed by code of its own. A test compares it
with the database schema, and `script/manage check` with the models: an unlisted column fails the build. The
vocabulary is in privacy/datamap/vocabulary.py.
"""

from privacy.datamap.tables.assessments import ASSESSMENTS, RIGHTS
from privacy.datamap.tables.deliveries import DELIVERIES
from privacy.datamap.tables.people import PEOPLE
from privacy.datamap.tables.questionnaires import EXPERIMENTS, QUESTIONNAIRES
from privacy.datamap.tables.records import RECORDS, WITHOUT_PEOPLE
from privacy.datamap.tables.sales import SALES
from privacy.datamap.vocabulary import Table

__all__ = ["TABLES", "WITHOUT_PEOPLE"]

TABLES: dict[str, Table] = (
    ASSESSMENTS | RIGHTS | SALES | DELIVERIES | EXPERIMENTS | QUESTIONNAIRES | PEOPLE | RECORDS
)

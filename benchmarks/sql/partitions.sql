-- Two layouts of the same tables: `flat`, as they are, and `monthly`, partitioned by the month an assessment began in.
-- No arguments. Keys and indexes follow when the tables are full: benchmarks/partitions.py.
CREATE SCHEMA flat;
CREATE TABLE flat.assessments (LIKE public.assessments INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
CREATE TABLE flat.responses (LIKE public.responses INCLUDING DEFAULTS INCLUDING CONSTRAINTS);

CREATE SCHEMA monthly;
CREATE TABLE monthly.assessments (LIKE public.assessments INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
    PARTITION BY RANGE (created_at);
CREATE TABLE monthly.responses (
    LIKE public.responses INCLUDING DEFAULTS INCLUDING CONSTRAINTS, started_at timestamptz NOT NULL
) PARTITION BY RANGE (started_at);

-- One row of gauges about PostgreSQL, workers and beat, in the order of operations/doctor/metrics.py.
SELECT
    (SELECT 100.0 * count(*) / (
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    ) FROM pg_stat_activity WHERE backend_type = 'client backend'),
    (SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND datname = current_database()),
    pg_database_size(current_database()),
    (SELECT coalesce(max(100.0 * n_dead_tup / (n_live_tup + n_dead_tup)), 0) FROM pg_stat_user_tables
        WHERE n_dead_tup > 10000),
    (SELECT 100.0 * max(age(datfrozenxid)) / 2147483648 FROM pg_database),
    (SELECT coalesce(max(extract(epoch FROM replay_lag)), 0) FROM pg_stat_replication),
    (SELECT extract(epoch FROM clock_timestamp() - max(beat_at)) FROM heartbeats WHERE name = 'workers'),
    (SELECT extract(epoch FROM clock_timestamp() - max(last_run_at)) FROM django_celery_beat_periodictask
        WHERE enabled),
    (SELECT count(*) FROM login_failures WHERE failed_at > now() - interval '5 minutes')

ARG BASE=python:3.13-slim
FROM ${BASE} AS build
# requirements-local.txt adds PostgreSQL itself: pg_dump for backups, and a server to prove them on.
ARG REQUIREMENTS=requirements.txt
RUN python -m venv --without-pip /venv
COPY requirements*.txt /
RUN pip --python /venv/bin/python install --no-cache-dir --require-hashes --no-deps --only-binary=:all: -r "/$REQUIREMENTS"
WORKDIR /app
COPY . .
# Nothing of these is used or kept: settings insist on being complete.
RUN SECRET_KEY=only-while-the-image-is-built-only-while-the-image-is-built FIELD_ENCRYPTION_KEYS=none ALLOWED_HOSTS=build \
    DATABASE_URL=postgresql://build/build REDIS_URL=redis://build/0 \
    /venv/bin/python manage.py collectstatic --noinput

FROM ${BASE}
RUN pip uninstall --yes --root-user-action=ignore pip \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["python", "config/healthcheck.py"]
CMD ["script/run", "web"]

# The site for production; docker-compose.yml runs it as web, workers, beat and migrate.
FROM python:3.11-slim AS site

ENV PYTHONUNBUFFERED=1 \
    DIBT_ENV=production \
    DATA_DIR=/data

RUN useradd --system --uid 10001 --create-home dibt && install --directory --owner dibt /data
WORKDIR /site

COPY requirements/uv.txt requirements/base.txt requirements/
RUN pip install --no-cache-dir --require-hashes --requirement requirements/uv.txt \
    && uv pip install --system --no-cache --require-hashes --requirement requirements/base.txt

COPY . .
RUN python manage.py collectstatic --noinput --verbosity 0 && python -m compileall -q .

USER dibt
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "scripts/healthcheck.py"]
CMD ["gunicorn", "dibt.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]

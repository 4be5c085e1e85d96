FROM python:3.13-slim-bookworm

RUN apt-get update -q \
    && apt-get install -yq --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/portal --no-create-home portal

WORKDIR /srv/portal/code
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/srv/portal/data XDG_CACHE_HOME=/tmp/cache

COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/run.txt

COPY . .
# Catalogues and static files are part of the image. No service is asked for them.
RUN python -m gfmd_portal.messages \
    && DEMO=1 DATABASE_URL=postgres://nobody@nowhere/none REDIS_URL=redis://nowhere \
        python manage.py collectstatic --no-input --verbosity 0 \
    && install -d -o portal -g portal /srv/portal/files

USER portal
EXPOSE 8000

#!/bin/sh
# Once, when the database is made: a user that may do nothing outside its own database. The superuser is left without a
# password, so that it is to be had inside the container only: docker compose exec postgres psql --username=postgres.
set -eu
psql --username=postgres --set=ON_ERROR_STOP=1 --set=password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE mercat LOGIN PASSWORD :'password';
CREATE DATABASE mercat OWNER mercat;
ALTER ROLE postgres PASSWORD NULL;
SQL

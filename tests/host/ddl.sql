-- The tables the host reads and writes, as small as the tests need them (the real ones are hosting's migration).
create table cities (
  id bigint primary key, code text, slug text unique, name text,
  timezone text, color text, logo text, locale text, demo boolean default false
);
create table builds (
  id bigint generated always as identity primary key,
  tree text, lock text, runtime text, code_path text, env_path text, manifest jsonb, size_bytes bigint
);
create table deployments (
  id bigint generated always as identity primary key, tenant_id bigint, name text, enabled boolean default true,
  serving_revision_id bigint, state text default 'off', state_message text, failures int default 0,
  pinned boolean default false, maintenance text default '', trial_of bigint, removed_at timestamptz,
  secret_key_sealed bytea, updated_at timestamptz default now()
);
create table revisions (
  id bigint generated always as identity primary key, tenant_id bigint, deployment_id bigint, number int,
  build_id bigint, version text, config_sealed bytea, limits jsonb, snapshot text
);
create table jobs (
  id uuid primary key default gen_random_uuid(), tenant_id bigint, kind text, subject text,
  state text default 'queued', step text, percent int default 0, message text, log text default '',
  created_at timestamptz default now(), updated_at timestamptz default now(), finished_at timestamptz
);
create table switches (
  id bigint generated always as identity primary key, tenant_id bigint, deployment_id bigint, job_id uuid,
  from_revision_id bigint, to_revision_id bigint, data_source text,
  step text default 'pending', reason text, created_at timestamptz default now(), updated_at timestamptz default now()
);
create unique index one_open_switch on switches (deployment_id) where step not in ('committed', 'reverted', 'failed');
create table errands (
  id bigint generated always as identity primary key, tenant_id bigint, deployment_id bigint, kind text,
  argument jsonb default '{}', state text default 'pending', result jsonb default '{}', message text default '',
  created_at timestamptz default now(), finished_at timestamptz
);
create table provings (
  id bigint generated always as identity primary key, tree text, environment text default '', state text default 'wanted',
  reason text default '', detail text default '', passed bigint default 0, failed bigint default 0,
  skipped bigint default 0, errors bigint default 0, seconds float default 0, failures jsonb default '[]',
  log text default '', attempts bigint default 0, city_id bigint, job_id uuid, finished_at timestamptz
);
create table hosts (name text primary key, beat_at timestamptz, pid int, facts jsonb);
create table domains (
  id bigint generated always as identity primary key, tenant_id bigint, deployment_id bigint, hostname text,
  verified_at timestamptz
);
create table memberships (user_id bigint, city_id bigint);
create table sign_outs (id bigint generated always as identity primary key, user_id bigint, city_id bigint, at timestamptz);
create table samples (
  tenant_id bigint, deployment_id bigint, minute timestamptz, requests bigint, errors bigint, slow bigint,
  histogram bigint[], memory_bytes bigint, cpu_seconds float, disk_bytes bigint, files bigint, wakes bigint,
  starts_ms bigint, processes bigint, killed bigint, stuck bigint, read_only boolean,
  primary key (deployment_id, minute)
);

-- The catalogue as it was loaded. Rows are never changed: a petition names the version it started on.
create table service_versions (
    service text not null,
    digest bytea not null,
    content jsonb not null,
    constraint service_versions_pkey primary key (service, digest)
);

create table catalogue_versions (
    digest bytea constraint catalogue_versions_pkey primary key,
    content jsonb not null,
    first_loaded_at timestamptz not null
);

-- Which version is in force: one row.
create table catalogue_current (
    is_current boolean constraint catalogue_current_pkey primary key constraint catalogue_current_one check (is_current),
    digest bytea not null constraint catalogue_current_digest_fkey references catalogue_versions,
    loaded_at timestamptz not null
);

-- What the search looks in. words is in NFD, so that a half-typed syllable still resembles the whole one.
create table service_words (
    digest bytea not null constraint service_words_digest_fkey references catalogue_versions,
    service text not null,
    locale text not null,
    name text not null,
    words text not null,
    constraint service_words_pkey primary key (digest, service, locale)
);
create index service_words_words_trgm on service_words using gin (words gin_trgm_ops);

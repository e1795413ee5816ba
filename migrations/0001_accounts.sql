-- Accounts, their sessions, and what proves that a contact is its owner's.
-- Every row about a citizen carries citizen_id in its key. A unique rule that cannot contain it
-- (a sign-in name, a session's hash) has a small table of its own, keyed by that value.

create extension if not exists pg_trgm;

create table citizens (
    citizen_id uuid constraint citizens_pkey primary key,
    name text not null constraint citizens_name_length check (char_length(name) between 1 and 100),
    password_hash text not null,
    locale text not null constraint citizens_locale_known check (locale in ('ko', 'en')),
    created_at timestamptz not null,
    password_changed_at timestamptz not null
);

-- Confirmed contacts only.
create table contacts (
    citizen_id uuid not null constraint contacts_citizen_fkey references citizens on delete cascade,
    kind text not null constraint contacts_kind_known check (kind in ('email', 'phone')),
    address text not null,
    confirmed_at timestamptz not null,
    constraint contacts_pkey primary key (citizen_id, kind)
);

-- Look-up: which account a contact signs in to. No foreign key: it is spread by another column.
create table sign_in_names (
    address text constraint sign_in_names_pkey primary key,
    citizen_id uuid not null
);

-- Somebody has filled in the sign-up form and still has to confirm the contact.
-- The citizen_id is minted here and kept for life.
create table registrations (
    citizen_id uuid constraint registrations_pkey primary key,
    name text not null,
    password_hash text not null,
    locale text not null,
    created_at timestamptz not null
);

-- A code on its way to a contact. code_hash is null where the contact has an account already:
-- then no code fits, and the page looks the same.
create table confirmations (
    citizen_id uuid not null,
    kind text not null constraint confirmations_kind_known check (kind in ('email', 'phone')),
    address text not null,
    code_hash bytea,
    tries_left smallint not null,
    sent_at timestamptz not null,
    expires_at timestamptz not null,
    constraint confirmations_pkey primary key (citizen_id, kind)
);
create index confirmations_expires_at on confirmations (expires_at);

create table officers (
    officer_id uuid constraint officers_pkey primary key,
    name text not null,
    email text not null constraint officers_email_unique unique,
    agency text not null,
    department text not null,
    role text not null
        constraint officers_role_known check (role in ('officer', 'supervisor', 'steward', 'centre', 'auditor')),
    -- Null until the set-up link was used.
    password_hash text,
    locale text not null,
    created_at timestamptz not null,
    password_changed_at timestamptz
);

-- The cookie's value is never stored, only its hash. handle names a session in lists.
create table sessions (
    id_hash bytea constraint sessions_pkey primary key,
    handle uuid not null,
    holder_kind text constraint sessions_holder_kind_known check (holder_kind in ('citizen', 'officer')),
    holder_id uuid,
    data jsonb not null,
    device text not null default '',
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    constraint sessions_holder_whole check ((holder_kind is null) = (holder_id is null))
);
create index sessions_holder_id on sessions (holder_id) where holder_id is not null;
create index sessions_expires_at on sessions (expires_at);

-- Links that set a password: one use, then the row is gone.
create table password_links (
    token_hash bytea constraint password_links_pkey primary key,
    purpose text not null constraint password_links_purpose_known check (purpose in ('reset', 'set-up')),
    holder_kind text not null,
    holder_id uuid not null,
    expires_at timestamptz not null
);
create index password_links_holder_id on password_links (holder_id);
create index password_links_expires_at on password_links (expires_at);

-- Tries per key; the key is a keyed hash of an account's contact or of an address.
create table throttles (
    key bytea constraint throttles_pkey primary key,
    tries integer not null,
    -- Up to here tries have been forgotten.
    last_at timestamptz not null,
    -- Null while nobody has to wait.
    free_at timestamptz
);
create index throttles_last_at on throttles (last_at);

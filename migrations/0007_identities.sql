-- Who somebody is, as the resident register has confirmed it. The resident number is sealed (AES-256-GCM-SIV); number_key says
-- with which key, and the seal is bound to table, column and citizen_id: a value copied into another row does not open.

create table identities (
    citizen_id uuid constraint identities_pkey primary key
        constraint identities_citizen_fkey references citizens on delete cascade,
    -- As the register has it.
    name text not null constraint identities_name_length check (char_length(name) between 1 and 100),
    number_sealed bytea not null,
    number_key text not null,
    -- The same as in identity_numbers, so that deleting an account finds its entry there by key.
    number_hash bytea not null,
    verified_at timestamptz not null
);
-- What is sealed with a key that is to go.
create index identities_number_key on identities (number_key, citizen_id);

-- Look-up: one verified account for each person, by a keyed hash of the number. No foreign key: it is spread by another column.
create table identity_numbers (
    number_hash bytea constraint identity_numbers_pkey primary key,
    citizen_id uuid not null
);

-- Somebody waits for the code that proves it. Where the register did not confirm name and number, both are null and no code
-- fits; the page looks the same.
create table identity_attempts (
    citizen_id uuid constraint identity_attempts_pkey primary key
        constraint identity_attempts_citizen_fkey references citizens on delete cascade,
    -- Names the attempt in tickets.
    case_id uuid not null,
    name text,
    number_sealed bytea,
    number_key text,
    -- Null until the code has been sent.
    code_hash bytea,
    tries_left smallint not null,
    started_at timestamptz not null,
    expires_at timestamptz not null,
    constraint identity_attempts_claim_whole
        check ((number_sealed is null) = (name is null) and (number_key is null) = (name is null))
);
create index identity_attempts_expires_at on identity_attempts (expires_at);

grant select, insert, update, delete on identities, identity_numbers, identity_attempts to madang_server;

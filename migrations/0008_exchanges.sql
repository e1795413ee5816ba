-- Requests to agencies: written before they leave, so that no look-up is without a trace even when the portal is killed
-- before the reply. A row stays until it is sealed into the log, a second after its end.
create table exchanges (
    subject_id uuid not null,
    request_id uuid not null,
    -- When it was asked last.
    asked_at timestamptz not null,
    tries integer not null default 1,
    holder text not null,
    -- Canonical JSON, as they stand in the line of the log.
    ticket text not null,
    outcome text,
    -- What proves that it was asked, and that it was answered so.
    evidence text,
    reply_evidence text,
    -- What cannot be sealed is left out, so that the rest can.
    is_broken boolean not null default false,
    constraint exchanges_pkey primary key (subject_id, request_id)
);
create index exchanges_asked_at on exchanges (asked_at);

-- The portal's half of the log: a chain of lines, each with the digest of the one before. Insert-only by privilege.
create table exchange_log (
    subject_id uuid not null,
    request_id uuid not null,
    number bigint not null,
    line text not null,
    evidence text,
    reply_evidence text,
    constraint exchange_log_pkey primary key (subject_id, request_id),
    constraint exchange_log_number_positive check (number > 0)
);
create index exchange_log_number on exchange_log (number);

-- The end of the chain: one row. Only who seals locks it, never who asks an agency.
create table exchange_log_head (
    is_head boolean constraint exchange_log_head_pkey primary key constraint exchange_log_head_one check (is_head),
    owner text not null,
    entries bigint not null,
    digest text not null
);

grant select, insert, update, delete on exchanges to madang_server;
grant select, insert on exchange_log to madang_server;
grant select, insert, update on exchange_log_head to madang_server;

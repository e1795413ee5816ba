-- The inbox of madang-gateway. Run it as the owner of the database, after `create role gateway_inbox login;`.
create schema inbox;

create table inbox.submissions (
    client text not null,
    request uuid not null,
    received timestamptz not null,
    form text not null,
    kind text not null,
    purpose text not null,
    petition uuid not null,
    subject text not null,
    target_kind text not null,
    target text not null,
    name text,
    content jsonb not null,
    ticket text not null,
    fingerprint text not null,
    state text not null default 'received',
    since timestamptz not null,
    constraint submissions_pkey primary key (client, request),
    constraint submissions_state_known check (state in ('received', 'in_progress', 'done', 'declined'))
);

create index submissions_by_state on inbox.submissions (state, received);

-- The gateway adds rows, and sees what became of them; never what is in them.
grant usage on schema inbox to gateway_inbox;
grant insert on inbox.submissions to gateway_inbox;
grant select (client, request, kind, subject, fingerprint, state, since) on inbox.submissions to gateway_inbox;

create table if not exists submissions (
    client text not null,
    request text not null,
    received text not null,
    form text not null,
    kind text not null,
    purpose text not null,
    petition text not null,
    subject text not null,
    target_kind text not null,
    target text not null,
    name text,
    content text not null,
    ticket text not null,
    fingerprint text not null,
    state text not null default 'received',
    since text not null,
    constraint submissions_pkey primary key (client, request),
    constraint submissions_state_known check (state in ('received', 'in_progress', 'done', 'declined'))
) strict;

create index if not exists submissions_by_state on submissions (state, received);

-- Messages to people. The row is written in the transaction of what it tells; a job sends it.
create table messages (
    recipient_id uuid not null,
    message_id uuid not null,
    channel text not null constraint messages_channel_known check (channel in ('email', 'phone')),
    address text not null,
    subject text not null,
    -- Null once the provider has accepted it: codes and links are not kept longer than needed.
    body text,
    created_at timestamptz not null,
    -- Set only by the provider's answer.
    sent_at timestamptz,
    answer text,
    constraint messages_pkey primary key (recipient_id, message_id)
);
create index messages_created_at on messages (created_at);

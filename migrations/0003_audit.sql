-- Who did what to whom. Insert-only by privilege; partitioned by month.
create table audit_events (
    subject_id uuid not null,
    occurred_at timestamptz not null,
    event_id uuid not null,
    actor_kind text not null
        constraint audit_events_actor_kind_known check (actor_kind in ('citizen', 'officer', 'portal', 'nobody')),
    actor_id uuid,
    action text not null,
    detail jsonb not null default '{}',
    constraint audit_events_pkey primary key (subject_id, occurred_at, event_id)
) partition by range (occurred_at);

-- Takes what has no month yet, so that nothing is lost when the job that prepares months is late.
create table audit_events_default partition of audit_events default;

-- Prepares this month and the two that follow. Runs as its owner, because the serving role may not create tables.
create function prepare_audit_months(today date) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    first date := date_trunc('month', today)::date;
    month date;
    part text;
    since text;
    until text;
    made integer := 0;
begin
    perform pg_advisory_xact_lock(hashtext('prepare_audit_months'));
    for i in 0..2 loop
        month := (first + make_interval(months => i))::date;
        part := 'audit_events_' || to_char(month, 'YYYY_MM');
        if to_regclass('public.' || part) is null then
            -- Rows that came before their month wait in the default partition: they move first.
            since := month::text || ' 00:00:00+00';
            until := (month + interval '1 month')::date::text || ' 00:00:00+00';
            execute format('create table public.%I (like public.audit_events including all)', part);
            execute format(
                'with moved as (
                     delete from public.audit_events_default where occurred_at >= %L and occurred_at < %L returning *
                 ) insert into public.%I select * from moved', since, until, part
            );
            execute format(
                'alter table public.audit_events attach partition public.%I for values from (%L) to (%L)',
                part, since, until
            );
            made := made + 1;
        end if;
    end loop;
    return made;
end
$$;

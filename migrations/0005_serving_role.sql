-- The role that serves: it reads and writes rows, and owns nothing. Roles belong to the whole cluster,
-- so another database may have made it already, even at this moment.
do $$
begin
    if not exists (select from pg_roles where rolname = 'madang_server') then
        create role madang_server nologin;
    end if;
exception
    when duplicate_object or unique_violation then null;
end
$$;

grant usage on schema public to madang_server;
grant select, insert, update, delete on
    citizens, contacts, sign_in_names, registrations, confirmations, officers, sessions, password_links, throttles, messages
    to madang_server;
grant select, insert on audit_events to madang_server;
grant select on service_versions, catalogue_versions, catalogue_current, service_words, _sqlx_migrations to madang_server;
revoke execute on function prepare_audit_months(date) from public;
grant execute on function prepare_audit_months(date) to madang_server;

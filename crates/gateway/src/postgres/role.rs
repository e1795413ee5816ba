//! What a role may do.

use sqlx::PgConnection;

/// What a role may do that a gateway's must not.
pub(crate) struct Role {
    /// Rights over the whole server, such as `superuser`.
    pub(crate) powers: Vec<String>,
    /// The tables that it may write, with the right to do so: `public.taxes: insert`.
    pub(crate) tables: Vec<String>,
}

/// Looks at the role that is signed in, and at every role that it could become.
pub(crate) async fn rights(connection: &mut PgConnection) -> Result<Role, sqlx::Error> {
    let powers = sqlx::query_scalar(
        "select distinct power
         from pg_roles r,
              lateral (values ('superuser', r.rolsuper), ('createrole', r.rolcreaterole),
                              ('createdb', r.rolcreatedb), ('replication', r.rolreplication),
                              (r.rolname, r.rolname in ('pg_write_all_data', 'pg_write_server_files',
                                                        'pg_execute_server_program', 'pg_database_owner'))
                      ) as powers (power, has)
         where has and pg_has_role(r.oid, 'member')
         order by power",
    );
    let powers = powers.fetch_all(&mut *connection).await?;
    // A column's right is enough to write; an owner can give itself every right.
    let tables = sqlx::query_scalar(
        "select distinct format('%I.%I: %s', n.nspname, c.relname, what)
         from pg_class c
         join pg_namespace n on n.oid = c.relnamespace
         cross join pg_roles r
         cross join unnest(array['insert', 'update', 'delete', 'truncate', 'own']) as what
         where c.relkind in ('r', 'p', 'v', 'm', 'f')
           and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_toast%'
           and n.nspname not like 'pg\\_temp%'
           and pg_has_role(r.oid, 'member')
           and case when what = 'own' then c.relowner = r.oid
                    when what in ('insert', 'update') then has_any_column_privilege(r.oid, c.oid, what)
                    else has_table_privilege(r.oid, c.oid, what) end
         order by 1",
    );
    Ok(Role { powers, tables: tables.fetch_all(connection).await? })
}

impl Role {
    /// One sentence for each thing that it may do, about the role of `whom`.
    pub(crate) fn faults(&self, whom: &str) -> Vec<String> {
        let powers = self.powers.iter().map(|power| format!("the {whom}'s role has the right `{power}`"));
        let tables = self.tables.iter().map(|right| format!("the {whom}'s role may write: {right}"));
        powers.chain(tables).collect()
    }
}

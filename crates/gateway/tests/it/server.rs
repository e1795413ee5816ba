//! A PostgreSQL register of its own for each test, with a role that may read it.

use std::str::FromStr as _;

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection,
    postgres::PgConnectOptions,
};

use crate::world::World;

/// A database with the same register as the SQLite file's, and its roles.
pub struct Server {
    pub world: World,
    pub owner: PgConnection,
    /// The name of the database, and of the role that reads.
    pub name: String,
    address: PgConnectOptions,
}

#[expect(clippy::disallowed_methods, reason = "tests are told their server by the environment")]
fn server() -> PgConnectOptions {
    PgConnectOptions::from_str(&std::env::var("DATABASE_URL").expect("DATABASE_URL names a server")).unwrap()
}

impl Server {
    pub async fn start(test: &str) -> Self {
        let name = format!("gateway_{}_{test}", std::process::id());
        let address = server();
        let mut admin = address.connect().await.unwrap();
        run(&mut admin, &format!("create role {name} login")).await;
        run(&mut admin, &format!("create database {name}")).await;
        admin.close().await.unwrap();
        let mut owner = address.clone().database(&name).connect().await.unwrap();
        run(&mut owner, REGISTER).await;
        run(&mut owner, &format!("grant select on residents, incomes to {name}")).await;
        let world = World::new();
        let server = Self { world, owner, name, address };
        let url = server.url(&server.name);
        server.world.edit("sqlite = \"register.sqlite\"", &format!("postgres = \"{url}\""));
        // A whole number is compared with a text nowhere but in SQLite.
        server.world.edit("number > :after", "number > :after::bigint");
        server
    }

    /// The database's address for a role.
    pub fn url(&self, role: &str) -> String {
        format!("postgres://{role}@{}:{}/{}", self.address.get_host(), self.address.get_port(), self.name)
    }

    pub async fn run(&mut self, sql: &str) {
        run(&mut self.owner, sql).await;
    }

    /// Removes the database and its roles.
    pub async fn finish(self, others: &[&str]) {
        let Self { owner, name, address, .. } = self;
        owner.close().await.unwrap();
        let mut admin = address.connect().await.unwrap();
        run(&mut admin, &format!("drop database {name} with (force)")).await;
        for role in [&[name.as_str()], others].concat() {
            run(&mut admin, &format!("drop role {role}")).await;
        }
    }
}

async fn run(connection: &mut PgConnection, sql: &str) {
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
}

const REGISTER: &str = "
    create table residents (resident_number char(14) primary key, name text not null);
    create table incomes (number bigint primary key, resident_number text not null,
        year smallint not null, amount bigint, employer varchar(80), paid date, regular boolean,
        jobs text[], rate numeric);
    insert into residents values ('900101-1234567', '김민지'), ('910203-2345678', '이서연');
    insert into incomes values
        (1, '900101-1234567', 2024, 41000000, 'Hangang Works', '2024-03-05', true, '{cook,guard}', 3.30),
        (2, '900101-1234567', 2025, 48200000, 'Hangang Works', '2025-03-05', true, '{cook}', 3.30),
        (3, '900101-1234567', 2025, null, 'Namsan Books', null, false, '{}', null),
        (4, '910203-2345678', 2025, 9900000, 'Canary Ltd', '2025-01-01', true, null, 0)";

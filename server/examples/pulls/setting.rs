//! A portal with its PostgreSQL, the real gateway of one agency, and pulls by the portal's own way.

use exchange::{
    message::{Page, Reply},
    ticket::{Actor, Ticket},
};
use server::{exchange::ask, state::Portal};

use crate::{
    portal::TestPortal,
    running::Running,
    world::{World, id, person, pull_of},
};

/// People in the register, each with five records.
const PEOPLE: u32 = 10_000;
/// Records of each.
pub const RECORDS: usize = 5;

/// Everything that a pull needs.
pub struct Setting {
    pub portal: TestPortal,
    running: Running,
}

impl Setting {
    /// With a gateway for `nts` beside what `world` already names.
    pub async fn start(name: &str, world: &mut World) -> Self {
        let running = Running::with(world, ("nts", &register())).await;
        // Reads the file, and leaves it where the portal finds it.
        drop(world.agencies());
        let file = world.at("agencies.toml").display().to_string();
        let settings = [("MADANG_AGENCIES", file.as_str()), ("MADANG_DATABASE_CONNECTIONS", "16")];
        Self { portal: TestPortal::start_at_present(name, &settings).await, running }
    }

    /// A handle on the portal.
    pub fn portal(&self) -> Portal {
        self.portal.portal.clone()
    }

    pub async fn finish(self) {
        self.running.finish().await;
        self.portal.finish().await;
    }
}

/// The resident number of one of the people.
pub fn number(of: u32) -> String {
    format!("900101-{:07}", 3_000_000 + of % PEOPLE)
}

fn register() -> String {
    format!(
        "create index incomes_by_person on incomes (resident_number, number);
         with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < {PEOPLE})
         insert into residents select printf('900101-%07d', 3000000 + i), '김민지' from n;
         with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < {PEOPLE} * {RECORDS})
         insert into incomes select 1000 + i, printf('900101-%07d', 3000000 + i / {RECORDS}), 2021 + i % 5, i from n;"
    )
}

/// The citizen whom a ticket is for.
pub fn citizen(ticket: &Ticket) -> domain::id::CitizenId {
    let Actor::Citizen(person) = ticket.actor else { panic!("{:?}", ticket.actor) };
    domain::id::CitizenId(person.uuid())
}

/// Asks the gateway for the records of one of the people.
pub async fn pull(portal: Portal, of: u32) {
    let agencies = portal.agencies.as_ref().unwrap();
    let request = pull_of(agencies, ("nts", person((&number(of), "김민지"))), Page::first(20));
    let reply = ask(&portal, citizen(request.ticket()), &id("nts"), &request).await.unwrap();
    let Ok(Reply::Found(found)) = &reply else { panic!("{reply:?}") };
    assert_eq!(found.records.len(), RECORDS);
}

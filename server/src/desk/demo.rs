//! Accounts for trying the sandbox. Production refuses to start where they exist.

use domain::{
    account::{Contact, PersonName},
    actor::Role,
    id::CitizenId,
    text::Locale,
};
use store::{
    StoreError, citizen, contact, officer,
    registration::{self, Registration},
};
use zeroize::Zeroizing;

use super::{
    Refusal,
    officer::{AddOfficer, add},
};
use crate::state::Portal;

/// The domain of every demo account; nobody owns a mailbox there (RFC 6761, section 6.5).
pub const DOMAIN: &str = "demo.madang.example";

/// A demo account.
#[derive(Clone, Copy, Debug)]
pub struct Demo {
    /// What to sign in with, before the `@`.
    pub user: &'static str,
    /// The name.
    pub name: &'static str,
    /// The password; these are no secret.
    pub password: &'static str,
    /// None: a citizen.
    pub office: Option<(Role, &'static str, &'static str)>,
}

const fn citizen(user: &'static str, name: &'static str) -> Demo {
    Demo { user, name, password: "madang-lantern-rice", office: None }
}

const fn staff(user: &'static str, name: &'static str, role: Role) -> Demo {
    Demo { user, name, password: "counter-pine-ledger", office: Some((role, "gaon", "reception")) }
}

/// All of them.
pub const ALL: &[Demo] = &[
    citizen("citizen", "김하늘"),
    staff("officer", "이도윤", Role::Officer),
    staff("supervisor", "박서연", Role::Supervisor),
    staff("steward", "최지우", Role::Steward),
    staff("centre", "정민재", Role::Centre),
    staff("auditor", "한유진", Role::Auditor),
];

impl Demo {
    /// What to sign in with.
    pub fn address(&self) -> String {
        format!("{}@{DOMAIN}", self.user)
    }
}

/// Makes the demo accounts that are missing, and gives the others the printed password again.
///
/// # Errors
/// [`Refusal`].
pub async fn make(portal: &Portal) -> Result<(), Refusal> {
    for demo in ALL {
        match make_one(portal, demo).await {
            // Another server makes them at the same time.
            Err(Refusal::Store(StoreError::Constraint(_)) | Refusal::Flaws(_) | Refusal::Gone) => {}
            other => other?,
        }
    }
    Ok(())
}

async fn make_one(portal: &Portal, demo: &Demo) -> Result<(), Refusal> {
    {
        let Ok(contact) = Contact::parse(&demo.address()) else { return Ok(()) };
        let Ok(name) = PersonName::parse(demo.name) else { return Ok(()) };
        match demo.office {
            None => make_citizen(portal, demo, &name, &contact).await?,
            Some((role, agency, department)) => {
                let new = AddOfficer {
                    name,
                    email: contact,
                    agency: agency.to_owned(),
                    department: department.to_owned(),
                    role,
                    locale: Locale::Ko,
                };
                make_officer(portal, demo, &new).await?;
            }
        }
    }
    Ok(())
}

async fn make_citizen(
    portal: &Portal,
    demo: &Demo,
    name: &PersonName,
    address: &Contact,
) -> Result<(), Refusal> {
    let known = {
        let mut db = portal.pool.acquire().await?;
        match contact::holder_of(&mut db, address).await? {
            Some(id) => Some((id, citizen::password_hash(&mut db, id).await?)),
            None => None,
        }
    };
    let password = Zeroizing::new(demo.password.to_owned());
    if let Some((id, hash)) = known {
        // Whoever tried things has changed it perhaps; the next one reads the printed password.
        if !portal.passwords.verify(password.clone(), hash).await? {
            let new_hash = portal.passwords.hash(password).await?;
            let mut db = portal.pool.acquire().await?;
            citizen::set_password_hash(&mut db, id, &new_hash, portal.now()).await?;
        }
        return Ok(());
    }
    let password_hash = portal.passwords.hash(password).await?;
    let now = portal.now();
    let citizen_id = CitizenId::mint(now, &*portal.chance);
    let mut tx = portal.pool.begin().await?;
    let new = Registration { citizen_id, name, password_hash: &password_hash, locale: Locale::Ko };
    registration::insert(&mut tx, new, now).await?;
    citizen::insert_from_registration(&mut tx, citizen_id, now).await?;
    registration::delete(&mut tx, citizen_id).await?;
    contact::put(&mut tx, citizen_id, address, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn make_officer(portal: &Portal, demo: &Demo, new: &AddOfficer) -> Result<(), Refusal> {
    let hash = {
        let mut db = portal.pool.acquire().await?;
        match officer::holder_of(&mut db, &new.email).await? {
            Some(known) => officer::password_hash(&mut db, known).await?,
            None => None,
        }
    };
    let password = Zeroizing::new(demo.password.to_owned());
    if hash.is_none() {
        add(portal, new).await?;
    } else if portal.passwords.verify(password.clone(), hash).await? {
        return Ok(());
    }
    let new_hash = portal.passwords.hash(password).await?;
    let mut db = portal.pool.acquire().await?;
    let known = officer::holder_of(&mut db, &new.email).await?.ok_or(Refusal::Gone)?;
    officer::set_password_hash(&mut db, known, &new_hash, portal.now()).await?;
    Ok(())
}

/// Whether any demo account exists.
///
/// # Errors
/// [`Refusal`].
pub async fn exists(portal: &Portal) -> Result<bool, Refusal> {
    let mut db = portal.pool.acquire().await?;
    for demo in ALL {
        let Ok(address) = Contact::parse(&demo.address()) else { continue };
        let found = match demo.office {
            None => contact::holder_of(&mut db, &address).await?.is_some(),
            Some(_) => officer::holder_of(&mut db, &address).await?.is_some(),
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

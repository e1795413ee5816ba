//! The only SQL of the portal: one file per noun, one function per query, all on `&mut PgConnection`,
//! so that the use case decides what belongs to one transaction.

pub mod audit;
pub mod catalogue;
pub mod citizen;
pub mod confirmation;
pub mod contact;
mod error;
pub mod exchange;
pub mod identity;
pub mod identity_attempt;
pub mod job;
pub mod message;
pub mod migrate;
pub mod officer;
pub mod password_link;
pub mod registration;
mod sealed;
pub mod session;
#[cfg(feature = "testing")]
pub mod testing;
pub mod throttle;

pub use error::StoreError;
pub use sealed::Sealed;
pub use sqlx::{PgConnection, PgPool};

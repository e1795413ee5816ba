//! Pages of an account: making one, getting in, looking after it, leaving.

pub mod contact;
pub mod delete;
pub mod home;
pub mod identity;
pub mod password;
pub mod reset;
pub mod sessions;
pub mod sign_in;
pub mod sign_up;

use crate::page::locale;
use crate::ui::{Crumb, trail};
use crate::words::account as words;

/// The way from the home page to the account.
fn below_account() {
    let l = locale();
    trail([Crumb::new("/account", words::home::title(l))]);
}

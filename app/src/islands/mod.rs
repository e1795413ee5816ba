//! The islands: the only parts that run in the browser. Without scripts they are not there, and nothing is
//! missed but comfort.

mod reveal_password;
mod session_warning;

pub use reveal_password::RevealPassword;
pub use session_warning::SessionWarning;

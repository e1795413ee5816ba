//! The answering side. The order is built in: a request is [verified](Receiver::verify), then
//! [opened](Verified::open), then [authorised](Opened::authorise), and only then is there a target to look up.

mod authorise;
mod duty;
mod reject;
mod verify;

pub use authorise::{Authorised, Opened};
pub use duty::Duty;
pub use reject::{Rejected, open_refusal};
pub use verify::{Receiver, Verified};

//! The answering side. The order is built in: a request is [verified](Receiver::verify), then
//! [opened](Verified::open), then [authorised](Opened::authorise), and only then is there a target to look up.

mod authorise;
mod verify;

pub use authorise::{Authorised, Duty, Opened};
pub use verify::{Receiver, Verified, open_refusal};

//! The portal's client against a real gateway, and against one that does everything wrong.

mod file;
mod gateways;
mod hostile;
mod packages;
mod stand_in;
mod world;

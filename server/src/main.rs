//! The portal's binary.
fn main() {}

//! The portal's server.

//! The only SQL of the portal.

//! Pages that anybody may see.

pub mod design;

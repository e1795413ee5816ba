/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, is shutting down, or gave way to another transaction: worth another try later.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A unique rule or a check was violated; the constraint's name.
    #[error("constraint {0} is violated")]
    Constraint(String),
    /// Anything else: a fault of ours.
    #[error("the database refused: {0}")]
    Other(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => match (database.constraint(), database.code().as_deref()) {
                (Some(constraint), _) => Self::Constraint(constraint.to_owned()),
                // PostgreSQL, appendix A: class 08 connection, 57P0x shutdown, 53300 too many connections, class 40
                // (a deadlock among them) rolled back, 55P03 a lock that did not come in time.
                (None, Some(code))
                    if ["08", "57P", "40"].iter().any(|class| code.starts_with(class))
                        || ["53300", "55P03"].contains(&code) =>
                {
                    Self::Unavailable(error)
                }
                _ => Self::Other(error),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Tls(_) => Self::Unavailable(error),
            _ => Self::Other(error),
        }
    }
}

impl StoreError {
    /// Whether it is the violation of the constraint with this name.
    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Constraint(constraint) if constraint == name)
    }
}

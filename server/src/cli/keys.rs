//! `madang keys`: the keys of the vault.

use clap::Subcommand;

use crate::{
    boot::BootError,
    desk::{
        Refusal,
        keys::{self, Rotated},
    },
    state::Portal,
};

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List the keys, how many values each seals, and which may be removed.
    List,
    /// Make a new key; what is sealed with older ones is sealed anew in the background.
    Rotate,
    /// Remove a key that seals nothing any more.
    Remove {
        /// Its name, as listed.
        name: String,
    },
}

impl KeysCommand {
    pub(super) async fn execute(self, portal: &Portal) -> Result<String, BootError> {
        let said = match self {
            Self::List => keys::list(portal).await.map(|lines| list(&lines)),
            Self::Rotate => keys::rotate(portal).await.map(rotated),
            Self::Remove { name } => keys::remove(portal, &name).await.map(|removed| match removed {
                None => format!("{name} is gone."),
                Some(values) => format!(
                    "{name} stays: {values} value(s) are sealed with it. They are sealed anew in the background while \
                     the portal runs; see: madang keys list"
                ),
            }),
        };
        said.map_err(|refusal: Refusal| BootError::Other(refusal.to_string()))
    }
}

fn list(lines: &[keys::KeyLine]) -> String {
    let lines = lines.iter().map(|line| {
        let state = match (line.known, line.newest, line.values) {
            (false, _, _) => "MISSING among the keys: put it back",
            (true, true, _) => "newest: seals what comes",
            (true, false, 0) => "unused: may be removed",
            (true, false, _) => "being replaced",
        };
        format!("{}  {} value(s)  {state}", line.name, line.values)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn rotated(rotated: Rotated) -> String {
    match rotated {
        Rotated::Made(name) => format!(
            "{name} is the newest key. What is sealed with older ones is sealed anew in the background; when `madang keys \
             list` says that one is unused, remove it."
        ),
        Rotated::Entry(entry) => format!(
            "MADANG_VAULT_KEYS is set, so nothing was changed. Append this entry to it, in secret, and start the portal \
             anew:\n{}",
            *entry
        ),
    }
}

//! The vault and the agencies, as the configuration names them.

use agencies::Agencies;
use secrecy::ExposeSecret;

use super::{BootError, World};
use crate::{
    config::{Config, VaultKeys},
    database,
    vault::{KeyRing, Vault, VaultError},
};

/// The vault. A sandbox makes its keys when it has none.
pub(super) fn vault(config: &Config, world: &World) -> Result<Vault, BootError> {
    const OWN: &str = "vault.keys";
    Ok(match &config.vault {
        VaultKeys::Text(text) => {
            let ring = KeyRing::parse(text.expose_secret()).map_err(BootError::Other)?;
            Vault::fixed(ring)
        }
        VaultKeys::File(file) => Vault::read(file)?,
        VaultKeys::Own => {
            let folder = database::data_folder(&config.data)?;
            let fresh = KeyRing::make(world.clock.now(), &*world.chance).to_text();
            database::kept(&folder, (OWN, &fresh), &*world.chance)?;
            Vault::read(&folder.join(OWN))?
        }
    })
}

/// Who can be asked. Real people's records do not travel without TLS.
pub(super) fn agencies(config: &Config, world: &World) -> Result<Option<Agencies>, BootError> {
    let Some(file) = &config.agencies else { return Ok(None) };
    let agencies = Agencies::read(file, world.clock.clone(), world.chance.clone())
        .map_err(|faults| BootError::Agencies(faults.iter().map(ToString::to_string).collect()))?;
    let plain: Vec<String> = agencies
        .plain_http()
        .into_iter()
        .map(|agency| format!("{agency} is asked without TLS, which production refuses"))
        .collect();
    if plain.is_empty() || config.is_sandbox() { Ok(Some(agencies)) } else { Err(BootError::Agencies(plain)) }
}

impl From<VaultError> for BootError {
    fn from(error: VaultError) -> Self {
        Self::Other(error.to_string())
    }
}

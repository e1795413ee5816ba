use std::path::PathBuf;

use clap::Subcommand;
use domain::clock::Clock as _;

use super::Done;
use crate::{
    grants,
    system::{SystemChance, SystemClock},
};

#[derive(Subcommand)]
pub(super) enum GrantCommand {
    /// Signs a draft, as the holder or as the sharing centre
    Sign {
        /// The draft, in TOML or JSON
        draft: PathBuf,
        /// The secret key to sign with
        #[arg(long)]
        key: PathBuf,
        /// Where the signed grant goes
        #[arg(long)]
        out: PathBuf,
    },
    /// Prints a signed grant
    Show {
        /// The signed grant
        file: PathBuf,
        /// The key that has to have signed it
        #[arg(long)]
        key: Option<PathBuf>,
    },
}

pub(super) fn run(command: GrantCommand) -> Done {
    let now = SystemClock.now();
    match command {
        GrantCommand::Sign { draft, key, out } => {
            let made = grants::sign((&draft, &key, &out), now, &SystemChance)?;
            let (grant, signer) = (&made.grant, &made.signer);
            println!("{}", out.display());
            println!("{} may ask {} until {}, signed by {signer}", grant.client, grant.holder, grant.until);
            if let Some(ends) = made.key_ends {
                println!("the key ends on {ends}, before the grant does: sign it anew by then");
            }
        }
        GrantCommand::Show { file, key } => println!("{}", grants::show(&file, key.as_deref(), now)?),
    }
    Ok(())
}

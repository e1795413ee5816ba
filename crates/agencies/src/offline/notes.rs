use std::{
    fs::{File, OpenOptions},
    io,
    path::PathBuf,
};

use domain::service::AgencyId;
use exchange::{ids::PackageId, package::OpenedOnce};

/// Which packages were opened, noted for good: an empty file each, in one folder.
#[derive(Clone, Debug)]
pub struct Notes {
    folder: PathBuf,
}

impl Notes {
    /// The notes in this folder; it is made when it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    fn write(&self, name: &str) -> io::Result<()> {
        OpenOptions::new().write(true).create_new(true).open(self.folder.join(name))?.sync_all()?;
        // The name is in the folder for good only when the folder was written.
        File::open(&self.folder)?.sync_all()
    }
}

impl OpenedOnce for Notes {
    /// What cannot be noted is not opened.
    fn note(&mut self, maker: &AgencyId, id: PackageId) -> bool {
        self.write(&format!("{maker}.{id}")).is_ok()
    }
}

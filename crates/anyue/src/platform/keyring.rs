//! The keys that receipts are signed with: two files in the data folder, made at first use.
//!
//! | file | content |
//! | --- | --- |
//! | `keys/receipts.secret` | the seed of the key in use, readable by its owner alone |
//! | `keys/receipts.public` | every public key there has been, one a line, the one in use last |
//!
//! A new key ([`Keyring::rotate`]) is added to the list of public ones: what the old one has signed stays verifiable.
//! A backup holds both files. The secret is never logged, never shown, never in the database.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use seal::{PublicKey, SigningKey};

use super::error::{Error, Result};
use super::ids::Ids;

/// The names of the two files, the public one first.
pub const FILES: [&str; 2] = ["receipts.public", "receipts.secret"];

/// The keys, opened.
#[derive(Debug)]
pub struct Keys {
    /// Signs.
    pub signing: SigningKey,
    /// Verify: all there have been, the one in use last.
    pub public: Vec<PublicKey>,
}

impl Keys {
    /// The public key in use.
    pub fn present(&self) -> PublicKey {
        self.signing.public()
    }
}

/// Where the keys are.
pub struct Keyring {
    folder: PathBuf,
    opened: Mutex<Option<Arc<Keys>>>,
}

impl Keyring {
    /// The keys of an installation with this data folder; nothing is read yet.
    pub fn new(data: &Path) -> Self {
        Self { folder: data.join("keys"), opened: Mutex::default() }
    }

    /// The keys; made when there are none yet.
    pub fn open(&self, ids: &Ids) -> Result<Arc<Keys>> {
        let mut opened = self.opened.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(keys) = &*opened {
            return Ok(keys.clone());
        }
        let keys = match self.read_secret()? {
            Some(signing) => self.with(signing)?,
            None => self.make(ids)?,
        };
        *opened = Some(keys.clone());
        Ok(keys)
    }

    /// A new key from now on; the old one's public half stays in the list.
    pub fn rotate(&self, ids: &Ids) -> Result<Arc<Keys>> {
        let mut opened = self.opened.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let keys = self.make(ids)?;
        *opened = Some(keys.clone());
        Ok(keys)
    }

    /// All public keys, without making any: for verifying beside a running installation.
    pub fn public(&self) -> Result<Vec<PublicKey>> {
        let text = match fs::read_to_string(self.folder.join(FILES[0])) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(|line| line.parse::<PublicKey>().map_err(Error::internal)).collect()
    }

    /// The two files as a backup holds them: name and content; those that are not there are left out.
    pub fn files(&self) -> Result<Vec<(&'static str, String)>> {
        let mut files = Vec::new();
        for name in FILES {
            match fs::read_to_string(self.folder.join(name)) {
                Ok(text) => files.push((name, text)),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(files)
    }

    /// Puts the files of a backup back.
    pub fn put_back(&self, files: &[(&'static str, String)]) -> Result<()> {
        files.iter().try_for_each(|(name, text)| write_owned(&self.folder, name, text))
    }

    fn read_secret(&self) -> Result<Option<SigningKey>> {
        let text = match fs::read_to_string(self.folder.join(FILES[1])) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let broken = || Error::internal(format!("{} in {} is no key", FILES[1], self.folder.display()));
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| broken())?;
        let seed: [u8; 32] = bytes.try_into().map_err(|_| broken())?;
        Ok(Some(SigningKey::from_seed(&seed)))
    }

    fn make(&self, ids: &Ids) -> Result<Arc<Keys>> {
        let secret = ids.secret();
        let bytes = URL_SAFE_NO_PAD.decode(secret.reveal()).map_err(Error::internal)?;
        let seed: [u8; 32] = bytes.try_into().map_err(|_| Error::internal("a secret has 32 bytes"))?;
        make_folder(&self.folder)?;
        // The public half first: a key that has signed anything is always in the list.
        let keys = self.with(SigningKey::from_seed(&seed))?;
        write_owned(&self.folder, FILES[1], secret.reveal())?;
        Ok(keys)
    }

    /// The key with the list, to which it is added when it is not there.
    fn with(&self, signing: SigningKey) -> Result<Arc<Keys>> {
        let mut public = self.public()?;
        if public.last() != Some(&signing.public()) {
            public.retain(|key| *key != signing.public());
            public.push(signing.public());
            let lines: String = public.iter().map(|key| format!("{key}\n")).collect();
            write_owned(&self.folder, FILES[0], &lines)?;
        }
        Ok(Arc::new(Keys { signing, public }))
    }
}

fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Writes a file that its owner alone can read, whole or not at all.
fn write_owned(folder: &Path, name: &str, text: &str) -> Result<()> {
    make_folder(folder)?;
    let part = folder.join(format!("{name}.part"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&part)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&part, folder.join(name))?;
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Clock;

    fn ids() -> Ids {
        Ids::random(Clock::system())
    }

    #[test]
    fn a_key_is_made_once_for_its_owner_alone_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Keyring::new(folder.path()).public().unwrap().is_empty());
        let made = Keyring::new(folder.path()).open(&ids()).unwrap();
        let again = Keyring::new(folder.path()).open(&ids()).unwrap();
        assert_eq!((again.present(), again.public.len()), (made.present(), 1));
        #[cfg(unix)]
        for name in FILES {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(folder.path().join("keys").join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn a_new_key_leaves_the_old_ones_verifiable() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = Keyring::new(folder.path());
        let old = keyring.open(&ids()).unwrap().present();
        let new = keyring.rotate(&ids()).unwrap();
        assert_eq!(new.public, [old, new.present()]);
        assert_eq!(Keyring::new(folder.path()).open(&ids()).unwrap().public, new.public);
        // A lost secret is replaced, the list stays.
        fs::remove_file(folder.path().join("keys").join(FILES[1])).unwrap();
        assert_eq!(Keyring::new(folder.path()).open(&ids()).unwrap().public[..2], new.public);
    }

    #[test]
    fn a_damaged_secret_is_said_without_showing_it() {
        let folder = tempfile::tempdir().unwrap();
        write_owned(&folder.path().join("keys"), FILES[1], "not-a-key-but-secret").unwrap();
        let error = Keyring::new(folder.path()).open(&ids()).unwrap_err().to_string();
        assert!(error.contains("is no key") && !error.contains("not-a-key"), "{error}");
    }
}

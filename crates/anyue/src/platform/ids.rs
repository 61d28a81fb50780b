//! Identifiers and secrets, made by the application from the injected clock and random source.
//!
//! Ids are UUIDv7 (RFC 9562) kept as text: they sort by the time they were made. Each table has its own
//! newtype, declared with [`id_type!`](crate::id_type), so that a unit cannot be taken for a campaign.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::rngs::{StdRng, SysRng};
use rand::{Rng, SeedableRng, TryRng};
use sha2::{Digest, Sha256};

use super::clock::Clock;

/// Declares the typed id of a table: text in the database, a plain string in JSON and addresses.
#[macro_export]
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType, utoipa::ToSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<&$name> for sea_orm::Value {
            fn from(id: &$name) -> Self {
                id.0.as_str().into()
            }
        }
    };
}

id_type!(
    /// A town (辖区) and its data.
    JurisdictionId
);
id_type!(
    /// A unit (单位); declared here because what an account may do is limited to a unit's subtree.
    UnitId
);
id_type!(
    /// An account.
    AccountId
);
id_type!(
    /// A file: a name and an owner for a content in [`blobs`](super::blobs).
    FileId
);

/// The source of ids and secrets.
#[derive(Clone)]
pub struct Ids {
    clock: Clock,
    seeded: Option<Arc<Mutex<StdRng>>>,
}

impl Ids {
    /// Ids from the operating system's random source.
    pub fn random(clock: Clock) -> Self {
        Self { clock, seeded: None }
    }

    /// Ids that come out the same for the same seed: for tests and the demonstration's pictures.
    /// Never for a real installation, whose secrets they would give away.
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        Self { clock, seeded: Some(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))) }
    }

    fn fill(&self, bytes: &mut [u8]) {
        match &self.seeded {
            Some(rng) => rng.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(bytes),
            None => SysRng.try_fill_bytes(bytes).expect("the operating system has random numbers"),
        }
    }

    /// A new id for a row.
    pub fn id<T: From<String>>(&self) -> T {
        let mut random = [0u8; 10];
        self.fill(&mut random);
        let ms = u64::try_from(self.clock.now_ms()).unwrap_or_default();
        T::from(uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid().to_string())
    }

    /// A new secret of 256 bits for a link, a session or a token: 43 characters safe in an address.
    pub fn secret(&self) -> Secret {
        let mut bytes = [0u8; 32];
        self.fill(&mut bytes);
        Secret(URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// A secret that is shown once; the database keeps its [`hash`](Secret::hash) only. Not printable by `{:?}`.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Takes over what a client sent.
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret itself: for the one who is meant to have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored: SHA-256 in hexadecimal. A plain hash is enough for 256 random bits.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

//! Passwords: argon2id (RFC 9106) with the crate's recommended parameters, salted, as PHC strings.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use crate::platform::error::{Error, Result};

/// The rule shown beside every password field.
pub const PASSWORD_RULE: &str = "至少10个字符，不能全是数字，不能与账号相同。";

/// Whether a new password is acceptable; the message says why not.
///
/// Length counts for more than kinds of characters (NIST SP 800-63B 3.1.1.2).
pub fn check_password_rules(password: &str, login: &str) -> Result<(), &'static str> {
    let length = password.chars().count();
    if length < 10 {
        return Err("密码太短，至少需要10个字符。");
    }
    if length > 128 {
        return Err("密码太长，最多128个字符。");
    }
    if password.chars().all(|c| c.is_ascii_digit()) {
        return Err("密码不能全是数字。");
    }
    if password.eq_ignore_ascii_case(login) {
        return Err("密码不能与账号相同。");
    }
    let mut distinct: Vec<char> = password.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 4 {
        return Err("密码太简单，请换一个。");
    }
    Ok(())
}

/// So many passwords are hashed at once; others wait. Each takes a core and 19 MB while it lasts.
static HASHING: Semaphore = Semaphore::const_new(4);

/// Does the slow work off the async threads.
async fn slowly<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let turn = HASHING.acquire().await.map_err(Error::internal)?;
    let work = move || {
        // Here, and not outside: whoever goes away while it lasts does not make room for another.
        let _turn = turn;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// Hashes a password: it takes tens of milliseconds by design.
pub async fn hash_password(password: String) -> Result<String> {
    slowly(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(Error::internal)
    })
    .await
}

/// Compares a password with a stored hash. With no hash it works as long and says no, so that the time
/// taken does not tell whether the account exists.
pub async fn verify_password(password: String, hash: Option<String>) -> Result<bool> {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$YW55dWUtbm9ib2R5LXNhbHQ$3oZUQyOBLyhNGGrMQHnKIKKo8tnbfPJ0nFSmbQ6lt1U";
    slowly(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let parsed = PasswordHash::new(&hash).map_err(Error::internal)?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_recognised_and_another_is_not() {
        let hash = hash_password("青龙山下有条河流过".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify_password("青龙山下有条河流过".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!verify_password("青龙山下有条河".to_owned(), Some(hash)).await.unwrap());
        assert!(!verify_password("whatever-it-is".to_owned(), None).await.unwrap());
    }

    #[tokio::test]
    async fn whoever_hangs_up_while_a_password_is_hashed_makes_no_room_for_another() {
        let (began, begun) = tokio::sync::oneshot::channel();
        let (finish, finished) = std::sync::mpsc::channel::<()>();
        let others = HASHING.acquire_many(3).await.unwrap();
        let asked = tokio::spawn(slowly(move || {
            began.send(()).unwrap();
            finished.recv().map_err(Error::internal)
        }));
        begun.await.unwrap();
        asked.abort();
        assert!(asked.await.is_err());
        assert!(HASHING.try_acquire().is_err());
        finish.send(()).unwrap();
        drop(others);
    }

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        for weak in ["short", "1234567890", "aaaaaaaaaaaa", "liaison-01"] {
            assert!(check_password_rules(weak, "liaison-01").is_err(), "{weak}");
        }
        assert!(check_password_rules("qinglong-2022-anquan", "office").is_ok());
    }
}

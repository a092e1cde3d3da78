//! Login passwords: what is accepted, and how they are stored.

use crate::assumed::PASSWORD_LENGTH;
use crate::store::error::{StoreError, Stored, invalid_row};
use argon2::password_hash::SaltString;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The login password of the accounts that the stand-alone platform makes up, and its hash: the same for all of them,
/// because hashing a thousand would take longer than everything else.
pub(crate) const KNOWN_PASSWORD: &str = "practice-2026";
/// See [`KNOWN_PASSWORD`].
pub(crate) const KNOWN_HASH: &str = "$argon2id$v=19$m=8192,t=2,p=1$cHJhY3RpY2UtcGxhdGZvcm0tc2FsdA$IgUGZkr++HW9pXsWkWs3JdFTVFIWS4iIodPvj4DifPY";

/// 8 MiB, two passes: enough for a stand-in whose passwords guard nothing, quick enough for tests.
fn hasher() -> Result<Argon2<'static>, StoreError> {
    let params = Params::new(8 * 1024, 2, 1, None).map_err(invalid_row)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes for a platform: two at a time, since each takes 8 MiB and a thread. More are refused rather than queued.
#[derive(Debug)]
pub(crate) struct Hashing(Arc<Semaphore>);

impl Default for Hashing {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(2)))
    }
}

impl Hashing {
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Stored<T> + Send + 'static) -> Stored<T> {
        let seat = Arc::clone(&self.0).try_acquire_owned().map_err(|_| StoreError::Busy)?;
        let hashed = tokio::task::spawn_blocking(move || {
            // Held until the work is done, even if the request is gone by then.
            let _seat = seat;
            work()
        });
        hashed.await.unwrap_or(Err(StoreError::Stopped))
    }
}

impl Hashing {
    /// Returns the salted hash to store.
    pub(crate) async fn hash(&self, password: String) -> Stored<String> {
        self.run(move || {
            let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>()).map_err(invalid_row)?;
            Ok(hasher()?.hash_password(password.as_bytes(), &salt).map_err(invalid_row)?.to_string())
        })
        .await
    }

    /// Whether a password has this hash. Without a hash the same work is done, so that the time it takes does not show
    /// which accounts exist.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> Stored<bool> {
        let Some(stored) = stored else { return self.hash(password).await.map(|_| false) };
        self.run(move || {
            let stored = PasswordHash::new(&stored).map_err(invalid_row)?;
            Ok(hasher()?.verify_password(password.as_bytes(), &stored).is_ok())
        })
        .await
    }
}

/// Why a new password is not accepted, in words for the page.
pub(crate) fn objection(password: &str) -> Option<&'static str> {
    if !PASSWORD_LENGTH.contains(&password.chars().count()) {
        return Some("密码要 8 到 64 位。");
    }
    if password.chars().any(|character| character.is_whitespace() || character.is_control()) {
        return Some("密码里不能有空格。");
    }
    let letters = password.chars().any(char::is_alphabetic);
    let others = password.chars().any(|character| !character.is_alphabetic());
    if letters && others { None } else { Some("密码要同时有字母和数字（或符号）。") }
}

/// Why a login e-mail address is not accepted, in words for the page.
pub(crate) fn email_objection(email: &str) -> Option<&'static str> {
    let bad = Some("邮箱格式不对，例如 shop@example.com。");
    let Some((name, domain)) = email.split_once('@') else { return bad };
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let name_good = !name.is_empty()
        && name.len() <= 64
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte));
    let domain_good = domain.len() <= 190 && domain.contains('.') && domain.split('.').all(label);
    if name_good && domain_good { None } else { bad }
}

#[cfg(test)]
mod tests {
    use super::{Hashing, KNOWN_HASH, KNOWN_PASSWORD, objection};
    use crate::store::error::StoreError;

    #[tokio::test]
    async fn the_known_password_fits_its_hash() {
        assert_eq!(objection(KNOWN_PASSWORD), None);
        let hashing = Hashing::default();
        assert!(hashing.verify(KNOWN_PASSWORD.to_owned(), Some(KNOWN_HASH.to_owned())).await.unwrap());
        assert!(!hashing.verify("practice-2027".to_owned(), Some(KNOWN_HASH.to_owned())).await.unwrap());
    }

    #[tokio::test]
    async fn a_third_password_at_once_is_refused() {
        let hashing = Hashing::default();
        let check = || hashing.verify("wrong-2026".to_owned(), None);
        let (first, second, third) = tokio::join!(check(), check(), check());
        assert!(matches!((first, second), (Ok(false), Ok(false))));
        assert!(matches!(third, Err(StoreError::Busy)), "{third:?}");
        assert!(!check().await.unwrap(), "later there is room again");
    }
}

//! Users and what they prove themselves with.

use async_trait::async_trait;
use uuid::Uuid;

use crate::StoreError;

/// A person who may listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Random.
    pub id: Uuid,
    /// Unique, compared without regard to ASCII case.
    pub name: String,
    /// PHC string.
    pub password_hash: String,
    /// Whether this user may manage users and read problems.
    pub is_admin: bool,
    /// Unix time.
    pub created_us: i64,
}

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Unique, compared without regard to ASCII case.
    pub name: String,
    /// PHC string.
    pub password_hash: String,
    /// Whether this user may manage users and read problems.
    pub is_admin: bool,
    /// Unix time.
    pub created_us: i64,
}

/// What a credential is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// A browser's login session, carried in a cookie.
    Login,
    /// An API token, carried in the `Authorization` header.
    Token,
}

/// A login session or API token. The secret itself is never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialRow {
    /// Random; names the credential in lists and media tickets.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// What it is for.
    pub kind: CredentialKind,
    /// What the user called it; for a login session the client's description.
    pub name: String,
    /// Unix time.
    pub created_us: i64,
    /// Unix time after which it is void; `None` for never.
    pub expires_us: Option<i64>,
    /// Unix time of its last use, to the nearest few minutes.
    pub last_used_us: i64,
}

/// A credential to be made.
#[derive(Clone, Debug)]
pub struct NewCredential {
    /// Whose it is.
    pub user_id: Uuid,
    /// What it is for.
    pub kind: CredentialKind,
    /// What the user called it.
    pub name: String,
    /// SHA-256 of the 256-bit random secret.
    pub secret_hash: [u8; 32],
    /// Unix time.
    pub created_us: i64,
    /// Unix time after which it is void; `None` for never.
    pub expires_us: Option<i64>,
}

/// Users, login sessions and API tokens.
#[async_trait]
pub trait AccountStore {
    /// How many users there are.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn user_count(&self) -> Result<u64, StoreError>;

    /// Makes a user.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the name is taken.
    async fn create_user(&self, user: NewUser) -> Result<UserRow, StoreError>;

    /// Makes the first user; `None`, and no change, if there is one already. Atomic: of two callers
    /// at once one gets `None`.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn create_first_user(&self, user: NewUser) -> Result<Option<UserRow>, StoreError>;

    /// Every user by name.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn users(&self) -> Result<Vec<UserRow>, StoreError>;

    /// The user with this id.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn user(&self, id: Uuid) -> Result<Option<UserRow>, StoreError>;

    /// The user with this name, without regard to ASCII case.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn user_by_name(&self, name: &str) -> Result<Option<UserRow>, StoreError>;

    /// Changes a password and, in the same transaction, revokes every login session of the user
    /// but `keep`. API tokens stay. False if there is no such user.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn set_password(
        &self,
        user: Uuid,
        password_hash: &str,
        keep: Option<Uuid>,
    ) -> Result<bool, StoreError>;

    /// Deletes a user and everything of theirs. False if there is no such user; refuses to delete
    /// the last administrator.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for the last administrator.
    async fn delete_user(&self, id: Uuid) -> Result<bool, StoreError>;

    /// Makes a credential.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn create_credential(&self, new: NewCredential) -> Result<CredentialRow, StoreError>;

    /// The credential with this secret and its user. Expired ones are returned too: the caller has
    /// the clock.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn credential_by_hash(
        &self,
        kind: CredentialKind,
        secret_hash: &[u8; 32],
    ) -> Result<Option<(CredentialRow, UserRow)>, StoreError>;

    /// The credential with this id and its user, for checking a media ticket against revocation.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn credential(&self, id: Uuid) -> Result<Option<(CredentialRow, UserRow)>, StoreError>;

    /// The credentials of one user, newest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn credentials(
        &self,
        user: Uuid,
        kind: CredentialKind,
    ) -> Result<Vec<CredentialRow>, StoreError>;

    /// Notes that a credential was used. Cheap and not durable: a lost note harms nobody.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn touch_credential(&self, id: Uuid, now_us: i64) -> Result<(), StoreError>;

    /// Revokes one credential of a user. False if they have no such credential.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn delete_credential(&self, user: Uuid, id: Uuid) -> Result<bool, StoreError>;
}

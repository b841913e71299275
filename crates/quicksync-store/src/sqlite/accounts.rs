//! Users, login sessions and API tokens in SQLite.
//!
//! Knows: the tables `users` and `credentials`. Never: a secret in clear, a clock.

use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::SqliteStore;
use super::convert::{Columns, id_bytes};
use super::error::insert_error;
use crate::{
    AccountStore, CredentialKind, CredentialRow, NewCredential, NewUser, StoreError, UserRow,
};

const USER_TAKEN: &str = "a user of that name";
const LAST_ADMINISTRATOR: &str = "no other administrator: the last one";

#[async_trait]
impl AccountStore for SqliteStore {
    async fn user_count(&self) -> Result<u64, StoreError> {
        sqlx::query("SELECT count(*) AS users FROM users")
            .fetch_one(&self.readers)
            .await?
            .unsigned("users")
    }

    async fn create_user(&self, user: NewUser) -> Result<UserRow, StoreError> {
        let mut change = self.durable.begin().await?;
        let row = sqlx::query(
            "INSERT INTO users (id, name, password_hash, is_admin, created_us) \
             VALUES (?, ?, ?, ?, ?) RETURNING *",
        )
        .bind(id_bytes(Uuid::new_v4()))
        .bind(user.name)
        .bind(user.password_hash)
        .bind(user.is_admin)
        .bind(user.created_us)
        .fetch_one(change.db())
        .await
        .map_err(|error| insert_error(&error, USER_TAKEN))?;
        change.commit().await?;
        user_row(&row)
    }

    async fn create_first_user(&self, user: NewUser) -> Result<Option<UserRow>, StoreError> {
        let mut change = self.durable.begin().await?;
        let row = sqlx::query(
            "INSERT INTO users (id, name, password_hash, is_admin, created_us) \
             SELECT ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM users) RETURNING *",
        )
        .bind(id_bytes(Uuid::new_v4()))
        .bind(user.name)
        .bind(user.password_hash)
        .bind(user.is_admin)
        .bind(user.created_us)
        .fetch_optional(change.db())
        .await?;
        change.commit().await?;
        row.as_ref().map(user_row).transpose()
    }

    async fn users(&self) -> Result<Vec<UserRow>, StoreError> {
        let rows = sqlx::query("SELECT * FROM users ORDER BY name COLLATE NOCASE, id")
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(user_row).collect()
    }

    async fn user(&self, id: Uuid) -> Result<Option<UserRow>, StoreError> {
        let row = sqlx::query("SELECT * FROM users WHERE id = ?")
            .bind(id_bytes(id))
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(user_row).transpose()
    }

    async fn user_by_name(&self, name: &str) -> Result<Option<UserRow>, StoreError> {
        let row = sqlx::query("SELECT * FROM users WHERE name = ? COLLATE NOCASE")
            .bind(name)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(user_row).transpose()
    }

    async fn set_password(
        &self,
        user: Uuid,
        password_hash: &str,
        keep: Option<Uuid>,
    ) -> Result<bool, StoreError> {
        let mut change = self.durable.begin().await?;
        let updated = sqlx::query("UPDATE users SET password_hash = ? WHERE id = ?")
            .bind(password_hash)
            .bind(id_bytes(user))
            .execute(change.db())
            .await?;
        sqlx::query("DELETE FROM credentials WHERE user_id = ? AND kind = 'login' AND id IS NOT ?")
            .bind(id_bytes(user))
            .bind(keep.map(id_bytes))
            .execute(change.db())
            .await?;
        change.commit().await?;
        Ok(updated.rows_affected() > 0)
    }

    async fn delete_user(&self, id: Uuid) -> Result<bool, StoreError> {
        let mut change = self.durable.begin().await?;
        let last = sqlx::query(
            "SELECT 1 FROM users WHERE id = ?1 AND is_admin = 1 \
             AND NOT EXISTS (SELECT 1 FROM users WHERE is_admin = 1 AND id <> ?1)",
        )
        .bind(id_bytes(id))
        .fetch_optional(change.db())
        .await?;
        if last.is_some() {
            return Err(StoreError::Conflict(LAST_ADMINISTRATOR));
        }
        let deleted = sqlx::query("DELETE FROM users WHERE id = ?")
            .bind(id_bytes(id))
            .execute(change.db())
            .await?;
        change.commit().await?;
        Ok(deleted.rows_affected() > 0)
    }

    async fn create_credential(&self, new: NewCredential) -> Result<CredentialRow, StoreError> {
        let mut change = self.durable.begin().await?;
        let row = sqlx::query(
            "INSERT INTO credentials \
             (id, user_id, kind, name, secret_hash, created_us, expires_us, last_used_us) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6) RETURNING *",
        )
        .bind(id_bytes(Uuid::new_v4()))
        .bind(id_bytes(new.user_id))
        .bind(kind_word(new.kind))
        .bind(new.name)
        .bind(new.secret_hash.to_vec())
        .bind(new.created_us)
        .bind(new.expires_us)
        .fetch_one(change.db())
        .await
        .map_err(|error| insert_error(&error, "that credential"))?;
        change.commit().await?;
        credential_row(&row)
    }

    async fn credential_by_hash(
        &self,
        kind: CredentialKind,
        secret_hash: &[u8; 32],
    ) -> Result<Option<(CredentialRow, UserRow)>, StoreError> {
        let row = sqlx::query("SELECT * FROM credentials WHERE secret_hash = ? AND kind = ?")
            .bind(secret_hash.to_vec())
            .bind(kind_word(kind))
            .fetch_optional(&self.readers)
            .await?;
        self.with_user(row).await
    }

    async fn credential(&self, id: Uuid) -> Result<Option<(CredentialRow, UserRow)>, StoreError> {
        let row = sqlx::query("SELECT * FROM credentials WHERE id = ?")
            .bind(id_bytes(id))
            .fetch_optional(&self.readers)
            .await?;
        self.with_user(row).await
    }

    async fn credentials(
        &self,
        user: Uuid,
        kind: CredentialKind,
    ) -> Result<Vec<CredentialRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM credentials WHERE user_id = ? AND kind = ? \
             ORDER BY created_us DESC, id",
        )
        .bind(id_bytes(user))
        .bind(kind_word(kind))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(credential_row).collect()
    }

    async fn touch_credential(&self, id: Uuid, now_us: i64) -> Result<(), StoreError> {
        let mut change = self.batched.begin().await?;
        sqlx::query("UPDATE credentials SET last_used_us = ?2 WHERE id = ?1 AND last_used_us < ?2")
            .bind(id_bytes(id))
            .bind(now_us)
            .execute(change.db())
            .await?;
        change.commit().await
    }

    async fn delete_credential(&self, user: Uuid, id: Uuid) -> Result<bool, StoreError> {
        let mut change = self.durable.begin().await?;
        let deleted = sqlx::query("DELETE FROM credentials WHERE user_id = ? AND id = ?")
            .bind(id_bytes(user))
            .bind(id_bytes(id))
            .execute(change.db())
            .await?;
        change.commit().await?;
        Ok(deleted.rows_affected() > 0)
    }
}

impl SqliteStore {
    /// The credential in `row` with its user; `None` if either is gone.
    async fn with_user(
        &self,
        row: Option<SqliteRow>,
    ) -> Result<Option<(CredentialRow, UserRow)>, StoreError> {
        let Some(row) = row else { return Ok(None) };
        let credential = credential_row(&row)?;
        Ok(self.user(credential.user_id).await?.map(|user| (credential, user)))
    }
}

fn kind_word(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Login => "login",
        CredentialKind::Token => "token",
    }
}

fn user_row(row: &SqliteRow) -> Result<UserRow, StoreError> {
    Ok(UserRow {
        id: row.id("id")?,
        name: row.text("name")?,
        password_hash: row.text("password_hash")?,
        is_admin: row.flag("is_admin")?,
        created_us: row.int("created_us")?,
    })
}

fn credential_row(row: &SqliteRow) -> Result<CredentialRow, StoreError> {
    let kind = match row.text("kind")?.as_str() {
        "login" => CredentialKind::Login,
        _ => CredentialKind::Token,
    };
    Ok(CredentialRow {
        id: row.id("id")?,
        user_id: row.id("user_id")?,
        kind,
        name: row.text("name")?,
        created_us: row.int("created_us")?,
        expires_us: row.optional_unsigned("expires_us")?,
        last_used_us: row.int("last_used_us")?,
    })
}

//! Converts between columns and the types of the rows.
//!
//! Knows: how ids, paths and unsigned numbers are stored. Never: a query.

use std::path::{Path, PathBuf};

use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::StoreError;

/// A row read by column name.
pub(super) trait Columns {
    fn id(&self, column: &str) -> Result<Uuid, StoreError>;
    fn optional_id(&self, column: &str) -> Result<Option<Uuid>, StoreError>;
    fn path(&self, column: &str) -> Result<PathBuf, StoreError>;
    fn text(&self, column: &str) -> Result<String, StoreError>;
    fn optional_text(&self, column: &str) -> Result<Option<String>, StoreError>;
    fn int(&self, column: &str) -> Result<i64, StoreError>;
    fn flag(&self, column: &str) -> Result<bool, StoreError>;
    fn unsigned<T: TryFrom<i64>>(&self, column: &str) -> Result<T, StoreError>;
    fn optional_unsigned<T: TryFrom<i64>>(&self, column: &str) -> Result<Option<T>, StoreError>;
    fn bytes<const N: usize>(&self, column: &str) -> Result<[u8; N], StoreError>;
    fn optional_bytes<const N: usize>(&self, column: &str) -> Result<Option<[u8; N]>, StoreError>;
    /// A word of one of the model's enums.
    fn word<T: std::str::FromStr>(&self, column: &str) -> Result<T, StoreError>;
    fn optional_word<T: std::str::FromStr>(&self, column: &str) -> Result<Option<T>, StoreError>;
}

impl Columns for SqliteRow {
    fn id(&self, column: &str) -> Result<Uuid, StoreError> {
        let bytes: &[u8] = self.try_get(column)?;
        Uuid::from_slice(bytes).map_err(|_| bad(column))
    }

    fn optional_id(&self, column: &str) -> Result<Option<Uuid>, StoreError> {
        let bytes: Option<&[u8]> = self.try_get(column)?;
        bytes.map(Uuid::from_slice).transpose().map_err(|_| bad(column))
    }

    fn path(&self, column: &str) -> Result<PathBuf, StoreError> {
        let bytes: Vec<u8> = self.try_get(column)?;
        Ok(path_from_bytes(bytes))
    }

    fn text(&self, column: &str) -> Result<String, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn optional_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn int(&self, column: &str) -> Result<i64, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn flag(&self, column: &str) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    fn unsigned<T: TryFrom<i64>>(&self, column: &str) -> Result<T, StoreError> {
        T::try_from(self.int(column)?).map_err(|_| bad(column))
    }

    fn optional_unsigned<T: TryFrom<i64>>(&self, column: &str) -> Result<Option<T>, StoreError> {
        let value: Option<i64> = self.try_get(column)?;
        value.map(T::try_from).transpose().map_err(|_| bad(column))
    }

    fn bytes<const N: usize>(&self, column: &str) -> Result<[u8; N], StoreError> {
        let bytes: &[u8] = self.try_get(column)?;
        bytes.try_into().map_err(|_| bad(column))
    }

    fn optional_bytes<const N: usize>(&self, column: &str) -> Result<Option<[u8; N]>, StoreError> {
        let bytes: Option<&[u8]> = self.try_get(column)?;
        bytes.map(<[u8; N]>::try_from).transpose().map_err(|_| bad(column))
    }

    fn word<T: std::str::FromStr>(&self, column: &str) -> Result<T, StoreError> {
        let word: &str = self.try_get(column)?;
        word.parse().map_err(|_| bad(column))
    }

    fn optional_word<T: std::str::FromStr>(&self, column: &str) -> Result<Option<T>, StoreError> {
        let word: Option<&str> = self.try_get(column)?;
        word.map(|word| word.parse().map_err(|_| bad(column))).transpose()
    }
}

fn bad(column: &str) -> StoreError {
    StoreError::Failed(format!("column {column} holds what it never should"))
}

/// An id as it is stored.
pub(super) fn id_bytes(id: Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}

/// A length or count as SQLite keeps it; what no file reaches is cut.
pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The bytes of a path, as the system gave them.
#[cfg(unix)]
pub(super) fn path_bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(unix)]
fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

/// The bytes of a path: UTF-8 where the system has no bytes.
#[cfg(not(unix))]
pub(super) fn path_bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}

#[cfg(not(unix))]
fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// What lies at or under a folder, as a comparison of path bytes.
pub(super) struct Under {
    /// The folder itself.
    pub(super) at: Vec<u8>,
    /// At least this.
    pub(super) from: Vec<u8>,
    /// Less than this.
    pub(super) to: Vec<u8>,
}

impl Under {
    pub(super) fn new(folder: &Path) -> Self {
        let separator = u8::try_from(std::path::MAIN_SEPARATOR).unwrap_or(b'/');
        let at = path_bytes(folder);
        let bare = at.strip_suffix(&[separator]).unwrap_or(&at);
        let (mut from, mut to) = (bare.to_vec(), bare.to_vec());
        from.push(separator);
        to.push(separator + 1);
        Self { at, from, to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_its_own_and_not_its_neighbours() {
        for (folder, path, inside) in [
            ("/m", "/m/a", true),
            ("/m/", "/m/a", true),
            ("/m", "/m2/a", false),
            ("/m", "/m.old", false),
            ("/m", "/m/\u{10ffff}", true),
            ("/", "/etc", true),
        ] {
            let under = Under::new(Path::new(folder));
            let path = path_bytes(Path::new(path));
            assert_eq!(under.from <= path && path < under.to, inside, "{folder} {path:?}");
        }
    }
}

//! Devices and the throughput they were seen to get. Telemetry: batched, bounded, deletable.

use async_trait::async_trait;
use quicksync_model::NetworkKind;
use uuid::Uuid;

use crate::StoreError;

/// A device of a user: a UUID the client made, or a credential's id for clients that made none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    /// Made by the client.
    pub id: Uuid,
    /// Whose it is: the same id under two users is two devices.
    pub user_id: Uuid,
    /// What the user called it, or the client's description.
    pub name: String,
    /// The kind of network it last declared.
    pub network_kind: NetworkKind,
    /// Whether that network costs money, as it last declared.
    pub is_metered: bool,
    /// Whether it last asked to be spared data.
    pub saves_data: bool,
    /// Unix time.
    pub first_seen_us: i64,
    /// Unix time.
    pub last_seen_us: i64,
}

/// What a client says of its network; `None`: it did not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// The kind of network.
    pub network_kind: Option<NetworkKind>,
    /// Whether it costs money.
    pub is_metered: Option<bool>,
    /// Whether the listener asked to be spared data.
    pub saves_data: Option<bool>,
}

/// One throughput figure to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct NewThroughputSample {
    /// Whose it is.
    pub user_id: Uuid,
    /// On which device.
    pub device_id: Uuid,
    /// `playback`, `listener_probe` or `server_probe`.
    pub source: String,
    /// The kind of network the client declared.
    pub network_kind: NetworkKind,
    /// Salted hash of the address prefix: keys history, identifies nobody.
    pub network_key: [u8; 8],
    /// Unix time.
    pub measured_us: i64,
    /// Bytes that arrived.
    pub bytes: u64,
    /// Time they took, in microseconds.
    pub duration_us: u64,
    /// Bits per second.
    pub throughput_bps: f64,
}

/// One throughput figure kept.
#[derive(Clone, Debug, PartialEq)]
pub struct ThroughputSampleRow {
    /// Ascending.
    pub id: i64,
    /// What was measured.
    pub sample: NewThroughputSample,
}

/// Devices and throughput samples by user.
#[async_trait]
pub trait NetworkStore {
    /// Notes that a device was seen: made if new (`name` is used only then). What `declared` does
    /// not say is kept as it was.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn see_device(
        &self,
        user: Uuid,
        device: Uuid,
        name: &str,
        declared: Declaration,
        now_us: i64,
    ) -> Result<DeviceRow, StoreError>;

    /// One device of the user.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn device(&self, user: Uuid, device: Uuid) -> Result<Option<DeviceRow>, StoreError>;

    /// The user's devices, last seen first.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn devices(&self, user: Uuid) -> Result<Vec<DeviceRow>, StoreError>;

    /// Renames a device of the user; `None` if they have no such device.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn rename_device(
        &self,
        user: Uuid,
        device: Uuid,
        name: &str,
    ) -> Result<Option<DeviceRow>, StoreError>;

    /// Deletes a device of the user and everything kept of it; false if they have no such device.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn delete_device(&self, user: Uuid, device: Uuid) -> Result<bool, StoreError>;

    /// Keeps samples, the `keep_per_device` newest of each device and a few more until somebody
    /// counts, and rolls up by the hour those that show the device's own network.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn add_samples(
        &self,
        samples: &[NewThroughputSample],
        keep_per_device: u32,
    ) -> Result<(), StoreError>;

    /// The user's samples measured at or after `since_us`, newest first, at most `limit`; of one
    /// device if given.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn samples(
        &self,
        user: Uuid,
        device: Option<Uuid>,
        since_us: i64,
        limit: u32,
    ) -> Result<Vec<ThroughputSampleRow>, StoreError>;

    /// Deletes every sample of the user, of one device if given, and what was rolled up of them;
    /// returns how many samples.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn delete_samples(&self, user: Uuid, device: Option<Uuid>) -> Result<u64, StoreError>;

    /// Deletes everything kept of the user's listening: devices, measurements, rules, the ledger;
    /// and sets their preferences back to the defaults.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn delete_user_data(&self, user: Uuid) -> Result<(), StoreError>;
}

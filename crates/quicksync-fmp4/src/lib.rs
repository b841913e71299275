//! CMAF init and media segments as bytes.

//! The segment engine: resample, encode, cut, cache.

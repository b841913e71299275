//! The decision core: which quality, which buffer, and why.

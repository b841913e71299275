//! What is known of a listener's network and of this host's load.

//! Folders of music into the store: walk, tags, covers, identity, watch.

//! Layers, defaults and refusals of the configuration.

use std::fs;

use clap::Parser;

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    settings: Settings,
}

fn around() -> Surroundings {
    Surroundings { music: None, data_home: None, home: Some("/home/me".into()) }
}

/// Loads a file's text under a command line.
fn load_in(folder: &Path, file: &str, line: &[&str], around: &Surroundings) -> Result<Config> {
    let path = folder.join("quicksync.toml");
    fs::write(&path, file).unwrap();
    let mut settings = Line::parse_from([&["quicksync"], line].concat()).settings;
    settings.store.config = Some(path);
    Config::load(settings, around)
}

fn load(file: &str, line: &[&str]) -> Result<Config> {
    load_in(tempfile::tempdir().unwrap().path(), file, line, &around())
}

#[test]
fn nothing_said_is_the_defaults() {
    let config = load("", &[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:4040");
    assert_eq!(config.data, Path::new("/home/me/.local/share/quicksync"));
    assert_eq!(config.database, config.data.join("quicksync.db"));
    assert_eq!(config.segments, config.data.join("segments"));
    assert!(config.probe.enabled);
    assert_eq!(config.probe.targets.len(), 1);
    assert_eq!(config.probe.timeout, Duration::from_secs(5));
    assert!(config.music.is_empty() && config.trusted_proxies.is_empty());
}

#[test]
fn the_file_says_every_key() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"
        listen = "0.0.0.0:8080"
        public_url = "https://music.example.org/qs"
        trusted_proxies = ["10.0.0.0/8", "::1"]
        allowed_origins = ["https://app.example.org"]
        data = "data"
        music = ["music", "/srv/music"]
        database_url = "sqlite:/var/lib/a.db"
        segments_url = "file:///var/cache/a"
        [probe]
        enabled = false
        targets = ["http://127.0.0.1:9/a"]
        timeout_s = 2.5
        [cache]
        memory_bytes = 1
        disk_bytes = 2
        [encode]
        workers = 3
        [history]
        days = 30
    "#;
    let config = load_in(folder.path(), text, &[], &around()).unwrap();
    assert_eq!(
        config,
        Config {
            history_days: 30,
            listen: "0.0.0.0:8080".parse().unwrap(),
            public_url: Some("https://music.example.org/qs".into()),
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()],
            allowed_origins: vec!["https://app.example.org".into()],
            data: folder.path().join("data"),
            music: vec![folder.path().join("music"), "/srv/music".into()],
            database: "/var/lib/a.db".into(),
            segments: "/var/cache/a".into(),
            probe: ProbeSettings {
                enabled: false,
                targets: vec![Url::parse("http://127.0.0.1:9/a").unwrap()],
                timeout: Duration::from_millis(2500),
            },
            cache_memory_bytes: 1,
            cache_disk_bytes: 2,
            encode_workers: NonZeroUsize::new(3).unwrap(),
        }
    );
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let text = "listen = \"127.0.0.1:1\"\nmusic = [\"/file\"]\ndata = \"/file\"";
    let flags = ["--listen", "127.0.0.1:2", "--data", "/flag"];
    let config = load(text, &flags).unwrap();
    assert_eq!((config.listen.port(), config.data), (2, "/flag".into()));
    assert_eq!(config.music, [Path::new("/file")]);

    let from_environment =
        Surroundings { music: Some("/env/a:/env/b".into()), data_home: None, home: None };
    for (line, music) in [
        (&[][..], &["/env/a", "/env/b"][..]),
        (&["--music", "/flag/a", "/flag/b"], &["/flag/a", "/flag/b"]),
        (&["--music", "/flag/a", "--music", "/flag/b"], &["/flag/a", "/flag/b"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let config = load_in(folder.path(), text, line, &from_environment).unwrap();
        assert!(config.music.iter().map(PathBuf::as_path).eq(music.iter().map(Path::new)));
    }
}

#[test]
fn refusals_name_the_key() {
    for (text, named) in [
        ("listne = \"127.0.0.1:1\"", "listne"),
        ("[probe]\nenable = true", "enable"),
        ("[prob]\nenabled = true", "prob"),
        ("[probe]\n\nenabled = \"yes\"", "line 3"),
        ("[probe]\ntimeout_s = 0", "probe.timeout_s"),
        ("[probe]\ntimeout_s = nan", "probe.timeout_s"),
        ("[probe]\ntargets = [\"ftp://a/b\"]", "probe.targets"),
        ("[probe]\ntargets = [\"nonsense\"]", "nonsense"),
        ("listen = \"localhost\"", "line 1"),
        ("trusted_proxies = [\"10.0.0\"]", "10.0.0"),
        ("database_url = \"postgres://a/b\"", "database_url"),
        ("segments_url = \"s3://bucket\"", "segments_url"),
        ("database_url = \"sqlite:\"", "database_url"),
        ("[cache]\ndisk_bytes = -1", "line 2"),
        ("[encode]\nworkers = 0", "line 2"),
        ("listen = ", "line 1"),
    ] {
        let error = load(text, &["--data", "/d"]).unwrap_err();
        let sentence = error.to_string();
        assert!(sentence.contains(named), "{text:?} gave {sentence:?}");
        assert!(!sentence.contains('\n'), "{sentence:?}");
        assert!(matches!(error.downcast_ref(), Some(Refusal::Usage(_))));
    }
}

#[test]
fn a_place_for_data_is_needed() {
    let nowhere = Surroundings { music: None, data_home: None, home: None };
    let flags = Line::parse_from(["quicksync"]).settings;
    assert!(Config::load(flags, &nowhere).unwrap_err().to_string().starts_with("data:"));
    let xdg = Surroundings { music: None, data_home: Some("/x".into()), home: None };
    let flags = Line::parse_from(["quicksync"]).settings;
    assert_eq!(Config::load(flags, &xdg).unwrap().data, Path::new("/x/quicksync"));
}

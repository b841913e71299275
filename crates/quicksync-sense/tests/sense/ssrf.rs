//! Where a probe never goes: redirects to sixty places that somebody may want to reach through us,
//! and targets that are no address of the web. Whoever listens there hears nothing.

use std::time::Duration;

use quicksync_sense::{CdnProbe, ProbeConfig, ProbeError, TargetFailure};
use tokio::net::TcpListener;
use url::Url;

use crate::target::{Behaviour, Target};

/// Ways to write this very machine, each with `{port}` of a listener that must never be met, and
/// places behind a firewall.
const ELSEWHERE: [&str; 64] = [
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0177.0x0.0.1:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0:{port}/",
    "http://127.255.255.254:{port}/",
    "http://127.0.0.2:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://\u{ff11}27.0.0.1:{port}/",
    "http://127\u{3002}0\u{3002}0\u{3002}1:{port}/",
    "http://\u{24db}ocalhost:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://user:password@localhost:{port}/",
    "http://good.example@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@good.example/",
    "http://127.0.0.1:{port}#@good.example/",
    "http://127.0.0.1:{port}?@good.example/",
    "//127.0.0.1:{port}/",
    "///127.0.0.1:{port}/",
    "\\\\127.0.0.1:{port}\\",
    "http:/\\127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "HTTP://127.0.0.1:{port}/",
    "\thttp://127.0.0.1:{port}/",
    "ht\ttp://127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/",
    "https://localhost:{port}/",
    "https://[::1]:{port}/",
    "ws://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET",
    "dict://127.0.0.1:{port}/info",
    "ldap://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "data:text/plain,hello",
    "javascript:fetch('http://127.0.0.1:{port}/')",
    "unix:///var/run/docker.sock",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://100.100.100.200/",
    "http://192.168.0.1/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
];

#[tokio::test]
async fn no_redirect_leads_a_probe_elsewhere() {
    let forbidden = Target::start(Behaviour::Serve { bytes: 100_000 }).await;
    let v6 = TcpListener::bind(("::1", forbidden.address().port())).await.ok();
    let port = forbidden.address().port().to_string();
    for place in ELSEWHERE {
        let location = place.replace("{port}", &port);
        let configured = Target::start(Behaviour::RedirectTo(location.clone().leak())).await;
        let targets = vec![configured.url()];
        let timeout = Duration::from_millis(2000);
        let probe = CdnProbe::new(ProbeConfig { enabled: true, targets, timeout });
        let report = probe.expect("loopback is allowed").run().await;
        let failure = report.targets[0].outcome.clone().expect_err("nothing was there to measure");
        assert!(
            matches!(
                failure,
                TargetFailure::Redirected
                    | TargetFailure::Unreachable(_)
                    | TargetFailure::Status(_)
            ),
            "{location:?}: {failure:?}"
        );
        // What a browser takes for a path of the same place is followed within bounds.
        assert!(configured.connections() <= 5, "{location:?}");
        assert_eq!(forbidden.connections(), 0, "{location:?}");
    }
    if let Some(v6) = v6 {
        let met = tokio::time::timeout(Duration::from_millis(1), v6.accept()).await;
        assert!(met.is_err(), "somebody came by IPv6");
    }
}

/// Within one place a redirect is followed, but not for ever.
#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let circle = Target::start(Behaviour::RedirectTo("/again")).await;
    let targets = vec![circle.url()];
    let config = ProbeConfig { enabled: true, targets, timeout: Duration::from_secs(5) };
    let report = CdnProbe::new(config).expect("loopback is allowed").run().await;
    assert!(report.targets[0].outcome.is_err());
    assert!(circle.connections() <= 5, "{}", circle.connections());
}

#[test]
fn what_is_no_address_of_the_web_is_no_target() {
    for text in [
        "file:///etc/passwd",
        "ftp://a.example/",
        "data:text/plain,a",
        "unix:/run/s",
        "gopher://a.example/",
        "javascript:1",
        "about:blank",
        "ws://a.example/",
    ] {
        let targets = vec![Url::parse(text).expect("a URL")];
        let config = ProbeConfig { enabled: true, targets, timeout: Duration::from_secs(1) };
        assert!(matches!(CdnProbe::new(config), Err(ProbeError::BadTarget(_))), "{text}");
    }
}

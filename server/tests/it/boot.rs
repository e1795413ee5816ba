//! The binary itself: what it says when something about the machine is wrong, and that it comes through.

use std::{
    io::Read,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use store::testing::TestDatabase;

use crate::portal::{TestPortal, VAULT, root, url};

/// The program with nothing but these variables.
fn madang(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_madang"));
    command
        .args(arguments)
        .current_dir(root())
        .env_clear()
        .env("MADANG_ARGON2_MEMORY_KIB", "64")
        .env("MADANG_SECRET", "a key of tests, longer than it has to be")
        .env("MADANG_VAULT_KEYS", VAULT)
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (Output, String) {
    let output = madang(arguments, variables).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr)
        .lines()
        .filter(|line| line.starts_with("madang:") || line.starts_with("  "))
        .collect::<Vec<_>>()
        .join("\n");
    (output, said)
}

/// A running server, killed when the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// One request over a socket: the status and the body.
fn get(port: u16, path: &str, language: &str) -> Option<(u16, String)> {
    use std::io::Write;
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nAccept-Language: {language}\r\nConnection: close\r\n\r\n").ok()?;
    let mut text = Vec::new();
    stream.read_to_end(&mut text).ok()?;
    let text = String::from_utf8_lossy(&text).into_owned();
    Some((text.get(9..12)?.parse().ok()?, text))
}

/// Asks until the answer has this status; the test's own limit ends it otherwise.
fn wait_for(port: u16, path: &str, status: u16) -> String {
    let began = Instant::now();
    loop {
        if let Some((got, body)) = get(port, path, "en")
            && got == status
        {
            return body;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "{path} did not come to {status}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_taken_port_is_one_clear_message() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (output, said) = run(&["serve"], &[("MADANG_LISTEN", &address)]);
    assert!(!output.status.success());
    assert!(said.starts_with(&format!("madang: cannot listen on {address}: ")), "{said}");
    assert_eq!(said.lines().count(), 1);
}

#[test]
fn an_unusable_data_folder_is_one_clear_message() {
    let listen = format!("127.0.0.1:{}", free_port());
    let (output, said) =
        run(&["serve"], &[("MADANG_LISTEN", &listen), ("MADANG_DATA", "/proc/nothing/here")]);
    assert!(!output.status.success());
    assert!(said.starts_with("madang: the data folder /proc/nothing/here cannot be used: "), "{said}");
    assert_eq!(said.lines().count(), 1);
}

#[test]
fn a_malformed_configuration_is_told_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("madang.toml");
    std::fs::write(&file, "mode = \"sandbox\"\nlisten = \n").unwrap();
    let name = file.display().to_string();
    let (output, said) = run(&["serve"], &[("MADANG_CONFIG", &name)]);
    assert!(!output.status.success());
    assert!(said.contains(&format!("{name}:2: ")), "{said}");
    let (_, said) = run(&["config"], &[("MADANG_LISTEN", "x"), ("MADANG_MODE", "y"), ("MADANG_TYPO", "z")]);
    assert_eq!(said.lines().count(), 4, "{said}");
    let (_, said) = run(&["serve"], &[("MADANG_CONFIG", "/nowhere/madang.toml")]);
    assert!(said.contains("/nowhere/madang.toml cannot be read"), "{said}");
}

#[test]
fn a_faulty_catalogue_stops_the_start_and_names_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("catalogue"), folder.path());
    let file = folder.path().join("services/passport.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("nonsense = 1\n{text}")).unwrap();
    let catalogue = folder.path().display().to_string();
    for command in [vec!["catalogue", "check"], vec!["serve"]] {
        let listen = format!("127.0.0.1:{}", free_port());
        let output = madang(&command, &[("MADANG_CATALOGUE", &catalogue), ("MADANG_LISTEN", &listen)])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{command:?}");
        assert!(said.contains("passport.toml:1"), "{said}");
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn secrets_are_masked_in_the_shown_configuration() {
    let (output, _) = run(&["config"], &[("DATABASE_URL", "postgres://u:very-secret@h/d")]);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains("database.url = \"********\""), "{shown}");
    assert!(!shown.contains("very-secret") && !shown.contains("a key of tests"), "{shown}");
}

#[test]
fn routes_lists_every_door_with_its_roles() {
    let (output, _) = run(&["routes"], &[]);
    let doors: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(doors.len(), domain::policy::DOORS.len());
    assert!(doors.iter().all(|door| door["roles"].as_array().is_some_and(|roles| !roles.is_empty())));
}

/// A TCP relay in front of PostgreSQL that can be closed and opened again.
struct Relay {
    port: u16,
    task: Option<tokio::task::JoinHandle<()>>,
    target: String,
}

impl Relay {
    fn new(target: String) -> Self {
        Self { port: free_port(), task: None, target }
    }

    async fn open(&mut self) {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        let target = self.target.clone();
        self.task = Some(tokio::task::spawn(async move {
            // Connections end with the set they are in when the relay is closed.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let target = target.clone();
                connections.spawn(async move {
                    if let Ok(mut far) = tokio::net::TcpStream::connect(target).await {
                        let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                    }
                });
            }
        }));
    }

    async fn close(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            let _ = task.await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_down_at_the_start_and_again_later_is_waited_for() {
    let database = TestDatabase::create("relay", "2026-11-23T00:00:00Z".parse().unwrap()).await;
    let at = &database.owner;
    let mut relay = Relay::new(format!("{}:{}", at.get_host(), at.get_port()));
    let address = url(&database).replace(&format!(":{}/", at.get_port()), &format!(":{}/", relay.port));
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    let command = madang(&["serve"], &[("DATABASE_URL", &address), ("MADANG_LISTEN", &listen)])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut running = Running(command.unwrap());
    tokio::task::block_in_place(|| {
        wait_for(port, "/health/live", 200);
        wait_for(port, "/health/ready", 503);
        let page = wait_for(port, "/", 503);
        assert!(page.contains("<html lang=\"en\""), "{page}");
        assert!(get(port, "/", "ko").unwrap().1.contains("<html lang=\"ko\""));
    });
    relay.open().await;
    tokio::task::block_in_place(|| {
        wait_for(port, "/health/ready", 200);
        wait_for(port, "/", 200);
    });
    relay.close().await;
    tokio::task::block_in_place(|| {
        wait_for(port, "/health/ready", 503);
        wait_for(port, "/search?q=a", 503);
    });
    relay.open().await;
    tokio::task::block_in_place(|| {
        wait_for(port, "/health/ready", 200);
        wait_for(port, "/search?q=a", 200);
    });
    // Jobs as well are taken up again.
    let pool = database.owner_pool().await;
    let mut db = pool.acquire().await.unwrap();
    store::job::enqueue(&mut db, "clean_up", &()).await.unwrap();
    while store::job::count_open(&mut db).await.unwrap() > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(db);
    pool.close().await;
    let stopped = Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let status = tokio::task::block_in_place(|| running.0.wait().unwrap());
    assert!(status.success(), "SIGTERM is a good end: {status}");
    relay.close().await;
    database.remove().await;
}

#[tokio::test]
async fn two_servers_that_start_together_on_an_empty_database_both_get_ready() {
    let database =
        TestDatabase::create_empty("together", "encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'")
            .await;
    let address = url(&database);
    let ports = [free_port(), free_port()];
    let servers: Vec<Running> = ports
        .iter()
        .map(|port| {
            let listen = format!("127.0.0.1:{port}");
            let mut command = madang(&["serve"], &[("DATABASE_URL", &address), ("MADANG_LISTEN", &listen)]);
            Running(command.stdout(Stdio::inherit()).stderr(Stdio::inherit()).spawn().unwrap())
        })
        .collect();
    for port in ports {
        wait_for(port, "/health/ready", 200);
    }
    drop(servers);
    database.remove().await;
}

#[tokio::test]
async fn who_finds_no_place_waits_until_somebody_leaves() {
    let database = TestDatabase::create("places", "2026-11-23T00:00:00Z".parse().unwrap()).await;
    let port = free_port();
    let (address, listen) = (url(&database), format!("127.0.0.1:{port}"));
    let variables =
        [("DATABASE_URL", address.as_str()), ("MADANG_LISTEN", &listen), ("MADANG_CONNECTIONS", "1")];
    let mut command = madang(&["serve"], &variables);
    let server = Running(command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap());
    wait_for(port, "/health/ready", 200);
    let idle = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let (send, answers) = std::sync::mpsc::channel();
    let waiting =
        std::thread::spawn(move || send.send(get(port, "/health/live", "en").map(|answer| answer.0)));
    assert!(
        answers.recv_timeout(Duration::from_millis(300)).is_err(),
        "the only place is taken by somebody who asks nothing"
    );
    drop(idle);
    assert_eq!(answers.recv().unwrap(), Some(200));
    waiting.join().unwrap().unwrap();
    drop(server);
    database.remove().await;
}

#[tokio::test]
async fn a_head_without_end_is_refused_and_others_are_served() {
    use std::io::Write;
    let database = TestDatabase::create("head", "2026-11-23T00:00:00Z".parse().unwrap()).await;
    let port = free_port();
    let (address, listen) = (url(&database), format!("127.0.0.1:{port}"));
    let variables = [("DATABASE_URL", address.as_str()), ("MADANG_LISTEN", &listen)];
    let mut command = madang(&["serve"], &variables);
    let server = Running(command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap());
    wait_for(port, "/health/ready", 200);
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n").unwrap();
    // The portal answers after 32 KiB; what is sent after that may meet a closed connection.
    let endless = std::iter::repeat_n(format!("x: {}\r\n", "a".repeat(1_000)), 40).collect::<String>();
    let _ = stream.write_all(endless.as_bytes());
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 431");
    assert_eq!(get(port, "/health/live", "en").map(|answer| answer.0), Some(200));
    drop(server);
    database.remove().await;
}

#[tokio::test]
async fn the_sandbox_gives_its_demo_accounts_the_printed_passwords_again() {
    let portal = TestPortal::start("demo_again").await;
    server::desk::demo::make(&portal.portal).await.unwrap();
    let demo = &server::desk::demo::ALL[0];
    let (address, changed) = (demo.address(), "amber-trellis-noon");
    let enters = async |password: &str| {
        let form = [("contact", address.as_str()), ("password", password)];
        portal.browser().post("/sign-in", &form).await.status == http::StatusCode::SEE_OTHER
    };
    let mut browser = portal.browser();
    browser.post("/sign-in", &[("contact", &address), ("password", demo.password)]).await;
    let form = [("present", demo.password), ("password", changed)];
    assert_eq!(browser.post("/account/password", &form).await.goes_to(), "/account");
    assert!(enters(changed).await);
    server::desk::demo::make(&portal.portal).await.unwrap();
    assert!(enters(demo.password).await && !enters(changed).await);
    portal.finish().await;
}

#[tokio::test]
async fn a_database_with_a_locale_that_breaks_korean_search_is_refused() {
    let database = TestDatabase::create_empty("locale", "encoding 'UTF8' lc_collate 'C' lc_ctype 'C'").await;
    let (output, said) = run(&["migrate"], &[("DATABASE_URL", &url(&database))]);
    assert!(!output.status.success());
    assert!(said.contains("C.UTF-8"), "{said}");
    database.remove().await;
}

#[tokio::test]
async fn production_does_not_start_on_a_database_with_demo_accounts() {
    let database = TestDatabase::create("demo", "2026-11-23T00:00:00Z".parse().unwrap()).await;
    let address = url(&database);
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    let mut command = madang(&["serve"], &[("DATABASE_URL", &address), ("MADANG_LISTEN", &listen)]);
    let sandbox = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    wait_for(port, "/health/ready", 200);
    drop(sandbox);
    let migrate = format!("{address}?application_name=owner");
    let variables = [
        ("DATABASE_URL", address.as_str()),
        ("MADANG_LISTEN", &listen),
        ("MADANG_MODE", "production"),
        ("MADANG_MIGRATE_URL", migrate.as_str()),
        ("MADANG_PUBLIC_URL", "https://portal.test"),
        ("MADANG_SMTP", "smtps://mail.test:465"),
        ("MADANG_METRICS_TOKEN", "0123456789abcdef"),
        ("MADANG_ARGON2_MEMORY_KIB", "19456"),
    ];
    let (output, said) = run(&["serve"], &variables);
    assert!(!output.status.success());
    assert!(said.contains("demo accounts"), "{said}");
    database.remove().await;
}

#[tokio::test]
async fn an_officer_is_added_by_command_and_gets_a_link() {
    let database = TestDatabase::create("officer_add", "2026-11-23T00:00:00Z".parse().unwrap()).await;
    let address = url(&database);
    let add = |agency: &'static str, role: &'static str| {
        let arguments = [
            "officer",
            "add",
            "--name",
            "이도윤",
            "--email",
            "lee@agency.test",
            "--agency",
            agency,
            "--department",
            "reception",
            "--role",
            role,
        ];
        run(&arguments, &[("DATABASE_URL", &address), ("MADANG_PUBLIC_URL", "http://portal.test")])
    };
    let (output, said) = add("gaon", "officer");
    assert!(output.status.success(), "{said}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("http://portal.test/staff/set-up/"));
    assert!(add("atlantis", "officer").1.contains("--agency atlantis is none of "));
    assert!(add("gaon", "king").1.contains("--role king is none of officer, "));
    database.remove().await;
}

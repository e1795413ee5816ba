//! Reading a configuration: what each setting may be, and what a mode refuses.

use std::{net::SocketAddr, path::PathBuf, str::FromStr};

use ipnet::IpNet;
use secrecy::SecretString;

use super::{Argon2, Config, Database, Fault, Messages, Mode, Sessions, Source, VaultKeys};
use crate::vault::KeyRing;

impl Config {
    /// Reads the configuration from its sources.
    ///
    /// # Errors
    /// Every fault there is.
    pub fn read(source: Source) -> Result<Self, Vec<Fault>> {
        let mut from = source;
        let mode = from.take("mode", |text| match text {
            "sandbox" => Ok(Mode::Sandbox),
            "production" => Ok(Mode::Production),
            _ => Err("is neither sandbox nor production".to_owned()),
        });
        let listen = from.take("listen", parse::<SocketAddr>("is not an address such as 127.0.0.1:3000"));
        let public_url = from.take_optional("public_url", |text| {
            origin(text)
                .ok_or_else(|| "is not scheme and host alone, such as https://portal.example".to_owned())
        });
        let data = from.take("data", parse::<PathBuf>("is not a path"));
        let catalogue = from.take("catalogue", parse::<PathBuf>("is not a path"));
        let agencies = from.take_optional("agencies", parse::<PathBuf>("is not a path"));
        let database = read_database(&mut from);
        let trusted_proxies = from.take("trusted_proxies", |text| {
            text.split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(network)
                .collect::<Result<Vec<_>, _>>()
        });
        let secret = from.take_optional("secret", |text| match text.len() {
            32.. => Ok(SecretString::from(text)),
            _ => Err("is shorter than 32 characters; make one with: openssl rand -hex 32".to_owned()),
        });
        let vault = read_vault(&mut from);
        let messages = read_messages(&mut from);
        let argon2 = read_argon2(&mut from);
        let sessions = read_sessions(&mut from);
        let metrics_token = from.take_optional("metrics.token", |text| match text.len() {
            16.. => Ok(SecretString::from(text)),
            _ => Err("is shorter than 16 characters".to_owned()),
        });
        let log_filter = from.take("log.filter", |text| {
            tracing_subscriber::EnvFilter::try_new(text)
                .map(|_| text.to_owned())
                .map_err(|error| format!("is not a log filter: {error}"))
        });
        let log_json = from.take("log.format", |text| match text {
            "json" => Ok(true),
            "text" => Ok(false),
            _ => Err("is neither json nor text".to_owned()),
        });
        let request_timeout = from.take("request_timeout", number(1..=600));
        let connections = from.take("connections", number(1..=1_000_000));
        if mode == Some(Mode::Sandbox) {
            refuse_real_mail(&mut from);
        }
        if mode == Some(Mode::Production) {
            refuse_sandbox_settings(&mut from, public_url.as_ref().and_then(Option::as_deref));
        }
        let faults = from.finish();
        let whole = || {
            let listen = listen?;
            Some(Self {
                mode: mode?,
                listen,
                public_url: public_url?.unwrap_or_else(|| format!("http://{listen}")),
                data: data?,
                catalogue: catalogue?,
                agencies: agencies?,
                database: database?,
                trusted_proxies: trusted_proxies?,
                secret: secret?,
                vault: vault?,
                messages: messages?,
                argon2: argon2?,
                sessions: sessions?,
                metrics_token: metrics_token?,
                log_filter: log_filter?,
                log_json: log_json?,
                request_timeout: request_timeout?,
                connections: connections?,
            })
        };
        match (faults.is_empty(), whole()) {
            (true, Some(config)) => Ok(config),
            _ => Err(faults),
        }
    }
}

/// Scheme, host and, unless it is the scheme's own, port: what browsers send as `Origin`.
fn origin(text: &str) -> Option<String> {
    let uri: http::Uri = text.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    let own_port = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    if authority.as_str().contains('@') || uri.path_and_query().is_some_and(|rest| rest.as_str() != "/") {
        return None;
    }
    let host = authority.host().to_ascii_lowercase();
    Some(match authority.port_u16().filter(|port| *port != own_port) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

fn read_database(from: &mut Source) -> Option<Database> {
    let address = |text: &str| match sqlx::postgres::PgConnectOptions::from_str(text) {
        Ok(_) => Ok(SecretString::from(text)),
        Err(_) => Err("is not an address such as postgres://user:password@host/database".to_owned()),
    };
    let url = from.take_optional("database.url", address);
    let migrate_url = from.take_optional("database.migrate_url", address);
    let connections = from.take("database.connections", number(2..=1000));
    Some(Database { url: url?, migrate_url: migrate_url?, connections: connections? })
}

fn read_vault(from: &mut Source) -> Option<VaultKeys> {
    let text = from.take_optional("vault.keys", |text| match KeyRing::parse(text) {
        Ok(_) => Ok(SecretString::from(text)),
        Err(why) => Err(format!("are no keys: {why}")),
    });
    let file = from.take_optional("vault.file", parse::<PathBuf>("is not a path"));
    match (text?, file?) {
        (Some(_), Some(_)) => {
            from.refuse("vault.file", "and vault.keys are both set: one of them is enough");
            None
        }
        (Some(text), None) => Some(VaultKeys::Text(text)),
        (None, Some(file)) => Some(VaultKeys::File(file)),
        (None, None) => Some(VaultKeys::Own),
    }
}

fn read_messages(from: &mut Source) -> Option<Messages> {
    let smtp = from.take_optional("messages.smtp", |text| {
        lettre::AsyncSmtpTransport::<lettre::Tokio1Executor>::from_url(text)
            .map(|_| SecretString::from(text))
            .map_err(|_| "is not an address such as smtps://user:password@host:465".to_owned())
    });
    let sender = from.take("messages.from", |text| match lettre::message::Mailbox::from_str(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("is not a mail address: {error}")),
    });
    let sms_domain = from.take_optional("messages.sms_domain", |text| {
        if text.contains('@') { Err("is a domain, without an @".to_owned()) } else { Ok(text.to_owned()) }
    });
    Some(Messages { smtp: smtp?, from: sender?, sms_domain: sms_domain? })
}

fn read_argon2(from: &mut Source) -> Option<Argon2> {
    let memory = from.take("argon2.memory_kib", number(8..=4_194_304));
    let passes = from.take("argon2.passes", number(1..=100));
    let lanes = from.take("argon2.lanes", number(1..=16));
    Some(Argon2 { memory: memory?, passes: passes?, lanes: lanes? })
}

fn read_sessions(from: &mut Source) -> Option<Sessions> {
    let citizen_idle = from.take("sessions.citizen_idle_minutes", number(1..=1440));
    let citizen_total = from.take("sessions.citizen_total_minutes", number(1..=10_080));
    let officer_idle = from.take("sessions.officer_idle_minutes", number(1..=1440));
    let officer_total = from.take("sessions.officer_total_minutes", number(1..=1440));
    Some(Sessions {
        citizen_idle: citizen_idle?,
        citizen_total: citizen_total?,
        officer_idle: officer_idle?,
        officer_total: officer_total?,
    })
}

/// The sandbox's people are invented, their addresses may not be: it sends to a server on this machine or not at all.
fn refuse_real_mail(from: &mut Source) {
    let elsewhere = from.raw("messages.smtp").is_some_and(|url| {
        let host = url.split("://").nth(1).unwrap_or_default().rsplit('@').next().unwrap_or_default();
        let host = host.split(['/', '?']).next().unwrap_or_default();
        let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
        !["127.0.0.1", "localhost", "[::1]"].contains(&name.map_or(host, |(name, _)| name))
    });
    if elsewhere {
        from.refuse("messages.smtp", "leads to another machine; the sandbox sends no real messages");
    }
}

/// What is good enough to try things is refused where real people are served.
fn refuse_sandbox_settings(from: &mut Source, public_url: Option<&str>) {
    match public_url {
        None => from.refuse("public_url", "has to be set in production"),
        Some(url) if !url.starts_with("https://") => {
            from.refuse("public_url", "has to begin with https:// in production");
        }
        Some(_) => {}
    }
    for key in ["database.url", "database.migrate_url", "secret", "messages.smtp", "metrics.token"] {
        if !from.is_set(key) {
            from.refuse(key, "has to be set in production; nothing is generated there");
        }
    }
    if !from.is_set("vault.keys") && !from.is_set("vault.file") {
        from.refuse("vault.file", "or vault.keys has to be set in production; nothing is generated there");
    }
    if from.is_set("database.url") && from.raw("database.url") == from.raw("database.migrate_url") {
        from.refuse("database.migrate_url", "has to name another login than database.url in production");
    }
    if from
        .raw("messages.smtp")
        .is_some_and(|url| url.starts_with("smtp://") && !url.contains("tls=required"))
    {
        from.refuse(
            "messages.smtp",
            "has to be encrypted in production: smtps://, or smtp:// with ?tls=required",
        );
    }
    if from
        .raw("argon2.memory_kib")
        .and_then(|text| text.parse::<u32>().ok())
        .is_some_and(|memory| memory < 19_456)
    {
        from.refuse("argon2.memory_kib", "has to be at least 19456 in production");
    }
}

fn parse<T: FromStr>(complaint: &'static str) -> impl Fn(&str) -> Result<T, String> {
    move |text| text.parse().map_err(|_| complaint.to_owned())
}

fn number<T: FromStr + PartialOrd + std::fmt::Display>(
    range: std::ops::RangeInclusive<T>,
) -> impl Fn(&str) -> Result<T, String> {
    move |text| {
        text.parse()
            .ok()
            .filter(|value| range.contains(value))
            .ok_or_else(|| format!("is not a number from {} to {}", range.start(), range.end()))
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    IpNet::from_str(text).or_else(|_| {
        text.parse::<std::net::IpAddr>()
            .map(IpNet::from)
            .map_err(|_| format!("holds {text}, which is no address or network"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Source::new(Some(("madang.toml", file)), variables)
            .and_then(Config::read)
            .map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn nothing_at_all_is_a_sandbox_on_loopback() {
        let config = read("", &[]).unwrap();
        assert_eq!(config.mode, Mode::Sandbox);
        assert_eq!(config.public_url, "http://127.0.0.1:3000");
        assert!(config.database.url.is_none());
    }

    #[test]
    fn a_public_address_is_what_browsers_call_an_origin() {
        for (text, kept) in [
            ("https://Portal.example/", Some("https://portal.example")),
            ("https://portal.example:443", Some("https://portal.example")),
            ("http://127.0.0.1:3000", Some("http://127.0.0.1:3000")),
            ("https://portal.example/portal", None),
            ("https://user@portal.example", None),
            ("https://a b", None),
            ("ftp://portal.example", None),
            ("portal.example", None),
        ] {
            let read = read("", &[("MADANG_PUBLIC_URL", text)]).map(|config| config.public_url);
            assert_eq!(read.ok().as_deref(), kept, "{text}");
        }
    }

    #[test]
    fn a_variable_wins_over_the_file() {
        let config = read("listen = \"127.0.0.1:1\"", &[("MADANG_LISTEN", "127.0.0.1:2")]).unwrap();
        assert_eq!(config.listen.port(), 2);
    }

    #[test]
    fn every_fault_is_reported_at_once_with_its_place() {
        let faults = read(
            "listen = \"here\"\nlisten_to = 3\n[argon2]\npasses = 0\n",
            &[("MADANG_MODE", "play"), ("MADANG_LISTN", "x")],
        )
        .unwrap_err();
        assert_eq!(
            faults,
            [
                "madang.toml: listen_to is not a setting",
                "MADANG_LISTN is not a setting",
                "MADANG_MODE is neither sandbox nor production",
                "madang.toml: listen is not an address such as 127.0.0.1:3000",
                "madang.toml: argon2.passes is not a number from 1 to 100",
            ]
        );
    }

    #[test]
    fn production_refuses_what_only_a_sandbox_may_do() {
        let faults = read("mode = \"production\"\npublic_url = \"http://a.example\"", &[]).unwrap_err();
        for key in [
            "public_url",
            "DATABASE_URL",
            "MADANG_MIGRATE_URL",
            "MADANG_SECRET",
            "MADANG_SMTP",
            "MADANG_METRICS_TOKEN",
            "MADANG_VAULT_FILE",
        ] {
            assert!(faults.iter().any(|fault| fault.contains(key)), "{key} in {faults:?}");
        }
        let faults = read(
            "mode = \"production\"\npublic_url = \"https://a.example\"\nsecret = \"0123456789012345678901234567890123\"
             [database]\nurl = \"postgres://a/b\"\nmigrate_url = \"postgres://o@a/b\"\n[messages]\nsmtp = \"smtp://a:25\"\n[metrics]\ntoken = \"0123456789abcdef\"\n[vault]\nfile = \"/etc/madang/vault.keys\"",
            &[],
        )
        .unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].contains("messages.smtp has to be encrypted"));
    }

    #[test]
    fn the_keys_of_the_vault_come_from_one_place_and_are_not_repeated_in_a_fault() {
        let file = read("", &[("MADANG_VAULT_FILE", "/etc/madang/vault.keys")]).unwrap();
        assert!(matches!(file.vault, VaultKeys::File(_)));
        let faults = read("", &[("MADANG_VAULT_KEYS", "look-up=secretsecret")]).unwrap_err();
        assert_eq!(faults, ["MADANG_VAULT_KEYS are no keys: `look-up` is not 32 bytes in base64url"]);
        let key = "A".repeat(43);
        let keys = format!("look-up={key},seal-1={key}");
        let both = [("MADANG_VAULT_KEYS", keys.as_str()), ("MADANG_VAULT_FILE", "vault.keys")];
        assert_eq!(read("", &both).unwrap_err().len(), 1);
    }

    #[test]
    fn a_sandbox_sends_to_this_machine_only() {
        assert!(read("", &[("MADANG_SMTP", "smtp://127.0.0.1:2525")]).is_ok());
        assert!(read("", &[("MADANG_SMTP", "smtp://localhost.evil.example:25")]).is_err());
        assert!(read("", &[("MADANG_SMTP", "smtp://localhost?tls=opportunistic")]).is_ok());
        let faults = read("", &[("MADANG_SMTP", "smtps://user:word@mail.example:465")]).unwrap_err();
        assert_eq!(faults, ["MADANG_SMTP leads to another machine; the sandbox sends no real messages"]);
    }
}

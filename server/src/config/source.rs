//! Where settings come from.

use std::{collections::BTreeMap, fmt};

/// One setting: its key in the file, its variable, its default, and what it is.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Dotted key of the TOML file.
    pub key: &'static str,
    /// The environment's name for it.
    pub variable: &'static str,
    /// None: may be left out.
    pub default: Option<&'static str>,
    /// Never shown.
    pub secret: bool,
    /// What it is, for people.
    pub about: &'static str,
}

const fn setting(
    key: &'static str,
    variable: &'static str,
    default: Option<&'static str>,
    about: &'static str,
) -> Setting {
    Setting { key, variable, default, secret: false, about }
}

const fn secret(key: &'static str, variable: &'static str, about: &'static str) -> Setting {
    Setting { key, variable, default: None, secret: true, about }
}

/// Every setting.
pub const SETTINGS: &[Setting] = &[
    setting("mode", "MADANG_MODE", Some("sandbox"), "sandbox or production"),
    setting("listen", "MADANG_LISTEN", Some("127.0.0.1:3000"), "address and port to listen on"),
    setting("public_url", "MADANG_PUBLIC_URL", None, "how people reach the portal"),
    setting("data", "MADANG_DATA", Some(".data"), "folder for the portal's own database and keys"),
    setting("catalogue", "MADANG_CATALOGUE", Some("catalogue"), "folder of the catalogue"),
    setting(
        "agencies",
        "MADANG_AGENCIES",
        None,
        "file that names the agencies to ask; unset: nobody is asked",
    ),
    secret("database.url", "DATABASE_URL", "the serving role's address; unset: a PostgreSQL of its own"),
    secret("database.migrate_url", "MADANG_MIGRATE_URL", "the migrating role's address; unset: the same"),
    setting("database.connections", "MADANG_DATABASE_CONNECTIONS", Some("16"), "size of the serving pool"),
    setting(
        "trusted_proxies",
        "MADANG_TRUSTED_PROXIES",
        Some(""),
        "networks whose X-Forwarded-For is believed",
    ),
    secret("secret", "MADANG_SECRET", "key of all keyed hashes, at least 32 characters"),
    secret("vault.keys", "MADANG_VAULT_KEYS", "keys that seal numbers of people, as text"),
    setting("vault.file", "MADANG_VAULT_FILE", None, "file with the keys that seal numbers of people"),
    secret("messages.smtp", "MADANG_SMTP", "mail server, smtps://user:password@host:465"),
    setting("messages.from", "MADANG_MAIL_FROM", Some("Madang <no-reply@madang.example>"), "sender of mails"),
    setting("messages.sms_domain", "MADANG_SMS_DOMAIN", None, "domain of a mail-to-text gateway"),
    setting("argon2.memory_kib", "MADANG_ARGON2_MEMORY_KIB", Some("19456"), "memory for hashing a password"),
    setting("argon2.passes", "MADANG_ARGON2_PASSES", Some("2"), "passes over that memory"),
    setting("argon2.lanes", "MADANG_ARGON2_LANES", Some("1"), "lanes"),
    setting(
        "sessions.citizen_idle_minutes",
        "MADANG_CITIZEN_IDLE_MINUTES",
        Some("60"),
        "a citizen who does nothing",
    ),
    setting(
        "sessions.citizen_total_minutes",
        "MADANG_CITIZEN_TOTAL_MINUTES",
        Some("720"),
        "a citizen's whole session",
    ),
    setting(
        "sessions.officer_idle_minutes",
        "MADANG_OFFICER_IDLE_MINUTES",
        Some("30"),
        "an officer who does nothing",
    ),
    setting(
        "sessions.officer_total_minutes",
        "MADANG_OFFICER_TOTAL_MINUTES",
        Some("720"),
        "an officer's whole session",
    ),
    secret("metrics.token", "MADANG_METRICS_TOKEN", "what Prometheus shows, at least 16 characters"),
    setting("log.filter", "MADANG_LOG", Some("info,sqlx=warn,graphile_worker=warn"), "the log's filter"),
    setting("log.format", "MADANG_LOG_FORMAT", Some("text"), "text or json"),
    setting("request_timeout", "MADANG_REQUEST_TIMEOUT", Some("15"), "seconds a request may take"),
    setting("connections", "MADANG_CONNECTIONS", Some("900"), "connections at once; those beyond wait"),
];

/// The file's own variable; not a setting.
pub const FILE_VARIABLE: &str = "MADANG_CONFIG";

/// Something wrong with the configuration.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a value came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The file with this name.
    File(String),
    /// Its variable.
    Variable,
}

/// All values as text, with where they came from, and the faults found so far.
#[derive(Debug)]
pub struct Source {
    values: BTreeMap<&'static str, (String, Origin)>,
    faults: Vec<Fault>,
}

impl Source {
    /// Lays variables over the file over the defaults. Keys that nobody knows are faults, so that a
    /// misspelt one is not silently without effect.
    ///
    /// # Errors
    /// Only when the file is not TOML at all.
    pub fn new(
        file: Option<(&str, &str)>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<Fault>> {
        let mut source = Self { values: BTreeMap::new(), faults: Vec::new() };
        for setting in SETTINGS {
            if let Some(default) = setting.default {
                source.values.insert(setting.key, (default.to_owned(), Origin::Default));
            }
        }
        if let Some((name, text)) = file {
            let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
                let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
                vec![Fault(format!("{name}:{line}: {}", error.message()))]
            })?;
            source.lay_table(name, "", &table);
        }
        for (variable, value) in variables {
            match SETTINGS.iter().find(|setting| setting.variable == variable) {
                Some(setting) if !value.is_empty() => {
                    source.values.insert(setting.key, (value, Origin::Variable));
                }
                None if variable.starts_with("MADANG_") && variable != FILE_VARIABLE => {
                    source.faults.push(Fault(format!("{variable} is not a setting")));
                }
                _ => {}
            }
        }
        Ok(source)
    }

    fn lay_table(&mut self, file: &str, above: &str, table: &toml::Table) {
        for (key, value) in table {
            let key = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
            let text = match value {
                toml::Value::Table(inner) => {
                    self.lay_table(file, &key, inner);
                    continue;
                }
                toml::Value::String(text) => text.clone(),
                toml::Value::Array(items) => {
                    items.iter().map(|item| item.as_str().unwrap_or_default()).collect::<Vec<_>>().join(",")
                }
                other => other.to_string(),
            };
            match SETTINGS.iter().find(|setting| setting.key == key) {
                Some(setting) => {
                    self.values.insert(setting.key, (text, Origin::File(file.to_owned())));
                }
                None => self.faults.push(Fault(format!("{file}: {key} is not a setting"))),
            }
        }
    }

    /// The parsed value of a setting that has a default.
    pub(super) fn take<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let (text, _) = self.values.get(key)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(complaint) => {
                self.refuse(key, &complaint);
                None
            }
        }
    }

    /// The same for one that may be missing: `None` says a fault, `Some(None)` that nobody set it.
    #[expect(clippy::option_option, reason = "a fault and an absence are two things")]
    pub(super) fn take_optional<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Option<T>> {
        if self.values.contains_key(key) { self.take(key, parse).map(Some) } else { Some(None) }
    }

    /// Whether somebody set it, in the file or by its variable.
    pub(super) fn is_set(&self, key: &str) -> bool {
        self.values.get(key).is_some_and(|(_, origin)| *origin != Origin::Default)
    }

    /// The text of a value.
    pub(super) fn raw(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(|(text, _)| text.as_str())
    }

    /// Notes a fault of this setting, named as the person who set it knows it.
    pub(super) fn refuse(&mut self, key: &'static str, complaint: &str) {
        let name = match self.values.get(key) {
            Some((_, Origin::File(file))) => format!("{file}: {key}"),
            _ => SETTINGS
                .iter()
                .find(|setting| setting.key == key)
                .map_or(key, |setting| setting.variable)
                .to_owned(),
        };
        self.faults.push(Fault(format!("{name} {complaint}")));
    }

    pub(super) fn finish(self) -> Vec<Fault> {
        self.faults
    }

    /// Every setting with its value, secrets masked.
    pub fn shown(&self) -> Vec<(&'static Setting, String, Origin)> {
        SETTINGS
            .iter()
            .map(|setting| match self.values.get(setting.key) {
                Some((_, origin)) if setting.secret => (setting, "********".to_owned(), origin.clone()),
                Some((text, origin)) => (setting, text.clone(), origin.clone()),
                None => (setting, String::new(), Origin::Default),
            })
            .collect()
    }
}

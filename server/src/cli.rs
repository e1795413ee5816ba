//! The commands of `madang`.

mod audit;
mod keys;

use std::{io::Write, path::PathBuf, process::ExitCode};

use audit::AuditCommand;
use clap::{Parser, Subcommand};
use domain::{
    account::{Contact, ContactKind, PersonName},
    actor::Role,
    service::{AgencyId, Catalogue, DepartmentId},
    text::Locale,
};
use store::migrate::{MigrateError, Turn};

use crate::{
    boot::{self, BootError, Booted, World},
    config::{Config, FILE_VARIABLE, Origin, Source},
    desk::{
        Refusal, demo,
        officer::{self, AddOfficer},
    },
    telemetry, web,
};

/// Madang, the portal.
#[derive(Debug, Parser)]
#[command(name = "madang", version, about)]
pub struct Cli {
    /// The configuration file; `MADANG_CONFIG` says the same.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal (migrates and loads the catalogue first).
    Serve,
    /// Bring the database to the present form.
    Migrate,
    /// Look at the catalogue, or put it in force.
    #[command(subcommand)]
    Catalogue(CatalogueCommand),
    /// Officers' accounts.
    #[command(subcommand)]
    Officer(OfficerCommand),
    /// The keys that seal numbers of people.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// The log of what agencies were asked.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Print every door with method and roles, as JSON.
    Routes,
    /// Print the effective configuration, secrets masked.
    Config,
    /// Print the sandbox's demo sign-ins.
    Demo,
}

#[derive(Debug, Subcommand)]
enum CatalogueCommand {
    /// Name every fault of the catalogue's files.
    Check,
    /// Put the catalogue in force. With a fault in it nothing changes.
    Load,
}

#[derive(Debug, Subcommand)]
enum OfficerCommand {
    /// Add an officer and print the link for the first password.
    Add {
        /// The officer's name.
        #[arg(long)]
        name: String,
        /// The address to sign in with.
        #[arg(long)]
        email: String,
        /// The agency's id in the catalogue.
        #[arg(long)]
        agency: String,
        /// The department's id in that agency.
        #[arg(long)]
        department: String,
        /// officer, supervisor, steward, centre or auditor.
        #[arg(long)]
        role: String,
        /// The language of messages, ko or en.
        #[arg(long, default_value = "ko")]
        language: String,
    },
    /// Print a new link for an officer whose password is lost.
    Link {
        /// The address the officer signs in with.
        #[arg(long)]
        email: String,
    },
}

/// Runs the command of this process.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("madang: {message}");
            ExitCode::FAILURE
        }
    }
}

impl Cli {
    fn run(self) -> Result<(), String> {
        match self.command {
            Command::Routes => return print_routes(),
            Command::Demo => return print_demo(),
            _ => {}
        }
        let source = self.source()?;
        if matches!(self.command, Command::Config) {
            print_config(&source)?;
        }
        let config = Config::read(source).map_err(|faults| list("the configuration", &faults))?;
        if matches!(self.command, Command::Config) {
            return Ok(());
        }
        telemetry::start(&config);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("the runtime does not start: {error}"))?;
        runtime.block_on(self.command.execute(config)).map_err(|error| error.to_string())
    }

    /// The file that was named, or `madang.toml` where there is one, and the environment.
    #[expect(clippy::disallowed_methods, reason = "this is where settings come in")]
    fn source(&self) -> Result<Source, String> {
        let named = self
            .config
            .clone()
            .or_else(|| std::env::var_os(FILE_VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from));
        let path = named.clone().unwrap_or_else(|| PathBuf::from("madang.toml"));
        let file = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                return Err(format!("the configuration file {} cannot be read: {error}", path.display()));
            }
        };
        let name = path.display().to_string();
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Source::new(file.as_deref().map(|text| (name.as_str(), text)), variables)
            .map_err(|faults| list("the configuration", &faults))
    }
}

impl Command {
    async fn execute(self, config: Config) -> Result<(), BootError> {
        match self {
            Self::Serve => boot::serve(config).await,
            Self::Catalogue(CatalogueCommand::Check) => {
                let catalogue = boot::read_catalogue(&config.catalogue)?;
                print(&format!(
                    "{} services, {} record kinds, {} agencies: no fault",
                    catalogue.services.len(),
                    catalogue.record_kinds.len(),
                    catalogue.agencies.len()
                ))
                .map_err(BootError::Other)
            }
            other => {
                // What needs no catalogue works while its files have a fault.
                let catalogue = match other {
                    Self::Catalogue(_) | Self::Officer(OfficerCommand::Add { .. }) => {
                        Some(boot::read_catalogue(&config.catalogue)?)
                    }
                    _ => None,
                };
                let booted = boot::boot(config, World::default()).await?;
                let done = other.with_database(&booted, catalogue.as_ref()).await;
                booted.close().await;
                done
            }
        }
    }

    async fn with_database(self, booted: &Booted, catalogue: Option<&Catalogue>) -> Result<(), BootError> {
        // Who looks at the log changes nothing, not even the form of the database.
        if let Self::Audit(command) = self {
            return command.execute(booted).await;
        }
        let turn = Turn::take(&booted.owner).await.map_err(MigrateError::Store)?;
        store::migrate::run(&turn, &booted.owner, booted.portal.now()).await?;
        let said = match (self, catalogue) {
            (Self::Catalogue(_), Some(catalogue)) => {
                if boot::load_catalogue(&turn, booted, catalogue).await? {
                    "The catalogue is in force.".to_owned()
                } else {
                    "This catalogue was in force already.".to_owned()
                }
            }
            (Self::Keys(command), _) => command.execute(&booted.portal).await?,
            (Self::Officer(command), catalogue) => command.execute(booted, catalogue).await?,
            _ => "The database has the present form.".to_owned(),
        };
        print(&said).map_err(BootError::Other)
    }
}

impl OfficerCommand {
    /// The link to hand to the officer.
    async fn execute(self, booted: &Booted, catalogue: Option<&Catalogue>) -> Result<String, BootError> {
        let outcome = match self {
            Self::Link { email } => {
                let email = parse_email(&email)?;
                officer::renew_link(&booted.portal, &email).await
            }
            Self::Add { name, email, agency, department, role, language } => {
                if let Some(catalogue) = catalogue {
                    check_office(catalogue, &agency, &department)?;
                }
                let new = AddOfficer {
                    name: PersonName::parse(&name)
                        .map_err(|fault| BootError::Other(format!("--name: {fault:?}")))?,
                    email: parse_email(&email)?,
                    agency,
                    department,
                    role: Role::from_name(&role).ok_or_else(|| {
                        let names = Role::ALL.map(Role::name).join(", ");
                        BootError::Other(format!("--role {role} is none of {names}"))
                    })?,
                    locale: Locale::from_tag(&language).ok_or_else(|| {
                        BootError::Other(format!("--language {language} is neither ko nor en"))
                    })?,
                };
                officer::add(&booted.portal, &new).await
            }
        };
        outcome.map_err(|refusal| match refusal {
            Refusal::Flaws(_) => {
                BootError::Other("an officer with this address has signed in already".to_owned())
            }
            Refusal::Gone => BootError::Other("no officer has this address".to_owned()),
            other => BootError::Other(other.to_string()),
        })
    }
}

fn parse_email(text: &str) -> Result<Contact, BootError> {
    Contact::parse_as(ContactKind::Email, text)
        .map_err(|_| BootError::Other(format!("--email {text} is no mail address")))
}

fn check_office(catalogue: &Catalogue, agency: &str, department: &str) -> Result<(), BootError> {
    let known = agency.parse::<AgencyId>().ok().and_then(|id| catalogue.agency(&id));
    let Some(known) = known else {
        let ids: Vec<&str> = catalogue.agencies.iter().map(|agency| agency.id.as_str()).collect();
        return Err(BootError::Other(format!("--agency {agency} is none of {}", ids.join(", "))));
    };
    if department.parse::<DepartmentId>().is_ok_and(|id| known.department(&id).is_some()) {
        return Ok(());
    }
    let ids: Vec<&str> = known.departments.iter().map(|department| department.id.as_str()).collect();
    Err(BootError::Other(format!("--department {department} is none of {}", ids.join(", "))))
}

fn list(what: &str, faults: &[crate::config::Fault]) -> String {
    let lines: Vec<String> = faults.iter().map(|fault| format!("  {fault}")).collect();
    format!("{what} has {} fault(s):\n{}", faults.len(), lines.join("\n"))
}

fn print_routes() -> Result<(), String> {
    let doors: Vec<_> = web::mounted()
        .map(|door| serde_json::json!({ "method": door.method, "path": door.path, "roles": door.audience.names() }))
        .collect();
    print(&serde_json::to_string_pretty(&doors).map_err(|error| error.to_string())?)
}

fn print_config(source: &Source) -> Result<(), String> {
    let lines: Vec<String> = source
        .shown()
        .into_iter()
        .map(|(setting, value, origin)| {
            let origin = match origin {
                Origin::Default if value.is_empty() => "unset".to_owned(),
                Origin::Default => "default".to_owned(),
                Origin::File(name) => name,
                Origin::Variable => setting.variable.to_owned(),
            };
            format!("{} = {value:?}  # {origin}: {}", setting.key, setting.about)
        })
        .collect();
    print(&lines.join("\n"))
}

fn print_demo() -> Result<(), String> {
    let lines = demo::ALL.iter().map(|demo| {
        let (door, role) = match demo.office {
            None => ("/sign-in", "citizen"),
            Some((role, _, _)) => ("/staff/sign-in", role.name()),
        };
        format!("  {role:<10}  {:<14}  {}  {}", door, demo.address(), demo.password)
    });
    let head = "Demo sign-ins (sandbox only):".to_owned();
    print(&std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n"))
}

/// Writes to the standard output. A reader that has seen enough, like `head`, is no fault.
fn print(text: &str) -> Result<(), String> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("the output cannot be written: {error}"))
        }
        _ => Ok(()),
    }
}

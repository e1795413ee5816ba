//! The commands.

mod grant;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use chrono::{NaiveDate, TimeDelta};
use clap::{Parser, Subcommand};
use domain::{clock::Clock as _, service::AgencyId};
use exchange::ids::KeyId;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::{
    config::Config,
    door::Gateway,
    inbox::{self, Inbox},
    keys::{self, Purpose},
    log::{self, Log},
    seed::{self, Plan},
    serve::{self, Open},
    system::{SystemChance, SystemClock},
};

/// An agency's own door in front of its register.
#[derive(Parser)]
#[command(name = "madang-gateway", version)]
struct Arguments {
    /// The file that says what the gateway may do
    #[arg(long, global = true, default_value = "gateway.toml")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers requests until SIGTERM
    Serve,
    /// Holds the configuration and its queries against the register
    Check,
    /// Prints the inbox's table, for a PostgreSQL server
    InboxSql,
    /// Makes keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Signs and shows grants
    #[command(subcommand)]
    Grant(grant::GrantCommand),
    /// Reads the log
    #[command(subcommand)]
    Log(LogCommand),
    /// Makes a sandbox: people who do not exist, and the registers and gateways of agencies that know them
    Seed(SeedArguments),
}

#[derive(clap::Args)]
struct SeedArguments {
    /// How many people
    #[arg(long, default_value_t = 10_000)]
    people: usize,
    /// The same number makes the same people
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where; a sandbox that is there already is replaced
    #[arg(long)]
    folder: PathBuf,
    /// The first gateway's port; the others have those after it
    #[arg(long, default_value_t = 4711)]
    port: u16,
    /// The portal's catalogue
    #[arg(long, default_value = "catalogue")]
    catalogue: PathBuf,
    /// The day on which the registers are as they are; today in Korea, when it is left out
    #[arg(long)]
    today: Option<NaiveDate>,
    /// Does nothing when the folder was made by the same version from the same numbers
    #[arg(long)]
    if_needed: bool,
}

#[derive(Subcommand)]
enum KeyCommand {
    /// A new key: a secret file, and one for others
    Make {
        /// Whose key it is; of a subject key, the other side
        #[arg(long)]
        owner: AgencyId,
        /// Its name, unique among everybody who takes part
        #[arg(long)]
        id: KeyId,
        /// What it is for
        #[arg(long, value_enum)]
        purpose: Purpose,
        /// For how many days it holds
        #[arg(long, default_value_t = 365)]
        days: u16,
        /// Where the files go
        #[arg(long, default_value = ".")]
        folder: PathBuf,
    },
    /// A new key beside an old one, which holds on for a while
    Rotate {
        /// The old key's secret file
        old: PathBuf,
        /// The new key's name
        #[arg(long)]
        id: KeyId,
        /// For how many days the new key holds
        #[arg(long, default_value_t = 365)]
        days: u16,
        /// For how many days the old key holds on
        #[arg(long, default_value_t = 30)]
        overlap_days: u16,
    },
}

#[derive(Subcommand)]
enum LogCommand {
    /// Looks whether every entry is as it was written, and prints the end of the chain
    Verify,
    /// Prints the entries, one a line, as long as they are as they were written
    Show,
}

type Done = Result<(), Box<dyn std::error::Error>>;

/// Runs the command of the process's arguments.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = tracing_subscriber::EnvFilter::new("info");
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = match arguments.command {
        Command::Serve => config(&arguments.config).and_then(|read| start(read, &arguments.config)),
        Command::Check => config(&arguments.config).and_then(check),
        Command::InboxSql => {
            print!("{}", inbox::POSTGRES);
            Ok(())
        }
        Command::Key(command) => key(command),
        Command::Grant(command) => grant::run(command),
        Command::Log(command) => config(&arguments.config).and_then(|config| read_log(&config, &command)),
        Command::Seed(arguments) => make_sandbox(arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn config(path: &Path) -> Result<Config, Box<dyn std::error::Error>> {
    Config::read(path, SystemClock.now()).map_err(|faults| {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        lines.join("\n").into()
    })
}

#[tokio::main(flavor = "current_thread")]
async fn check(config: Config) -> Done {
    fits(&config, false).await?;
    println!("{} kinds fit the register", config.kinds.len());
    Ok(())
}

/// Whether register and inbox are as the configuration says; an inbox that is not there is made, if `make` says so.
async fn fits(config: &Config, make: bool) -> Done {
    let register = crate::register::Register::new(&config.register, config.kinds.clone(), config.query_time);
    let mut faults = register.faults().await;
    if let Some(inbox) = &config.inbox {
        faults.extend(Inbox::new(inbox, config.forms.clone(), config.query_time).faults(make).await);
    }
    if !faults.is_empty() {
        return Err(faults.join("\n").into());
    }
    Ok(())
}

fn key(command: KeyCommand) -> Done {
    let (now, days) = (SystemClock.now(), |days: u16| TimeDelta::days(days.into()));
    let path = match command {
        KeyCommand::Make { owner, id, purpose, days: life, folder } => {
            keys::make(&folder, (owner, id, purpose), (now, days(life)), &SystemChance)?
        }
        KeyCommand::Rotate { old, id, days: life, overlap_days } => {
            keys::rotate(&old, id, (now, days(life), days(overlap_days)), &SystemChance)?
        }
    };
    println!("{}", path.display());
    Ok(())
}

fn make_sandbox(arguments: SeedArguments) -> Done {
    let SeedArguments { people, seed, folder, port, catalogue, today, if_needed } = arguments;
    let now = SystemClock.now();
    let today = today.unwrap_or_else(|| (now + KOREA).date_naive());
    let plan = Plan { people, seed, folder, port, catalogue, today };
    if !if_needed || !seed::is_current(&plan)? {
        seed::seed(&plan, now, &SystemChance)?;
    }
    print!("{}", seed::people_text());
    Ok(())
}

/// What Korean time is ahead of UTC, all year.
const KOREA: TimeDelta = TimeDelta::hours(9);

fn read_log(config: &Config, command: &LogCommand) -> Done {
    let each = |line: &str| {
        if matches!(command, LogCommand::Show) {
            println!("{line}");
        }
    };
    let receiver = &config.receiver;
    let head = log::verify(&config.log, &receiver.agency, &receiver.clients, each)?;
    if matches!(command, LogCommand::Verify) {
        println!("{} entries, the last with the digest {}", head.entries, head.digest);
    }
    Ok(())
}

#[tokio::main]
async fn start(config: Config, path: &Path) -> Done {
    fits(&config, true).await?;
    let metrics = PrometheusBuilder::new().install_recorder()?;
    for kind in config.kinds.keys() {
        metrics::counter!("madang_gateway_register_queries_total", "kind" => kind.as_str().to_owned())
            .increment(0);
    }
    let listener = tokio::net::TcpListener::bind(config.listen).await?;
    let agency = config.receiver.agency.clone();
    let (log, writer) = Log::open(&config.log, &agency, Box::new(SystemClock))?;
    let stop = CancellationToken::new();
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut hang_up = signal(SignalKind::hangup())?;
    println!("{agency} listens on http://{}", listener.local_addr()?);
    let gateway = Arc::new(Gateway::new(config, log, Box::new(SystemClock), Box::new(SystemChance)));
    let told = {
        let (gateway, stop) = (gateway.clone(), stop.clone());
        async move {
            loop {
                tokio::select! {
                    _ = terminate.recv() => break,
                    _ = interrupt.recv() => break,
                    _ = hang_up.recv() => reload(&gateway, path),
                }
            }
            stop.cancel();
        }
    };
    let (finished, ()) = tokio::join!(serve::serve(Open { gateway, metrics }, listener, stop), told);
    if !finished {
        return Err("some requests were cut off".into());
    }
    // The gateway is gone with its connections, and so is the log's sender: the thread writes the rest and ends.
    writer.join().map_err(|_| "the log's thread broke")?;
    Ok(())
}

/// Takes the keys, clients and grants of the file as it is now: all of them, or, when there is a fault, none.
fn reload(gateway: &Gateway, path: &Path) {
    let read = config(path).map_err(|error| error.to_string());
    let outcome = match read.and_then(|config| gateway.reload(config).map_err(ToOwned::to_owned)) {
        Ok(()) => {
            tracing::info!("keys, clients and grants were read anew");
            "done"
        }
        Err(faults) => {
            tracing::error!(%faults, "not read anew: what was in force stays in force");
            "refused"
        }
    };
    metrics::counter!("madang_gateway_reloads_total", "outcome" => outcome).increment(1);
}

//! The log.

use tracing_subscriber::EnvFilter;

use crate::config::Config;

/// Starts writing the log to standard error.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log_filter).unwrap_or_default();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start, in tests, leaves the first one's log as it is.
    let _ = if config.log_json {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.with_ansi(false).with_target(false).try_init()
    };
}

//! `challenge`: make one.

use std::path::PathBuf;

use canary_core::{
    challenge::{Challenge, LONGEST},
    exit::Exit,
};
use chrono::{Duration, Utc};
use clap::Args;

use super::{Failure, promotion::age};
use crate::{files, terminal};

#[derive(Debug, Args)]
pub(super) struct Make {
    /// File to write it to
    #[arg(long, value_name = "FILE")]
    write: PathBuf,
    /// How long it can be answered and shown, at most 7 days: 24h, 90m, ...
    #[arg(long, value_name = "AGE", default_value = "24h", value_parser = age)]
    expires_in: Duration,
    /// Overwrite a file that is there
    #[arg(long)]
    force: bool,
}

impl Make {
    pub(super) fn run(&self) -> Result<Exit, Failure> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(Failure::Random)?;
        let challenge = Challenge::new(random, Utc::now(), self.expires_in).map_err(|error| {
            Failure::Usage(format!(
                "tried to make a challenge: {error}; pass --expires-in of at most {} days",
                LONGEST.num_days()
            ))
        })?;
        files::write(&self.write, &challenge.bytes()?, self.force)?;
        let said = format!(
            "challenge written to {}, good until {}\n",
            self.write.display(),
            challenge.expires_at.to_rfc3339()
        );
        terminal::print(said.as_bytes())?;
        Ok(Exit::Yes)
    }
}

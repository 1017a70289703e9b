//! Verifies a delivery read from standard input. The arguments are the `RunInfra-Signature` header and nothing else; the secret
//! is in `RUNINFRA_WEBHOOK_SECRET`, where no process list shows it.
#![expect(clippy::print_stdout, reason = "showing the event is what this is for")]

use std::io::Read as _;
use std::time::SystemTime;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let header = std::env::args()
        .nth(1)
        .ok_or("usage: webhook 't=…,v1=…' < body")?;
    let secret = std::env::var("RUNINFRA_WEBHOOK_SECRET")?;
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body)?;
    let event = runinfra::webhooks::construct_event(&body, &header, &secret, SystemTime::now())?;
    println!("{event:#}");
    Ok(())
}

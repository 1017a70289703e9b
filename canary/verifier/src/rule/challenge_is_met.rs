//! Where a challenge is demanded, the run names its digest, began after it was issued, and it has
//! not expired.

use super::{Applies, Check, Rule};
use crate::{
    Context,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "challenge_is_met",
    demands: "Where a challenge is demanded, the run names its digest, began after it was issued, and it has not expired.",
    because: "The challenge did not exist before it was issued, so neither did the evidence.",
    next: "make a new challenge (`canary-verify challenge`) and run with it",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.run().challenge_sha256 = None,
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    let (Some(challenge), Some(run)) = (&context.challenge, &live.report.run) else {
        return;
    };
    let challenge = match challenge {
        Ok(challenge) => challenge,
        Err(error) => return out.add(Subject::Challenge, "$", error, "a challenge"),
    };
    let at = "$.run.challengeSha256";
    match run.challenge_sha256 {
        Some(found) => out.equal(live.subject, at, found, challenge.digest()),
        None => out.add(live.subject, at, "nothing", challenge.digest()),
    }
    if run.started_at < challenge.issued_at {
        let expected = format!("after {}", challenge.issued_at);
        out.add(live.subject, "$.run.startedAt", run.started_at, expected);
    }
    if context.now < challenge.issued_at {
        let expected = format!("before {}", context.now);
        out.add(
            Subject::Challenge,
            "$.issuedAt",
            challenge.issued_at,
            expected,
        );
    }
    if context.now >= challenge.expires_at {
        let expected = format!("after {}", context.now);
        out.add(
            Subject::Challenge,
            "$.expiresAt",
            challenge.expires_at,
            expected,
        );
    }
}

//! What the workflows have to keep: the name of each demand, what it demands, and what to do.

/// One thing that has to hold of the workflows.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, in findings and documents.
    pub name: &'static str,
    /// What it demands.
    pub demands: &'static str,
    /// What to do when it does not hold.
    pub next: &'static str,
}

macro_rules! rules {
    ($($(#[$doc:meta])* $id:ident = $name:literal, $demands:literal, $next:literal;)*) => {
        $(pub(super) const $id: Rule = Rule { name: $name, demands: $demands, next: $next };)*
        /// Every rule, in the order in which findings are listed.
        pub const ALL: &[Rule] = &[$($id),*];
    };
}

rules! {
    READABLE = "workflow_is_readable",
        "One YAML document of plain words, without merge keys, tags or keys that stand twice; an alias is read as what it stands for.",
        "write the workflow out in plain YAML";
    KNOWN = "nothing_is_unknown",
        "Every key is one that this check understands.",
        "leave the key out, or teach canary-verify what it means and why it is safe";
    TRIGGERS = "triggers_are_known",
        "Checks run on pull requests, on main, and at night; a release is begun by hand alone.",
        "begin a release by workflow_dispatch only, and nothing by an event that strangers can cause";
    INPUTS = "inputs_are_the_declared",
        "A release asks for `dry_run`, which is true unless said, and for `confirm_version`.",
        "restore the inputs of the release";
    PERMISSIONS = "permissions_are_least",
        "No permission by default; each job names the few that it needs.",
        "put `permissions: {}` on top and name in the job only what it needs";
    IDENTITY = "identity_is_for_publishing",
        "Only the jobs that publish and attest may prove who they are.",
        "take id-token and attestations away from the job";
    CONCURRENCY = "releases_wait_for_each_other",
        "One release at a time, and none cut short.",
        "restore `concurrency: { group: publish, cancel-in-progress: false }`";
    SHELL = "scripts_stop_at_failure",
        "Every script runs in `bash -eo pipefail`, also those that a workflow calls.",
        "put `defaults: { run: { shell: bash } }` on top, `set -euo pipefail` first in scripts, and no other shell";
    FAILURES = "failures_are_failures",
        "No job and no step goes on after a failure, and no script swallows one.",
        "let the failure end the job";
    MACHINES = "machines_are_hosted",
        "Every job has a fresh machine of GitHub's, without containers or services.",
        "use a hosted runner by its version";
    OWN = "jobs_are_their_own",
        "No job is another workflow's.",
        "write the steps out in this workflow";
    ONCE = "jobs_run_once",
        "No job of a release is multiplied.",
        "take the strategy away";
    END = "jobs_end",
        "Every job has a time limit.",
        "give the job `timeout-minutes`: at most 120 in a release, 300 elsewhere";
    PINNED = "actions_are_pinned",
        "Every action is one that was looked at, named by the commit that was looked at.",
        "name the action by the commit in plan/actions.rs; where that is an update, change the list too, once you have looked at it";
    CHECKOUT = "checkouts_are_plain",
        "Every checkout is of the commit at hand, and leaves no credentials behind.",
        "check out with `persist-credentials: false` and nothing else";
    UNTRUSTED = "scripts_hold_no_expression",
        "No `${{ }}` stands in a script; values reach scripts as variables.",
        "pass the value as a variable of the step, and quote it";
    EXPRESSIONS = "expressions_are_known",
        "Every `${{ }}` is one that this check understands.",
        "use inputs, vars, or outputs of jobs and steps";
    VARIABLES = "variables_are_known",
        "No variable is set but those that a step is known to need.",
        "take the variable away";
    SECRETS = "secrets_stay_in_the_gate",
        "Secrets reach one step of the promotion gate, each under its own name, and nothing else.",
        "take the secret away, or give it to the gate's one step under its own name";
    TOKENS = "no_registry_token",
        "No registry token is stored; publishing gets a short-lived one.",
        "take the token away; trusted publishing needs none";
    SCRIPTS = "scripts_are_the_reviewed",
        "The scripts that a release, CI and the nights come to have the digests that were reviewed; remarks do not count.",
        "look at what changed; where it is meant, run UPDATE_DOCUMENTS=1 cargo test -p canary-verifier --test documents, and commit the digest with the script";
    TOOLS = "tools_are_their_own",
        "Nothing in the tree puts another program in the place of cargo, the compiler or what they run.",
        "take the file away; what a build needs stands in Cargo.toml";
    OWNERS = "owners_guard_what_decides",
        "What decides whether we may ship has owners of its own in CODEOWNERS.",
        "restore the owners; a pattern is `*`, `/folder/` or `/file`";
    CHANGES = "changes_are_checked",
        "CI runs for every pull request and on main, does all of its checks, and is cut short by a newer run of the same branch at most; no job can show under the name of another.",
        "restore the trigger, the job or the step; CI may do more, but not less";
    NIGHTLY = "nights_are_whole",
        "Each long campaign runs every night, in the job that is planned for it.",
        "restore the job or the step, or change what runs at night in plan/nights.rs too";
    SHARES = "shares_are_whole",
        "Where a job is multiplied by shares k/n, every share is there once.",
        "name every share, from the first to the last";
    CONDITIONS = "conditions_are_known",
        "Every condition is one that cannot let a release round the gate.",
        "restore the condition, or take it away";
    JOBS = "jobs_are_the_releases",
        "The release has all of its jobs; a job beside them has none of their rights, and hands nothing to them.",
        "restore the jobs of the release, and give what another job keeps another name";
    NEEDS = "jobs_need_what_they_rest_on",
        "Each job of the release waits for every job whose word it relies on.",
        "restore the job's `needs`";
    ENVIRONMENTS = "environments_protect",
        "The gate and publishing, and no other job, are in the environments that people guard.",
        "restore the job's environment";
    STEPS = "steps_are_the_releases",
        "A job of the release, of CI or of the nights does what it is there for, and nothing else but to say something.",
        "take the step away, or teach canary-verify what it is for";
    ORDER = "steps_are_in_order",
        "The steps of a release are in their order.",
        "restore the order of the steps";
    CONFIRMED = "version_is_confirmed",
        "The version that was typed is the one that everything names.",
        "restore the step that compares `confirm_version`";
    POLICY = "policy_is_checked",
        "A release checks its workflows by this check, and main for open alerts.",
        "restore the step";
    PACKED = "packed_once",
        "The SDK is packed once, and what is packed is looked into, listed and tried.",
        "restore the step that packs or inspects the artifact";
    BYTES = "bytes_are_the_packed",
        "Every job works on the bytes that were packed, known by name and digest.",
        "restore the artifact's name, or the digest that is handed on";
    GATE = "gate_is_whole",
        "The gate runs strict preflight and strict rows from the packed bytes, whatever was asked.",
        "restore the gate's step";
    VERDICT = "verdict_is_the_verifiers",
        "A job without secrets asks the verifier, and hands on the digest only after its yes.",
        "restore the step of the verdict";
    PUBLISHED = "published_is_the_verified",
        "What is published has the digest that was verified; nothing else publishes.",
        "restore the publishing step, and publish nowhere else";
    ATTESTED = "release_is_attested",
        "Provenance and verdict of the verified bytes are attested.",
        "restore the attesting step";
    REGISTRY = "registry_is_checked",
        "What the registry serves is the verified bytes, and it installs.",
        "restore the step that looks at the registry";
    KEPT = "evidence_is_kept",
        "Reports and verdict are kept and shown, also those of a failure.",
        "restore the step that keeps or shows the evidence";
}

//! Changes that mean nothing are accepted.

use super::{PUBLISH, changed, edit};

#[test]
fn what_means_the_same_is_accepted() {
    let table: &[(&str, &str, &str)] = &[
        ("", "jobs:\n", "# A remark.\njobs:\n"),
        ("", "name: publish\n", "name: 'publish'\n"),
        ("", "name: publish\n", "name: Release\n"),
        (
            "verify",
            "name: verify, without secrets",
            "name: the verdict",
        ),
        ("verify", "    name: verify, without secrets\n", ""),
        (
            "verify",
            "- name: Verdict on the very bytes that were packed\n        id: verdict",
            "- id: verdict\n        name: Verdict",
        ),
        (
            "verify",
            "if: ${{ !inputs.dry_run }}",
            "if: ${{ !inputs.dry_run }} # a remark",
        ),
        (
            "verify",
            "if: ${{ !inputs.dry_run }}",
            "if: \"${{  !inputs.dry_run  }}\"",
        ),
        (
            "build-artifacts",
            "if: ${{ github.ref == 'refs/heads/main' }}",
            "if: github.ref == 'refs/heads/main'",
        ),
        (
            "verify",
            "needs: [build-artifacts, promotion-gate]",
            "needs: [promotion-gate, build-artifacts]",
        ),
        (
            "verify",
            "needs: [build-artifacts, promotion-gate]",
            "needs:\n      - build-artifacts\n      - promotion-gate",
        ),
        (
            "verify",
            "runs-on: ubuntu-24.04\n    timeout-minutes: 30",
            "timeout-minutes: 20\n    runs-on: ubuntu-24.04",
        ),
        ("verify", "\"$PACKED\"\n", "\"$PACKED\"\n\n"),
        (
            "promotion-gate",
            "run: scripts/gate.sh artifacts evidence",
            "run: |\n          scripts/gate.sh artifacts evidence",
        ),
        (
            "promotion-gate",
            "RUNINFRA_CANARY_ENABLE_IDEMPOTENCY: '1'",
            "RUNINFRA_CANARY_ENABLE_IDEMPOTENCY: \"1\"",
        ),
        ("publish", " # v1.0.5", ""),
        (
            "",
            "concurrency:\n  group: publish\n  cancel-in-progress: false",
            "concurrency: { cancel-in-progress: false, group: publish }",
        ),
    ];
    for (job, from, to) in table {
        let found = changed(PUBLISH, |text| edit(text, job, from, to));
        assert_eq!(found, [], "{job}: {from:?} -> {to:?}");
    }
}

#[test]
fn jobs_may_stand_in_any_order() {
    let found = changed(PUBLISH, |text| {
        let start = text.find("\n  dry-run:\n").unwrap();
        let end = text.find("\n  promotion-gate:\n").unwrap();
        let (job, rest) = (&text[start..end], &text[end..]);
        format!("{}{rest}{job}", &text[..start])
    });
    assert_eq!(found, []);
}

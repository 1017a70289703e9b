use std::collections::BTreeSet;

use super::*;
use crate::input::{Need, parse_env_file, template};
use proptest::prelude::*;

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_full_template() {
    insta::assert_snapshot!(template::full(&declared()));
}

#[test]
fn the_missing_template() {
    let missing = names(&[
        "RUNINFRA_API_KEY",
        "RUNINFRA_ASR_FIXTURE_PATH",
        "choice:tts_speaker",
        "RUNINFRA_IMAGE_RESPONSE_FORMAT",
        "RUNINFRA_API_KEY",
        "RUNINFRA_TTS_VOICE",
    ]);
    insta::assert_snapshot!(template::missing(&declared(), &missing).unwrap());
}

#[test]
fn the_full_template_sets_exactly_the_canonical_names() {
    let declared = declared();
    let parsed = parse_env_file(template::full(&declared).as_bytes()).unwrap();
    let canonical: BTreeSet<&str> = declared
        .inputs()
        .iter()
        .map(|input| input.name.as_str())
        .collect();
    assert_eq!(
        parsed.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        canonical
    );
    for input in declared.inputs() {
        assert_eq!(
            parsed[&input.name],
            input.template.clone().unwrap_or_default()
        );
    }
}

#[test]
fn a_template_as_it_stands_has_only_valid_values_and_no_keys() {
    let declared = declared();
    let parsed = parse_env_file(template::full(&declared).as_bytes()).unwrap();
    let inputs = Inputs::resolve(&declared, &BTreeMap::new(), Some(&parsed), &readable);
    assert_eq!(inputs.invalid(), Vec::new());
    assert!(inputs.sensitive_values().is_empty());
    assert_eq!(inputs.missing(&[Need::read("RUNINFRA_API_KEY")]).len(), 1);
}

#[test]
fn a_filled_patch_meets_the_needs_it_was_made_for() {
    let declared = declared();
    let needs = ["RUNINFRA_API_KEY", "choice:tts_speaker"].map(Need::read);
    let blank = Inputs::resolve(&declared, &BTreeMap::new(), None, &readable);
    let patch = template::missing(&declared, &blank.missing(&needs)).unwrap();
    let filled = patch
        .replace("_KEY=", "_KEY=k")
        .replace("_VOICE=", "_VOICE=v");
    // A patch may also be appended to the template it mends.
    let both = template::full(&declared) + &filled;
    let parsed = parse_env_file(both.as_bytes()).unwrap();
    let inputs = Inputs::resolve(&declared, &BTreeMap::new(), Some(&parsed), &readable);
    assert_eq!(inputs.unmet(&needs), Vec::new());
}

#[test]
fn a_name_from_a_foreign_report_is_refused() {
    let problem = template::missing(&declared(), &names(&["RUNINFRA_X\nEVIL=1"])).unwrap_err();
    assert_eq!(problem.name, "RUNINFRA_X\\nEVIL=1");
    for foreign in ["TEST_MODEL", "choice:x", "", "RUNINFRA_ASR_FIXTURE_BASE64"] {
        assert!(
            template::missing(&declared(), &names(&[foreign])).is_err(),
            "{foreign}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_patch_sets_exactly_what_is_missing(picked in prop::sample::subsequence(
        declared().inputs().iter().map(|input| input.name.clone()).collect::<Vec<_>>(), 0..30))
    {
        let patch = template::missing(&declared(), &picked).unwrap();
        let parsed = parse_env_file(patch.as_bytes()).unwrap();
        prop_assert_eq!(
            parsed.into_keys().collect::<BTreeSet<_>>(),
            picked.into_iter().collect::<BTreeSet<_>>()
        );
    }
}

use proptest::prelude::*;

use super::*;

const SECRET: &str = "whsec_marker";
const BODY: &[u8] = br#"{"type":"ping"}"#;
const NOW: u64 = 1_700_000_000;

fn sign(time: &str, body: &[u8], secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn good() -> String {
    format!("t={NOW},v1={}", sign(&NOW.to_string(), BODY, SECRET))
}

fn verify(header: &str) -> Result<(), Error> {
    verify_signature(BODY, header, SECRET, at(NOW))
}

/// RFC 4231's second test case, which fixes the algorithm rather than our idea of it.
#[test]
fn the_digest_is_hmac_sha256() {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
    mac.update(b"what do ya want for nothing?");
    assert_eq!(
        hex::encode(mac.finalize().into_bytes()),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

#[test]
fn a_good_delivery_passes_and_parses() {
    verify(&good()).unwrap();
    assert_eq!(
        construct_event(BODY, &good(), SECRET, at(NOW)).unwrap()["type"],
        "ping"
    );
}

#[test]
fn headers_that_hold() {
    let time = NOW.to_string();
    let digest = sign(&time, BODY, SECRET);
    let zero = "00".repeat(32);
    for header in [
        format!("t={time},v1={zero},v1={digest}"),
        format!("t={time},v1={digest},v1={zero}"),
        format!("v1={digest},t={time}"),
        format!(" t={time} , v1={digest} "),
        format!("t={time},v0=abc,v1={digest},v2=x"),
        format!("t={time},v1=short,v1={digest}"),
        format!("t={time},v1={}", digest.to_uppercase()),
        format!("t=0{time},v1={}", sign(&format!("0{time}"), BODY, SECRET)),
    ] {
        assert!(verify(&header).is_ok(), "{header}");
    }
}

#[test]
fn headers_that_do_not() {
    let digest = sign(&NOW.to_string(), BODY, SECRET);
    let other = sign(&NOW.to_string(), BODY, "whsec_other");
    for header in [
        String::new(),
        "t".to_owned(),
        format!("t={NOW}"),
        format!("v1={digest}"),
        format!("t={NOW},v1="),
        format!("t={NOW},v1={other}"),
        format!("t={NOW},v1={digest}00"),
        format!("t={NOW},v0={digest}"),
        format!("t={NOW},t={NOW},v1={digest}"),
        format!("t={},v1={digest}", NOW + 1),
        format!("t=-1,v1={}", sign("-1", BODY, SECRET)),
        format!("t=+{NOW},v1={}", sign(&format!("+{NOW}"), BODY, SECRET)),
        format!("t={NOW}.0,v1={}", sign(&format!("{NOW}.0"), BODY, SECRET)),
        format!("t=,v1={}", sign("", BODY, SECRET)),
        format!(
            "t=99999999999999999999,v1={}",
            sign("99999999999999999999", BODY, SECRET)
        ),
        format!("t={NOW},,v1={digest}"),
        format!("t={NOW},v1={digest}{}", ",v1=0".repeat(2000)),
    ] {
        let error = verify(&header).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WebhookVerification, "{header}");
        assert!(!format!("{error} {error:?}").contains("marker"), "{error}");
    }
}

#[test]
fn the_tolerance_is_five_minutes_both_ways() {
    for (now, passes) in [
        (NOW - 301, false),
        (NOW - 300, true),
        (NOW + 300, true),
        (NOW + 301, false),
        (0, false),
    ] {
        assert_eq!(
            verify_signature(BODY, &good(), SECRET, at(now)).is_ok(),
            passes,
            "{now}"
        );
    }
    assert!(verify_signature(BODY, &good(), SECRET, UNIX_EPOCH - Duration::from_secs(9)).is_err());
}

#[test]
fn a_blank_secret_verifies_nothing() {
    for secret in ["", "  "] {
        let header = format!("t={NOW},v1={}", sign(&NOW.to_string(), BODY, secret));
        assert!(verify_signature(BODY, &header, secret, at(NOW)).is_err());
    }
}

#[test]
fn a_signed_body_that_is_not_json_is_refused() {
    let header = format!("t={NOW},v1={}", sign(&NOW.to_string(), b"marker", SECRET));
    verify_signature(b"marker", &header, SECRET, at(NOW)).unwrap();
    let error = construct_event(b"marker", &header, SECRET, at(NOW)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WebhookVerification);
    assert!(!error.to_string().contains("marker"));
}

proptest! {
    #[test]
    fn any_changed_byte_breaks_it(body in proptest::collection::vec(any::<u8>(), 1..200), at_byte in any::<prop::sample::Index>(), flip in 1_u8..) {
        let header = format!("t={NOW},v1={}", sign(&NOW.to_string(), &body, SECRET));
        prop_assert!(verify_signature(&body, &header, SECRET, at(NOW)).is_ok());
        let mut changed = body.clone();
        changed[at_byte.index(body.len())] ^= flip;
        prop_assert!(verify_signature(&changed, &header, SECRET, at(NOW)).is_err());
    }

    #[test]
    fn no_header_panics_or_passes(header in ".{0,200}") {
        prop_assert!(verify(&header).is_err());
    }
}

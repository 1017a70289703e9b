use proptest::prelude::*;

use crate::leak::view::{Decoder, READABLE, View};

fn decoded(decoder: Decoder, text: &str) -> String {
    let raw = View::raw(text);
    let view = raw.decode(decoder);
    String::from_utf8_lossy(&view.bytes).into_owned()
}

#[test]
fn each_decoder_undoes_its_encoding() {
    let table: &[(Decoder, &str, &str)] = &[
        (
            Decoder::Escapes,
            r#"a\"b\\c\/d\n\t\r\b\f\0e"#,
            "a\"b\\c/d\n\t\r\u{8}\u{c}\0e",
        ),
        (
            Decoder::Escapes,
            r"\u0041\u00e9\ud83d\ude00\u{1F600}\x42",
            "Aé😀😀B",
        ),
        (
            Decoder::Escapes,
            r"\ud83d \u12 \u{} \u{110000} \q \xZZ",
            r"\ud83d \u12 \u{} \u{110000} \q \xZZ",
        ),
        (Decoder::Escapes, "a\\\nb", "ab"),
        (Decoder::Escapes, "a\\", "a\\"),
        (Decoder::Percent, "%41%c3%A9%", "Aé%"),
        (Decoder::Percent, "%4%zz%+1", "%4%zz%+1"),
        (
            Decoder::Entities,
            "&amp;&lt;&gt;&quot;&apos;&#39;&#x2F;&nbsp;",
            "&<>\"''/ ",
        ),
        (
            Decoder::Entities,
            "& &; &no; &#; &#x; &#xD800;",
            "& &; &no; &#; &#x; &#xD800;",
        ),
        (Decoder::Unwrap, " a\r\n\tb c ", "abc"),
        (Decoder::Unwrap, "", ""),
    ];
    for (decoder, text, expected) in table {
        assert_eq!(decoded(*decoder, text), *expected, "{text:?}");
    }
}

#[test]
fn a_decoder_knows_when_it_has_nothing_to_do() {
    for (decoder, idle, busy) in [
        (Decoder::Escapes, "a \\q", "\\n"),
        (Decoder::Percent, "50% off", "x%20"),
        (Decoder::Entities, "a & b", "&amp;"),
    ] {
        assert!(!View::raw(idle).has(decoder));
        assert!(View::raw(busy).has(decoder));
        assert!(!View::raw("").has(decoder));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_byte_knows_where_it_came_from(text in "[a-c\\\\%&;#u0-9n \n{}é]{0,60}") {
        let raw = View::raw(&text);
        for first in READABLE {
            let one = raw.decode(first);
            let two = one.decode(Decoder::Unwrap);
            let mut last = 0;
            for position in 0..two.bytes.len() {
                let at = two.locate(position);
                prop_assert!(at < text.len());
                prop_assert!(at >= last);
                last = at;
            }
            prop_assert_eq!(one.locate(one.bytes.len()), text.len());
        }
    }
}

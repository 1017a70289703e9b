//! Words about pictures.

use serde_json::Value;

use super::{
    Word as Entry,
    build::{Argument, Part, Tally, count},
};
use crate::{evidence::Scalar, judge::Rule, media, observe::CallSeen, template};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "pictures",
        argument: "{ count, size, distinct } of which size (WIDTHxHEIGHT) and distinct (true or false) are optional",
        about: "There are this many pictures; each decodes to its end, shows more than one flat colour, and has this size; none has another's pixels.",
        read: pictures,
    },
    Entry {
        word: "picture_field",
        argument: "url or b64_json",
        about: "Each picture is handed over in this field (or, when the input is missing, in one of the two), and not in the other; a link can be followed.",
        read: |arg| {
            let wanted = arg.text()?;
            Some(vec![Part::each(1, move |call, scene, tally| {
                let wanted = template::fill_text(&wanted, scene.scope).ok().flatten();
                picture_field(call, wanted.as_deref(), tally);
            })])
        },
    },
    Entry {
        word: "drawn_throughout",
        argument: "",
        about: "Neither the upper nor the lower half of any picture is one flat colour, and neighbouring pixels are more alike than distant ones.",
        read: |_| {
            let halves = Part::each(1, |call, _, tally| {
                each_picture(call, tally, media::Picture::has_both_halves);
            });
            let smooth = Part::each(1, |call, _, tally| {
                each_picture(call, tally, |picture| {
                    picture.roughness().is_some_and(|found| found < 0.75)
                });
            });
            Some(vec![halves.named("halves"), smooth.named("smooth")])
        },
    },
    Entry {
        word: "mostly",
        argument: "red, green or blue",
        about: "More than half of the strongly coloured pixels of each picture are of this colour.",
        read: mostly,
    },
];

/// Every picture of an answer, as far as it decodes.
fn each_picture(call: &CallSeen, tally: &mut Tally, holds: impl Fn(&media::Picture) -> bool) {
    for item in &call.media {
        tally.hold(media::look(&item.bytes).is_some_and(|picture| holds(&picture)));
    }
}

fn mostly(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let known = [("red", 0), ("green", 1), ("blue", 2)];
    let channel: usize = arg.node()?.word(arg.reader, "colour", &known)?;
    Some(vec![Part::each(1, move |call, _, tally| {
        each_picture(call, tally, |picture| {
            picture.share_of(channel).is_some_and(|share| share > 0.5)
        });
    })])
}

fn data(call: &CallSeen) -> Option<&Vec<Value>> {
    call.document.as_ref()?.get("data")?.as_array()
}

/// Without a field to want (an optional input that is missing), either will do.
fn picture_field(call: &CallSeen, wanted: Option<&str>, tally: &mut Tally) {
    for item in data(call).into_iter().flatten() {
        let text = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default();
        let has = |key: &str| !text(key).is_empty();
        match wanted {
            Some(wanted) => {
                for key in ["url", "b64_json"] {
                    tally.hold_at(has(key) == (key == wanted), key);
                }
            }
            None => tally.hold_at(has("url") != has("b64_json"), "url"),
        }
        if has("url") {
            let url = url::Url::parse(text("url"));
            let fetchable = url.is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "data"));
            tally.hold_at(fetchable, "url");
        }
    }
}

fn pictures(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let wanted = table
        .required(arg.reader, "count")
        .and_then(|node| node.count(arg.reader));
    let size = table.optional("size");
    let distinct = table
        .optional("distinct")
        .and_then(|node| node.boolean(arg.reader))
        .unwrap_or(false);
    table.refuse_unknown(arg.reader);
    let size = match size {
        Some(node) => {
            arg.node = Some(node);
            Some(arg.text()?)
        }
        None => None,
    };
    let wanted = wanted?;
    let how_many = Part::found(Rule::OneOf(vec![Scalar::Count(wanted)]), |call, _| {
        let told = data(call)?.len();
        // What could not be had (no base64, a dead link) is no picture.
        (call.media.len() == told).then(|| count(told))
    });
    let sound = Part::each(wanted.max(1), move |call, scene, tally| {
        // An optional input that is missing leaves the size to the gateway.
        let asked = size
            .as_ref()
            .and_then(|size| template::fill_text(size, scene.scope).ok().flatten());
        sound(call, asked.as_deref(), distinct, tally);
    });
    Some(vec![how_many.named("count"), sound.named("sound")])
}

/// `WIDTHxHEIGHT` in pixels.
fn sides(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

/// Looks at every picture. A `size` that was asked for and is no size is no picture's.
fn sound(call: &CallSeen, size: Option<&str>, distinct: bool, tally: &mut Tally) {
    let mut earlier = Vec::new();
    for media in &call.media {
        let Some(picture) = media::look(&media.bytes) else {
            tally.hold_at(false, "decoded");
            continue;
        };
        if let Some(size) = size {
            let found = (picture.width, picture.height);
            tally.hold_at(sides(size) == Some(found), "size");
        }
        tally.hold_at(!picture.is_flat(), "flat");
        if distinct {
            tally.hold_at(!earlier.contains(&picture), "distinct");
            earlier.push(picture);
        }
    }
}

#[cfg(test)]
#[cfg(feature = "measure")]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde_json::json;

    use super::super::trial::{answered, held};
    use crate::observe::{CallSeen, MediaSeen};

    fn png(width: u32, height: u32, pixel: impl Fn(u32) -> u8) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        let pixels: Vec<u8> = (0..width * height).map(pixel).collect();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&pixels).unwrap();
        drop(writer);
        out
    }

    fn drawn(seed: u32) -> Vec<u8> {
        png(40, 20, |at| u8::try_from((at * (seed + 3)) % 251).unwrap())
    }

    fn call(pictures: &[Vec<u8>]) -> CallSeen {
        let items: Vec<_> = pictures
            .iter()
            .map(|picture| json!({"b64_json": STANDARD.encode(picture)}))
            .collect();
        let mut call = answered("call", &json!({"created": 1, "data": items}));
        call.media = pictures
            .iter()
            .map(|bytes| MediaSeen {
                bytes: bytes.clone(),
                content_type: None,
            })
            .collect();
        call
    }

    #[test]
    fn pictures_are_counted_decoded_measured_and_compared() {
        let two = r#"[{ pictures = { count = 2, size = "40x20", distinct = true } }]"#;
        assert!(held(two, &[call(&[drawn(1), drawn(2)])]));
        let cut = drawn(1)[..drawn(1).len() - 20].to_vec();
        let mut spoiled = drawn(1);
        let middle = spoiled.len() / 2;
        spoiled[middle] ^= 0xFF;
        let flat = png(40, 20, |at| 128 + u8::try_from(at % 2).unwrap());
        let swapped = png(20, 40, |at| u8::try_from(at % 251).unwrap());
        let broken = [
            vec![drawn(1)],
            vec![drawn(1), drawn(1)],
            vec![drawn(1), cut],
            vec![drawn(1), spoiled],
            vec![drawn(1), flat],
            vec![drawn(1), swapped],
            vec![drawn(1), b"CUDA out of memory".to_vec()],
        ];
        for (at, pictures) in broken.iter().enumerate() {
            assert!(!held(two, &[call(pictures)]), "{at}");
        }
        let mut unfetched = call(&[drawn(1), drawn(2)]);
        unfetched.media.pop();
        assert!(!held(two, &[unfetched]));
    }

    #[test]
    fn pictures_come_in_the_field_that_was_asked_for() {
        let with = |item| answered("call", &json!({"data": [item]}));
        let inline = r#"[{ picture_field = "b64_json" }]"#;
        let linked = r#"[{ picture_field = "url" }]"#;
        let table = [
            (json!({"b64_json": "AAAA"}), true, false),
            (json!({"b64_json": "AAAA", "url": null}), true, false),
            (
                json!({"b64_json": "AAAA", "url": "https://x.test/a.png"}),
                false,
                false,
            ),
            (json!({"url": "https://x.test/a.png"}), false, true),
            (json!({"url": "/a.png"}), false, false),
            (json!({"b64_json": ""}), false, false),
            (json!({"image": "AAAA"}), false, false),
        ];
        for (item, as_inline, as_link) in table {
            assert_eq!(held(inline, &[with(item.clone())]), as_inline, "{item}");
            assert_eq!(held(linked, &[with(item.clone())]), as_link, "{item}");
        }
        assert!(!held(inline, &[answered("call", &json!({"data": []}))]));
        // Nobody asked for a field: one of them, and not both.
        let either = r#"[{ picture_field = "${FIELD?}" }]"#;
        for (item, holds) in [
            (json!({"b64_json": "AAAA"}), true),
            (json!({"url": "https://x.test/a.png"}), true),
            (
                json!({"b64_json": "AAAA", "url": "https://x.test/a.png"}),
                false,
            ),
            (json!({}), false),
        ] {
            assert_eq!(held(either, &[with(item.clone())]), holds, "{item}");
        }
    }

    #[test]
    fn a_picture_is_drawn_in_both_halves_and_of_one_piece() {
        let drawn =
            |pixel: fn(u32) -> u8| held(r#"["drawn_throughout"]"#, &[call(&[png(40, 20, pixel)])]);
        let ramp = |at: u32| u8::try_from(at * 255 / 800).unwrap();
        assert!(drawn(ramp));
        assert!(
            !drawn(|at| if at < 400 {
                90
            } else {
                u8::try_from(at % 40 * 6).unwrap()
            }),
            "flat above"
        );
        assert!(
            !drawn(|at| if at >= 400 {
                90
            } else {
                u8::try_from(at % 40 * 6).unwrap()
            }),
            "flat below"
        );
        let noise = |at: u32| (at.wrapping_mul(2_654_435_761) >> 24) as u8;
        assert!(!drawn(noise), "neighbours as unlike as strangers");
        assert!(!held(r#"["drawn_throughout"]"#, &[call(&[])]), "no picture");
        assert!(!held(
            r#"["drawn_throughout"]"#,
            &[call(&[b"no picture".to_vec()])]
        ));
    }

    #[test]
    fn most_of_a_picture_is_of_its_colour() {
        let striped = |red: u32| {
            let mut out = Vec::new();
            let mut encoder = png::Encoder::new(&mut out, 10, 10);
            encoder.set_color(png::ColorType::Rgb);
            let pixel = |at: u32| {
                if at % 10 < red {
                    [230, 10, 20]
                } else {
                    [20, 10, 230]
                }
            };
            let pixels: Vec<u8> = (0..100).flat_map(pixel).collect();
            let mut writer = encoder.write_header().unwrap();
            writer.write_image_data(&pixels).unwrap();
            drop(writer);
            out
        };
        let mostly = |colour: &str, red: u32| {
            let expect = format!(r#"[{{ mostly = "{colour}" }}]"#);
            held(&expect, &[call(&[striped(red)])])
        };
        assert!(mostly("red", 6) && mostly("blue", 4));
        assert!(!mostly("red", 5) && !mostly("red", 4) && !mostly("green", 6));
        let grey = png(10, 10, |at| u8::try_from(at).unwrap());
        assert!(
            !held(r#"[{ mostly = "red" }]"#, &[call(&[grey])]),
            "no colour at all"
        );
    }
}

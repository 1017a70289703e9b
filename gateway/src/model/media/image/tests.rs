use std::collections::HashSet;

use proptest::prelude::*;

use super::{ImageError, describe, encode_png, render};

#[test]
fn pictures_have_exactly_the_asked_size_and_are_not_flat() {
    for (width, height) in [
        (1, 1),
        (16, 16),
        (64, 32),
        (33, 77),
        (256, 256),
        (1024, 512),
    ] {
        let facts = describe(&render("a quiet harbour at dawn", width, height)).unwrap();
        assert_eq!((facts.width, facts.height), (width, height));
        assert_eq!(facts.is_flat, width == 1, "{width}×{height}");
        assert!(width < 16 || facts.colours.len() >= 2, "{facts:?}");
    }
}

#[test]
fn named_colours_and_shapes_are_honoured() {
    let table = [
        ("a red circle on a blue background", "blue", "red"),
        ("a yellow star on a black background", "black", "yellow"),
        ("green square over white", "white", "green"),
        ("orange triangle against a purple wall", "purple", "orange"),
        ("one brown diamond on a pink canvas", "pink", "brown"),
        ("a white moon in the night sky", "black", "white"),
    ];
    for (prompt, background, figure) in table {
        let facts = describe(&render(prompt, 128, 128)).unwrap();
        assert_eq!(
            facts.dominant_colour_name, background,
            "{prompt}: {facts:?}"
        );
        assert_eq!(facts.colours[1].0, figure, "{prompt}: {facts:?}");
        assert!(facts.colours[1].1 > 0.08, "{prompt}: {facts:?}");
    }
}

#[test]
fn similar_prompts_give_clearly_different_pictures() {
    let prompts = [
        "a cat",
        "a cat.",
        "A cat",
        "two cats",
        "a red circle",
        "a red circle 2",
        "",
        " ",
    ];
    let pictures: Vec<_> = prompts
        .iter()
        .map(|prompt| render(prompt, 64, 64))
        .collect();
    assert_eq!(pictures.iter().collect::<HashSet<_>>().len(), prompts.len());
    assert_eq!(pictures[0], render("a cat", 64, 64));
}

#[test]
fn transparent_and_grey_pngs_are_described() {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 4, 4);
    encoder.set_color(png::ColorType::Rgba);
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&[10; 64])
        .unwrap();
    let facts = describe(&file).unwrap();
    assert_eq!((facts.dominant_colour_name, facts.is_flat), ("white", true));
}

#[test]
fn foreign_bytes_are_refused_with_a_reason() {
    assert_eq!(
        describe(b"GIF89a"),
        Err(ImageError::Unrecognised { length: 6 })
    );
    let whole = render("x", 32, 32);
    assert!(matches!(
        describe(&whole[..whole.len() / 2]),
        Err(ImageError::Damaged { format: "PNG", .. })
    ));
    assert!(matches!(
        describe(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 16]),
        Err(ImageError::Damaged { format: "JPEG", .. })
    ));
}

#[test]
fn a_png_that_claims_to_be_huge_is_refused_before_its_pixels_are_read() {
    let mut file = encode_png(&[1, 2, 3], 1, 1);
    file[16..24].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
    let checksum = crc32fast::hash(&file[12..29]).to_be_bytes();
    file[29..33].copy_from_slice(&checksum);
    assert_eq!(
        describe(&file),
        Err(ImageError::TooLarge {
            width: 65_535,
            height: 65_535
        })
    );
}

const JPEG: &[u8] = include_bytes!("testdata/green-with-red.jpg");

#[test]
fn jpegs_are_described() {
    let facts = describe(JPEG).unwrap();
    assert_eq!(
        (facts.content_type, facts.width, facts.height),
        ("image/jpeg", 40, 24)
    );
    assert_eq!(
        (facts.dominant_colour_name, facts.colours[1].0),
        ("green", "red"),
        "{facts:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_images_never_panic(
        jpeg in any::<bool>(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        keep in any::<prop::sample::Index>(),
    ) {
        let mut bytes = if jpeg { JPEG.to_vec() } else { render("mutate me", 24, 24) };
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(keep.index(bytes.len()) + 1);
        let _ = describe(&bytes);
    }
}

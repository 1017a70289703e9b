use super::is_bearable;
use crate::media::look;

const PNG: &[u8] = include_bytes!("../testdata/card.png");
const JPEG: &[u8] = include_bytes!("../testdata/card.jpg");
const WEBP: &[u8] = include_bytes!("../testdata/card.webp");
const FLAT_JPEG: &[u8] = include_bytes!("../testdata/flat.jpg");

const ALL: [(&str, &[u8]); 3] = [("png", PNG), ("jpeg", JPEG), ("webp", WEBP)];

#[test]
fn pictures_of_another_encoder_are_seen() {
    for (name, bytes) in ALL {
        let picture = look(bytes).unwrap_or_else(|| panic!("{name} is not decoded"));
        assert_eq!((picture.width, picture.height), (40, 20), "{name}");
        assert_eq!(picture.pixels.len(), 800 * picture.channels, "{name}");
        assert!(!picture.is_flat(), "{name}");
    }
    assert!(look(FLAT_JPEG).unwrap().is_flat());
}

#[test]
fn a_picture_says_whether_it_keeps_every_pixel() {
    let mut webp = Vec::new();
    image_webp::WebPEncoder::new(&mut webp)
        .encode(&[1, 2, 3, 4, 5, 6], 2, 1, image_webp::ColorType::Rgb8)
        .unwrap();
    let lossless = |bytes| look(bytes).unwrap().lossless;
    assert!(lossless(PNG) && lossless(&webp));
    assert!(!lossless(JPEG) && !lossless(WEBP));
    assert_eq!(look(&webp).unwrap().pixels, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_jpeg_that_lacks_its_end_is_no_picture() {
    for kept in 0..JPEG.len() {
        assert_eq!(look(&JPEG[..kept]), None, "cut to {kept}");
    }
}

#[test]
fn what_is_cut_off_or_something_else_is_no_picture() {
    for (name, bytes) in ALL {
        for kept in [8, bytes.len() / 2, bytes.len() - 8] {
            assert_eq!(look(&bytes[..kept]), None, "{name} cut to {kept}");
        }
    }
    for bytes in [b"".as_slice(), b"CUDA out of memory", b"GIF89a"] {
        assert_eq!(look(bytes), None);
    }
}

#[test]
fn a_spoiled_png_is_noticed() {
    let mut bytes = PNG.to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xFF;
    assert_eq!(look(&bytes), None);
}

#[test]
fn a_picture_of_more_than_40_million_pixels_is_not_decoded() {
    let table = [
        ((1, 1), true),
        ((8_000, 5_000), true),
        ((8_000, 5_001), false),
        ((40_000_000, 1), true),
        ((1, 40_000_001), false),
        ((u32::MAX, u32::MAX), false),
    ];
    for ((width, height), bearable) in table {
        assert_eq!(is_bearable(width, height), bearable, "{width} x {height}");
    }
}

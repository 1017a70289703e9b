//! Image generation.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::fault::catalogue::IMAGES;
use crate::fault::edit::{Object, rename, without};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::model::media::image::encode_png;

const ROUTE: &str = "CONTRACT §1 routes: images";

const fn lost(name: &'static str, breaks: &'static str, rewrite: fn(&mut Object)) -> Fault {
    Fault {
        name,
        modality: Modality::Images,
        layer: Layer::Parameters,
        breaks,
        promise: ROUTE,
        effect: Effect::Request(IMAGES, rewrite),
    }
}

const fn body(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Value),
) -> Fault {
    Fault {
        name,
        modality: Modality::Images,
        layer: Layer::Body,
        breaks,
        promise: ROUTE,
        effect: Effect::Json(On::whole(IMAGES), rewrite),
    }
}

fn each_picture(body: &mut Value, mut change: impl FnMut(&mut Value)) {
    for picture in body["data"].as_array_mut().into_iter().flatten() {
        change(picture);
    }
}

/// Changes the bytes of inline pictures.
fn each_file(body: &mut Value, change: impl Fn(Vec<u8>) -> Vec<u8>) {
    each_picture(body, |picture| {
        if let Some(encoded) = picture["b64_json"].as_str() {
            let bytes = STANDARD.decode(encoded).unwrap_or_default();
            picture["b64_json"] = STANDARD.encode(change(bytes)).into();
        }
    });
}

/// A picture of the same size in one colour.
fn flat(png: &[u8]) -> Vec<u8> {
    let side = |at: usize| {
        png.get(at..at + 4).map_or(1, |bytes| {
            bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
        })
    };
    let (width, height) = (side(16), side(20));
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels = vec![127; width as usize * height as usize];
    // Writing to memory does not fail; if it did, the picture would be broken, which is a fault as well.
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&pixels));
    if written.is_err() {
        out.clear();
    }
    out
}

/// The picture with other RGB pixels; a file that is no such picture stays as it is.
fn repainted(file: &[u8], paint: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let decoded = || {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file))
            .read_info()
            .ok()?;
        let mut pixels = vec![0; reader.output_buffer_size()?];
        let info = reader.next_frame(&mut pixels).ok()?;
        (info.color_type == png::ColorType::Rgb && info.bit_depth == png::BitDepth::Eight)
            .then_some((pixels, info.width, info.height))
    };
    let Some((mut pixels, width, height)) = decoded() else {
        return file.to_vec();
    };
    paint(&mut pixels);
    encode_png(&pixels, width, height)
}

pub(super) fn faults() -> Vec<Fault> {
    vec![
        lost(
            "images.size_ignored",
            "`size` makes no difference.",
            |body| {
                body.insert("size".to_owned(), "128x128".into());
            },
        ),
        lost(
            "images.size_swapped",
            "Width and height change places.",
            |body| {
                if let Some((width, height)) = body
                    .get("size")
                    .and_then(Value::as_str)
                    .and_then(|size| size.split_once('x'))
                {
                    let swapped = format!("{height}x{width}");
                    body.insert("size".to_owned(), swapped.into());
                }
            },
        ),
        lost(
            "images.n_ignored",
            "`n` pictures were asked for, and one comes.",
            |body| {
                body.remove("n");
            },
        ),
        lost(
            "images.prompt_ignored",
            "Every prompt gives the same picture.",
            |body| {
                body.insert("prompt".to_owned(), "a grey square".into());
            },
        ),
        lost(
            "images.response_format_ignored",
            "`response_format` makes no difference: links come.",
            |body| {
                body.insert("response_format".to_owned(), "url".into());
            },
        ),
        lost(
            "images.url_unavailable",
            "`url` was asked for, and inline data come.",
            |body| {
                body.insert("response_format".to_owned(), "b64_json".into());
            },
        ),
        body(
            "images.flat_colour",
            "The picture is one flat colour.",
            |_, body| each_file(body, |png| flat(&png)),
        ),
        body(
            "images.file_truncated",
            "The picture's file is cut off.",
            |_, body| {
                each_file(body, |mut png| {
                    png.truncate(png.len() / 2);
                    png
                });
            },
        ),
        body(
            "images.file_corrupted",
            "Bytes in the middle of the picture's file are wrong.",
            |_, body| {
                each_file(body, |mut png| {
                    let middle = png.len() / 2;
                    png.iter_mut()
                        .skip(middle)
                        .take(16)
                        .for_each(|byte| *byte = !*byte);
                    png
                });
            },
        ),
        body(
            "images.not_an_image",
            "The data are an error text instead of a picture.",
            |_, body| each_file(body, |_| b"CUDA out of memory".to_vec()),
        ),
        body(
            "images.base64_invalid",
            "The inline data are no base64.",
            |_, body| each_picture(body, |picture| picture["b64_json"] = "%%%".into()),
        ),
        body(
            "images.data_url_in_base64",
            "The inline data carry a data-URL prefix.",
            |_, body| {
                each_picture(body, |picture| {
                    if let Some(encoded) = picture["b64_json"].as_str() {
                        picture["b64_json"] = format!("data:image/png;base64,{encoded}").into();
                    }
                });
            },
        ),
        body(
            "images.field_renamed",
            "Inline data come as `image` instead of `b64_json`.",
            |_, body| each_picture(body, |picture| rename(picture, "b64_json", "image")),
        ),
        body("images.link_dead", "Links lead nowhere.", |_, body| {
            each_picture(body, |picture| {
                if let Some(url) = picture["url"].as_str() {
                    picture["url"] = format!("{url}.gone").into();
                }
            });
        }),
        body(
            "images.pictures_identical",
            "Several pictures were asked for, and all are the first.",
            |_, body| {
                let first = body["data"][0].clone();
                each_picture(body, |picture| *picture = first.clone());
            },
        ),
        body("images.data_empty", "`data` is empty.", |_, body| {
            body["data"] = json!([]);
        }),
        body(
            "images.created_missing",
            "The answer has no `created`.",
            |_, body| without(body, "created"),
        ),
        lost(
            "images.prompt_prefix_only",
            "Only the first two words of the prompt count.",
            |body| {
                if let Some(prompt) = body.get("prompt").and_then(Value::as_str) {
                    let words: Vec<&str> = prompt.split_whitespace().take(2).collect();
                    let words = words.join(" ");
                    body.insert("prompt".to_owned(), words.into());
                }
            },
        ),
        body("images.noise", "The picture is noise.", |_, body| {
            each_file(body, |png| {
                repainted(&png, |pixels| {
                    let mut noise = fastrand::Rng::with_seed(crc32fast::hash(&png).into());
                    pixels.fill_with(|| noise.u8(..));
                })
            });
        }),
        body(
            "images.lower_half_grey",
            "The lower half of the picture was never drawn.",
            |_, body| {
                each_file(body, |png| {
                    repainted(&png, |pixels| {
                        let middle = pixels.len() / 2;
                        pixels[middle..].fill(127);
                    })
                });
            },
        ),
        body(
            "images.channels_swapped",
            "Red and blue change places.",
            |_, body| {
                each_file(body, |png| {
                    repainted(&png, |pixels| {
                        for pixel in pixels.chunks_exact_mut(3) {
                            pixel.swap(0, 2);
                        }
                    })
                });
            },
        ),
    ]
}
